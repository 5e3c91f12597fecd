package packagebroker.core.git;

import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.Version;
import packagebroker.core.text.Ascii;

/**
 * The version that a tag or a branch stands for, as Composer reads it: {@code v1.0} is 1.0, {@code release-1.0} as well, the branch
 * {@code 1.x} is 1.x-dev, any other branch dev- and its name.
 *
 * @see <a href="https://getcomposer.org/doc/articles/versions.md#vcs-versioning">VCS versioning</a>
 */
final class RefVersion {
    static final String TAGS = "tags/";
    static final String BRANCHES = "branches/";

    private static final String RELEASE = "release-";
    private static final String ANY = ".9999999";

    private RefVersion() {}

    /** Returns the version of a ref, {@code tags/…} or {@code branches/…}, or null if it stands for none. */
    static @Nullable Version find(String ref) {
        if (ref.startsWith(BRANCHES)) {
            return Version.find(branch(ref.substring(BRANCHES.length())));
        }
        Version version = Version.find(without(ref.substring(TAGS.length()), RELEASE));
        // What a tag points to does not change, and what is called dev does.
        return version == null || version.isDev() ? null : version;
    }

    private static String branch(String name) {
        String normalized = Version.normalizeBranch(name);
        if (normalized.startsWith("dev-")) {
            return "dev-" + name.replace('#', '+');
        }
        int any = normalized.indexOf(ANY);
        String numbers =
                any < 0 ? normalized.substring(0, normalized.length() - 4) : normalized.substring(0, any) + ".x";
        return (name.startsWith("v") ? "v" : "") + numbers + "-dev";
    }

    private static String without(String text, String part) {
        int at = text.indexOf(part);
        return at < 0 ? text : without(text.substring(0, at) + text.substring(at + part.length()), part);
    }

    /** Returns a text that is greater the sooner a ref is to be read: the default branch, other branches, the newest versions. */
    static String rank(String ref, String version, String defaultBranch) {
        if (ref.startsWith(BRANCHES)) {
            return ref.equals(BRANCHES + defaultBranch) ? "z" : "y";
        }
        StringBuilder rank = new StringBuilder();
        for (int i = 0; i < version.length(); ) {
            int end = i;
            while (end < version.length() && Ascii.digit(version.charAt(end)) >= 0) {
                end++;
            }
            // A letter for how many digits follow: so that texts sort as their numbers do.
            if (end > i) {
                rank.append((char) ('a' + Math.min(20, end - i))).append(version, i, end);
            } else {
                rank.append(version.charAt(end++));
            }
            i = end;
        }
        return rank.toString();
    }
}
