package packagebroker.core.composer;

import org.jspecify.annotations.Nullable;

/**
 * Is a version that may be published here: as its author wrote it, and as Composer compares it. What comes from an
 * upstream is served as it is and needs {@link #normalize} only; this type is stricter, since its text ends up in URLs, in
 * file names and on command lines.
 *
 * @param pretty the version as written, such as {@code v1.0} or {@code dev-main}
 * @param normalized the version as Composer normalises it, such as {@code 1.0.0.0}
 */
public record Version(String pretty, String normalized) {

    private static final int MAX_LENGTH = 255;

    /** Refuses a version that cannot be published, or a normalised form that is not that of the version. */
    public Version {
        if (!isPublishable(pretty) || !normalized.equals(normalize(pretty))) {
            throw refusal(pretty);
        }
    }

    /** Returns the version, or null if the text is none that may be published. */
    public static @Nullable Version find(String pretty) {
        String normalized = isPublishable(pretty) ? normalize(pretty) : null;
        return normalized == null ? null : new Version(pretty, normalized);
    }

    /**
     * Returns the version.
     *
     * @throws IllegalArgumentException if the text is none that may be published
     */
    public static Version parse(String pretty) {
        Version found = find(pretty);
        if (found == null) {
            throw refusal(pretty);
        }
        return found;
    }

    /** Returns {@code version_normalized}, or null if the text is no version to Composer. */
    public static @Nullable String normalize(String version) {
        return VersionScanner.normalize(version);
    }

    /** Returns the normalised version of a branch: {@code 2.x} is numeric, any other name is prefixed with {@code dev-}. */
    public static String normalizeBranch(String branch) {
        String name = PhpText.trim(branch);
        String numeric = NumericBranch.find(name);
        return numeric == null ? "dev-" + name : numeric;
    }

    /** Compares two normalised versions: the newer sorts first, branches last. */
    public static int compareNewestFirst(String left, String right) {
        return VersionOrder.newestFirst(left, right);
    }

    /** Returns what a client puts for {@code %version%} in a mirror's URL; a slash would add a segment to the path. */
    public static String pathSegment(String normalized) {
        return normalized.indexOf('/') < 0 ? normalized : Md5.hex(normalized);
    }

    /** Returns the stability, which decides about the file that lists the version. */
    public Stability stability() {
        return Stability.of(normalized);
    }

    /** Tells whether a normalised version is a branch, which is listed in the {@code ~dev} file. */
    public static boolean isDev(String normalized) {
        return normalized.startsWith("dev-") || normalized.endsWith("-dev");
    }

    /** Tells whether the version is listed in the {@code ~dev} file. */
    public boolean isDev() {
        return stability() == Stability.DEV;
    }

    /** Returns the version as written. */
    @Override
    public String toString() {
        return pretty;
    }

    private static boolean isPublishable(String text) {
        if (text.length() > MAX_LENGTH) {
            return false;
        }
        return Ascii.lowerCase(text).startsWith("dev-") ? isBranchName(text.substring(4)) : isRelease(text);
    }

    // Composer reads "1.0-" and "1.0@dev" too, but an author who writes it means something else.
    private static boolean isRelease(String text) {
        return Ascii.isWordOf(text, "._+-") && Ascii.isLetterOrDigit(text.charAt(text.length() - 1));
    }

    /** Follows git's rules for branches, without the characters that are special to URLs, shells or headers. */
    private static boolean isBranchName(String name) {
        return Ascii.isWordOf(name, "._/+@-")
                && "-./".indexOf(name.charAt(0)) < 0
                && "./".indexOf(name.charAt(name.length() - 1)) < 0
                && !name.contains("..")
                && !name.contains("//")
                && !name.contains("/.");
    }

    private static IllegalArgumentException refusal(String text) {
        return new IllegalArgumentException("expected a version such as 1.2.3 or dev-main, found " + Excerpt.of(text));
    }
}
