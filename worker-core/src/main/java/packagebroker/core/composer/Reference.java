package packagebroker.core.composer;

import org.jspecify.annotations.Nullable;

/**
 * Identifies the bytes of a dist or the commit of a source. Usually a commit hash; other sources have paths and revisions,
 * such as {@code /tags/1.0/@123}.
 *
 * @param text the reference as upstream or the author wrote it
 */
public record Reference(String text) {

    private static final int MAX_LENGTH = 255;

    /** Refuses a reference that could be misread in a path, a header or on a command line. */
    public Reference {
        if (!isReference(text)) {
            throw refusal(text);
        }
    }

    /** Returns the reference, or null if the text is none. */
    public static @Nullable Reference find(String text) {
        return isReference(text) ? new Reference(text) : null;
    }

    /**
     * Returns the reference.
     *
     * @throws IllegalArgumentException if the text is none
     */
    public static Reference parse(String text) {
        return new Reference(text);
    }

    /** Tells whether the segment of a URL can be a {@link #key}: then it is safe in a path, too. */
    public static boolean isKey(String segment) {
        if (segment.isEmpty() || segment.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < segment.length(); i++) {
            if (!Ascii.isLowerHex(segment.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Returns what a client puts for {@code %reference%} in a mirror's URL, see Composer's {@code ComposerMirror}. */
    public String key() {
        return isKey(text) ? text : Md5.hex(text);
    }

    /** Returns the reference as written. */
    @Override
    public String toString() {
        return text;
    }

    private static boolean isReference(String text) {
        return text.length() <= MAX_LENGTH
                && Ascii.isWordOf(text, "._/@+:=~-")
                && text.charAt(0) != '-'
                && !text.contains("..");
    }

    private static IllegalArgumentException refusal(String text) {
        return new IllegalArgumentException("expected a reference such as a commit hash, found " + Excerpt.of(text));
    }
}
