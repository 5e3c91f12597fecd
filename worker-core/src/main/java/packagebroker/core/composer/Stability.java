package packagebroker.core.composer;

import org.jspecify.annotations.Nullable;

/**
 * Ranks releases by maturity, with Composer's words and numbers ({@code BasePackage::STABILITIES}); see <a
 * href="https://getcomposer.org/doc/04-schema.md#minimum-stability">minimum-stability</a>.
 */
public enum Stability {
    /** A release; patch releases count as stable. */
    STABLE("stable", 0),
    /** A release candidate. */
    RC("RC", 5),
    /** A beta release. */
    BETA("beta", 10),
    /** An alpha release. */
    ALPHA("alpha", 15),
    /** A branch or a development version: listed in the {@code ~dev} file. */
    DEV("dev", 20);

    private final String wireName;
    private final int priority;

    Stability(String wireName, int priority) {
        this.wireName = wireName;
        this.priority = priority;
    }

    /** Returns the stability of that name in any case, or null if there is none. */
    public static @Nullable Stability find(String wireName) {
        // Not Enum.valueOf: it needs reflection, which the JavaScript build lacks.
        return switch (Ascii.lowerCase(wireName)) {
            case "stable" -> STABLE;
            case "rc" -> RC;
            case "beta" -> BETA;
            case "alpha" -> ALPHA;
            case "dev" -> DEV;
            default -> null;
        };
    }

    /** Returns the stability of a version, normalised or not, as Composer's {@code VersionParser::parseStability} does. */
    public static Stability of(String version) {
        String text = withoutCommit(version);
        if (text.startsWith("dev-") || text.endsWith("-dev")) {
            return DEV;
        }
        String lower = Ascii.lowerCase(PhpText.withoutFinalNewline(text));
        // Build metadata may end the version, but only on its last line: a dot stops at newlines.
        int lastLine = lower.lastIndexOf('\n') + 1;
        int at = 0;
        VersionSuffix suffix = VersionSuffix.scan(lower, at);
        while (suffix.end() < lower.length() && (suffix.end() < lastLine || lower.charAt(suffix.end()) != '+')) {
            suffix = VersionSuffix.scan(lower, ++at);
        }
        return suffix.stability();
    }

    /** Returns the name that Composer writes in JSON. */
    public String wireName() {
        return wireName;
    }

    /** Returns Composer's number: the smaller, the more stable. */
    public int priority() {
        return priority;
    }

    /** Tells whether a version of this stability satisfies that minimum. */
    public boolean isAtLeast(Stability minimum) {
        return priority <= minimum.priority;
    }

    /** Cuts {@code #hash}, with which a requirement pins a branch to a commit. */
    private static String withoutCommit(String version) {
        String line = PhpText.withoutFinalNewline(version);
        int hash = line.indexOf('#', line.lastIndexOf('\n') + 1);
        return hash < 0 || hash == line.length() - 1
                ? version
                : version.substring(0, hash) + version.substring(line.length());
    }
}
