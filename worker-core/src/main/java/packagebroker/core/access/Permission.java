package packagebroker.core.access;

import org.jspecify.annotations.Nullable;

/**
 * What a route demands and a caller may hold: the closed list of rights. There is no default: every route says it. A right of
 * the whole instance is worth nothing to a caller that is limited to some packages.
 */
public enum Permission {
    /** Nothing: anybody may call it. */
    PUBLIC("", 0, false),
    /** A good token, whatever it may do. */
    TOKEN("", 0, false),
    /** Reading packages as Composer does; which, is decided by the patterns. */
    READ("read", 1, false),
    /** Looking through the catalogue of packages. */
    BROWSE("browse", 2, false),
    /** Publishing packages. */
    PUBLISH("publish", 4, false),
    /** Releasing, refusing and removing packages. */
    MANAGE_PACKAGES("manage_packages", 8, false),
    /** Making and revoking tokens, no wider than one's own. */
    MANAGE_TOKENS("manage_tokens", 16, false),
    /** Seeing upstreams, settings, alerts and counters. */
    READ_STATUS("read_status", 32, true),
    /** Seeing the audit log, tokens and people. */
    READ_AUDIT("read_audit", 64, true),
    /** Adding, changing and removing upstreams. */
    MANAGE_UPSTREAMS("manage_upstreams", 128, true),
    /** Changing settings. */
    MANAGE_SETTINGS("manage_settings", 256, true),
    /** Giving roles, suspending people. */
    MANAGE_PEOPLE("manage_people", 512, true),
    /** Rotating the keys that seal. */
    MANAGE_KEYS("manage_keys", 1024, true),
    /** Reading everything there is, for a backup. */
    BACKUP("backup", 2048, true),
    /** The setup secret of the deployment in a token's place. */
    SETUP("", 0, false),
    /** Any right to manage something. */
    ADMIN("", 0, false);

    private final String wireName;
    private final int bit;
    private final boolean wholeInstance;

    Permission(String wireName, int bit, boolean wholeInstance) {
        this.wireName = wireName;
        this.bit = bit;
        this.wholeInstance = wholeInstance;
    }

    /** Returns the name in the API and in the database; empty for what nobody can hold. */
    public String wireName() {
        return wireName;
    }

    /** Returns whether it is a right of the whole instance. */
    public boolean isOfTheWholeInstance() {
        return wholeInstance;
    }

    /** Returns the right's place in a set; 0 for what nobody can hold. */
    int bit() {
        return bit;
    }

    /** Returns the right of a wire name, or null. */
    static @Nullable Permission find(String wireName) {
        for (Permission permission : values()) {
            if (!wireName.isEmpty() && permission.wireName.equals(wireName)) {
                return permission;
            }
        }
        return null;
    }
}
