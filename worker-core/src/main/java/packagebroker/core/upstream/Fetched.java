package packagebroker.core.upstream;

/**
 * What an upstream answered when asked for a package.
 *
 * @param outcome what the answer is
 * @param json the file that holds the package, cleaned; empty unless {@link Outcome#FOUND}
 * @param modified its Last-Modified, or empty
 * @param etag its ETag, or empty
 */
public record Fetched(Outcome outcome, byte[] json, String modified, String etag) {
    /** The three answers that are no failure. */
    public enum Outcome {
        /** The package is here. */
        FOUND,
        /** It is as it was. */
        UNCHANGED,
        /** This upstream does not have it. */
        ABSENT
    }

    /** The source does not have the package. */
    public static final Fetched ABSENT = new Fetched(Outcome.ABSENT, new byte[0], "", "");

    /** The copy we have is still right. */
    public static final Fetched UNCHANGED = new Fetched(Outcome.UNCHANGED, new byte[0], "", "");

    /** Returns a file that holds the package, with its validators. */
    public static Fetched found(byte[] json, String modified, String etag) {
        return new Fetched(Outcome.FOUND, json, modified, etag);
    }
}
