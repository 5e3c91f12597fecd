package packagebroker.core.access;

import static packagebroker.core.access.Permission.BACKUP;
import static packagebroker.core.access.Permission.BROWSE;
import static packagebroker.core.access.Permission.MANAGE_KEYS;
import static packagebroker.core.access.Permission.MANAGE_PACKAGES;
import static packagebroker.core.access.Permission.MANAGE_PEOPLE;
import static packagebroker.core.access.Permission.MANAGE_SETTINGS;
import static packagebroker.core.access.Permission.MANAGE_TOKENS;
import static packagebroker.core.access.Permission.MANAGE_UPSTREAMS;
import static packagebroker.core.access.Permission.PUBLISH;
import static packagebroker.core.access.Permission.READ;
import static packagebroker.core.access.Permission.READ_AUDIT;
import static packagebroker.core.access.Permission.READ_STATUS;

import org.jspecify.annotations.Nullable;

/** The roles, widest first: each a set of rights. */
public enum Role {
    /** May do everything. */
    OWNER(
            "owner",
            Rights.of(
                    READ,
                    BROWSE,
                    PUBLISH,
                    MANAGE_PACKAGES,
                    MANAGE_TOKENS,
                    READ_STATUS,
                    READ_AUDIT,
                    MANAGE_UPSTREAMS,
                    MANAGE_SETTINGS,
                    MANAGE_PEOPLE,
                    MANAGE_KEYS,
                    BACKUP)),
    /** Runs the instance, but decides neither about people nor about keys. */
    ADMIN(
            "admin",
            Rights.of(
                    READ,
                    BROWSE,
                    PUBLISH,
                    MANAGE_PACKAGES,
                    MANAGE_TOKENS,
                    READ_STATUS,
                    READ_AUDIT,
                    MANAGE_UPSTREAMS,
                    MANAGE_SETTINGS)),
    /** Publishes packages. */
    PUBLISHER("publisher", Rights.of(READ, BROWSE, PUBLISH, READ_STATUS)),
    /** Sees everything, the audit log included, and changes nothing. */
    AUDITOR("auditor", Rights.of(READ, BROWSE, READ_STATUS, READ_AUDIT)),
    /** Sees packages and the state of the instance. */
    VIEWER("viewer", Rights.of(READ, BROWSE, READ_STATUS));

    private final String wireName;
    private final int bits;

    Role(String wireName, Rights rights) {
        this.wireName = wireName;
        this.bits = rights.bits();
    }

    /** Returns the name in the API and in the database. */
    public String wireName() {
        return wireName;
    }

    /** Returns what it may do. */
    public Rights rights() {
        return new Rights(bits);
    }

    /** Returns the role of a wire name, or null. */
    public static @Nullable Role find(String wireName) {
        for (Role role : values()) {
            if (role.wireName.equals(wireName)) {
                return role;
            }
        }
        return null;
    }
}
