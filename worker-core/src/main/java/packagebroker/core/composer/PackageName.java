package packagebroker.core.composer;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.text.Percent;

/**
 * Names a package: vendor and name, in lower case. The rule is that of Composer's <a
 * href="https://getcomposer.org/doc/04-schema.md#name">schema</a> and its {@code ValidatingArrayLoader}:
 * {@code ^[a-z0-9]([_.-]?[a-z0-9]+)*}{@code /[a-z0-9](([_.]|-{1,2})?[a-z0-9]+)*$}, no Windows device, not a {@code .json}.
 *
 * @param vendor the part before the slash
 * @param name the part after the slash
 */
public record PackageName(String vendor, String name) {

    private static final int MAX_LENGTH = 255;
    private static final int LONGEST_DEVICE = 4;

    // A clone or an archive is named after its package, and Windows cannot create a file of these names.
    private static final Set<String> DEVICES = Set.of(
            "nul", "con", "prn", "aux", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1",
            "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

    /** Refuses a vendor or a name that Composer would refuse. */
    public PackageName {
        if (!isVendor(vendor) || !isName(name) || vendor.length() + 1 + name.length() > MAX_LENGTH) {
            throw refusal(vendor + "/" + name);
        }
    }

    /** Returns the name that the text spells in any case, or null if it spells none. */
    public static @Nullable PackageName find(String text) {
        return text.length() > MAX_LENGTH ? null : findExact(Ascii.lowerCase(text));
    }

    /** Returns the name that two raw segments of a path spell, or null if they spell none. */
    public static @Nullable PackageName findInPath(String vendor, String name) {
        String plainVendor = Percent.decode(vendor);
        String plainName = Percent.decode(name);
        return plainVendor == null || plainName == null ? null : find(plainVendor + "/" + plainName);
    }

    /** Returns the name that the text spells in lower case, or null if it spells none: for a name that is stored as sent. */
    public static @Nullable PackageName findExact(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || text.length() > MAX_LENGTH) {
            return null;
        }
        String vendor = text.substring(0, slash);
        String name = text.substring(slash + 1);
        return isVendor(vendor) && isName(name) ? new PackageName(vendor, name) : null;
    }

    /**
     * Returns the name that the text spells in any case.
     *
     * @throws IllegalArgumentException if it spells none
     */
    public static PackageName parse(String text) {
        PackageName found = find(text);
        if (found == null) {
            throw refusal(text);
        }
        return found;
    }

    /** Returns {@code vendor/name}. */
    @Override
    public String toString() {
        return vendor + "/" + name;
    }

    static boolean isVendor(String text) {
        return isWords(text, 1) && !isDevice(text);
    }

    private static boolean isName(String text) {
        return isWords(text, 2) && !isDevice(text) && !text.endsWith(".json");
    }

    private static boolean isDevice(String text) {
        return text.length() <= LONGEST_DEVICE && DEVICES.contains(text);
    }

    private static boolean isWords(String text, int maxHyphens) {
        int at = skipWord(text, 0);
        if (at == 0) {
            return false;
        }
        while (at < text.length()) {
            int word = skipSeparator(text, at, maxHyphens);
            at = skipWord(text, word);
            if (at == word) {
                return false;
            }
        }
        return true;
    }

    private static int skipWord(String text, int from) {
        int at = from;
        while (at < text.length() && Ascii.isLowerLetterOrDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int skipSeparator(String text, int at, int maxHyphens) {
        if (Ascii.isOneOfAt(text, at, "_.")) {
            return at + 1;
        }
        int end = at;
        while (end - at < maxHyphens && Ascii.isOneOfAt(text, end, "-")) {
            end++;
        }
        return end;
    }

    private static IllegalArgumentException refusal(String text) {
        return new IllegalArgumentException("expected a package name such as acme/tool, found " + Excerpt.of(text));
    }
}
