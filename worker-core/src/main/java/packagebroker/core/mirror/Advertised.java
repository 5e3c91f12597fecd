package packagebroker.core.mirror;

import packagebroker.core.composer.Version;
import packagebroker.core.text.IsoTime;

/**
 * One (version, reference) that an upstream has ever advertised: how a cold dist is found, how an old lock still installs
 * after a branch moved, and how a retag is noticed before the first download.
 *
 * @param path what the dist URL says of it: version, reference key and type, as {@code 1.0.0.0/rabc.zip}
 * @param normalized the normalised version
 * @param reference the reference as advertised, or empty
 * @param shasum the SHA-1 that the upstream states, or empty
 * @param firstSeen when, ms since 1970
 * @param url where the upstream has the archive
 * @param released when its version was released, ms since 1970; empty if that is when it was first seen
 */
record Advertised(
        String path,
        String normalized,
        String reference,
        String shasum,
        String firstSeen,
        String url,
        String released) {
    /** 2000-01-01: what states an earlier time states none. */
    private static final long EARLIEST = 946_684_800_000L;

    private static final int SHASUM_DIGITS = 16;

    /** Returns the path of other bytes of the same reference: the URL of the first ones keeps what it has (P49). */
    static String variant(String path, String shasum) {
        int dot = path.lastIndexOf('.');
        return path.substring(0, dot) + "v" + shasum.substring(0, SHASUM_DIGITS) + path.substring(dot);
    }

    /** Returns when the version was released, ms since 1970. */
    long releasedAt() {
        return Long.parseLong(released.isEmpty() ? firstSeen : released);
    }

    /**
     * Returns when a version was released as its upstream says, or empty if that cannot be: it would be later than it was seen, or
     * before there were such packages.
     */
    static String credible(String time, String seen) {
        long stated = time.isEmpty() ? -1 : IsoTime.millis(time);
        return stated < EARLIEST || stated >= Long.parseLong(seen) ? "" : "" + stated;
    }

    /** Returns this archive as one that came earlier: what is known of its age stays. */
    Advertised asOldAs(Advertised earlier) {
        return new Advertised(path, normalized, reference, shasum, earlier.firstSeen, url, earlier.released);
    }

    /** Returns whether two lines lead to the same archive, as far as an upstream can say. */
    boolean isSameArchive(Advertised other) {
        return url.equals(other.url) && shasum.equals(other.shasum);
    }

    /** Returns whether it is a branch, whose reference may move. */
    boolean isDev() {
        return Version.isDev(normalized);
    }
}
