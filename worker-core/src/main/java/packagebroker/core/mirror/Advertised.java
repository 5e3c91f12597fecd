package packagebroker.core.mirror;

/**
 * One (version, reference) that an upstream has ever advertised: how a cold dist is found, how an old lock still installs
 * after a branch moved, and how a retag is noticed before the first download.
 *
 * @param segment the version as in the dist URL: normalised, or its md5 if it holds a slash
 * @param key the reference as in the dist URL
 * @param normalized the normalised version
 * @param reference the reference as advertised, or empty
 * @param type zip, tar, …
 * @param shasum the SHA-1 that the upstream states, or empty
 * @param firstSeen when, ms since 1970
 * @param url where the upstream has the archive
 */
public record Advertised(
        String segment,
        String key,
        String normalized,
        String reference,
        String type,
        String shasum,
        long firstSeen,
        String url) {

    /** Returns the path of the dist in this instance, without the package: {@code 1.0.0.0/rabc.zip}. */
    String path() {
        return segment + "/r" + key + "." + type;
    }

    /** Returns whether two lines lead to the same archive, as far as an upstream can say. */
    boolean isSameArchive(Advertised other) {
        return url.equals(other.url) && shasum.equals(other.shasum);
    }

    /** Returns whether it is a branch, whose reference may move. */
    boolean isDev() {
        return normalized.startsWith("dev-") || normalized.endsWith("-dev");
    }
}
