package packagebroker.core.upstream;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.PackagePattern;

/**
 * A configured upstream.
 *
 * @param url the repository's URL, without a slash at its end
 * @param priority the smaller is asked first
 * @param patterns the packages it may be asked for
 * @param exclusive whether what the patterns match is asked for nowhere else
 * @param enabled whether it is asked for anything at all
 * @param mode what becomes of the URLs that it advertises
 * @param credential its sealed credential, or null
 * @param features what it offers beside packages
 * @param frozen whether nothing is asked for at the moment, at this one or any other: there is an incident
 */
public record Source(
        String id,
        String name,
        String kind,
        String url,
        int priority,
        List<PackagePattern> patterns,
        boolean exclusive,
        boolean enabled,
        Mode mode,
        @Nullable SealedCredential credential,
        Features features,
        boolean frozen) {

    /** The kind of a Composer repository. */
    public static final String COMPOSER = "composer";

    /** The kind, and the id, of the one upstream whose packages are published here. */
    public static final String PUBLISHED = "published";

    /** What becomes of the URLs that an upstream advertises. */
    public enum Mode {
        /** Ours stand in their place, and {@code source} goes: nothing leads past us. */
        REWRITE("rewrite"),
        /** They stay, with ours before them: a lock installs without us as well. */
        MIRROR("mirror");

        private final String word;

        Mode(String word) {
            this.word = word;
        }

        /** Returns the word for it. */
        public String word() {
            return word;
        }

        /** Returns the mode of a word, or null. */
        static @Nullable Mode find(String word) {
            return switch (word) {
                case "rewrite" -> REWRITE;
                case "mirror" -> MIRROR;
                default -> null;
            };
        }
    }

    /** A credential as it is stored: for one origin, opened only on the way there. */
    public record SealedCredential(String kind, String origin, String sealed) {}

    /** Returns something public that is asked without a credential, and for no package. */
    public static Source open(String name, String url) {
        return new Source(
                "open:" + url,
                name,
                "open",
                url,
                0,
                List.of(),
                false,
                true,
                Mode.REWRITE,
                null,
                Features.UNKNOWN,
                false);
    }

    /** Returns whether it is a Composer repository, rather than something whose releases we list ourselves. */
    public boolean isComposer() {
        return kind.equals(COMPOSER);
    }

    /** Returns whether its packages are published here, so that there is nobody to be asked. */
    public boolean isPublished() {
        return kind.equals(PUBLISHED);
    }

    /** Returns whether this upstream may be asked for whatever name. */
    boolean servesAnyName() {
        for (PackagePattern pattern : patterns) {
            if (pattern.text().equals("*")) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether this upstream may be asked for a package. */
    public boolean serves(PackageName name) {
        for (PackagePattern pattern : patterns) {
            if (pattern.matches(name)) {
                return true;
            }
        }
        return false;
    }
}
