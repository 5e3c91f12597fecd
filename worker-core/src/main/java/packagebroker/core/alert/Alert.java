package packagebroker.core.alert;

/**
 * Something that an upstream offered and we refused. There is one for each thing that was offered, however often it is.
 *
 * @param id a random name
 * @param packageName {@code vendor/name}
 * @param version the normalised version, or empty
 * @param reference the reference that was offered, or empty
 * @param shasum the SHA-1 that was stated for it, or empty
 * @param path where it would be under its package: {@code 1.0.0.0/rabc.zip}
 * @param served the path of what is served instead, or empty
 */
public record Alert(
        Kind kind,
        String id,
        String packageName,
        String version,
        String reference,
        String shasum,
        String path,
        String served) {

    /** What is wrong. */
    public enum Kind {
        /** A stable version names another reference. */
        RETAG("retag", "a stable version names another reference than it did at first"),
        /** The same reference, or none, has other bytes. */
        BYTES("bytes", "a version states other bytes than those that are stored"),
        /** An archive is not what it should be. */
        DIST("dist", "an archive is not what it should be");

        private final String word;
        private final String text;

        Kind(String word, String text) {
            this.word = word;
            this.text = text;
        }

        /** Returns the word for it. */
        public String word() {
            return word;
        }

        /** Returns what it means. */
        String text() {
            return text;
        }
    }

    /** Returns what makes it one of its kind: what was offered. */
    public String subject() {
        return switch (kind) {
            case RETAG -> packageName + " " + version + " " + reference;
            case BYTES -> packageName + " " + path;
            case DIST -> packageName + "/" + path;
        };
    }
}
