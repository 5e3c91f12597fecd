package packagebroker.core.access;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.text.Words;

/**
 * A set of rights.
 *
 * @param bits one for each right
 */
public record Rights(int bits) {
    /** No right at all. */
    public static final Rights NONE = new Rights(0);

    private static final int MANAGING = of(
                    Permission.MANAGE_PACKAGES,
                    Permission.MANAGE_TOKENS,
                    Permission.MANAGE_UPSTREAMS,
                    Permission.MANAGE_SETTINGS,
                    Permission.MANAGE_PEOPLE,
                    Permission.MANAGE_KEYS)
            .bits;

    /** Returns the set of some rights. */
    public static Rights of(Permission... permissions) {
        int bits = 0;
        for (Permission permission : permissions) {
            bits |= permission.bit();
        }
        return new Rights(bits);
    }

    /** Returns the set that a text spells, a role or rights separated by spaces; null if a word is neither. */
    public static @Nullable Rights find(String text) {
        Role role = Role.find(text);
        if (role != null) {
            return role.rights();
        }
        int bits = 0;
        for (String word : Words.of(text)) {
            Permission permission = Permission.find(word);
            if (permission == null) {
                return null;
            }
            bits |= permission.bit();
        }
        return new Rights(bits);
    }

    /** Returns whether these suffice for what a route demands. */
    public boolean allow(Permission demanded) {
        return switch (demanded) {
            case PUBLIC, TOKEN -> true;
            case ADMIN -> canManage();
            default -> (bits & demanded.bit()) != 0;
        };
    }

    /** Returns whether any of these is a right to manage something. */
    boolean canManage() {
        return (bits & MANAGING) != 0;
    }

    /** Returns whether all others are among these. */
    public boolean cover(Rights others) {
        return (others.bits & ~bits) == 0;
    }

    /** Returns what both sets hold. */
    public Rights and(Rights others) {
        return new Rights(bits & others.bits);
    }

    /** Returns these without the rights of the whole instance: what is left to whom only some packages are open. */
    Rights ofSomePackages() {
        int kept = 0;
        for (Permission permission : Permission.values()) {
            kept |= permission.isOfTheWholeInstance() ? 0 : bits & permission.bit();
        }
        return new Rights(kept);
    }

    /** Returns the wire names, in the order of the closed list. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (Permission permission : Permission.values()) {
            if ((bits & permission.bit()) != 0) {
                names.add(permission.wireName());
            }
        }
        return names;
    }
}
