package packagebroker.core.mirror;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.Reference;
import packagebroker.core.composer.Version;
import packagebroker.core.json.JsonSlice;

/**
 * One version of a package as an upstream lists it.
 *
 * @param normalized the normalised version
 * @param fields its keys as they were written, but for dist and source: all of them, or, in a minified file, those that
 *     differ from the version listed before
 * @param time when it was released, as its upstream says, or empty
 * @param dist where the upstream has its archive; null for a metapackage
 */
record Entry(
        String normalized,
        Map<String, JsonSlice> fields,
        String time,
        @Nullable UpstreamDist dist) {

    /**
     * An archive as an upstream advertises it.
     *
     * @param reference the reference, or null
     * @param shasum the SHA-1 in hex, or empty
     */
    record UpstreamDist(String type, String url, @Nullable Reference reference, String shasum) {}

    /** Returns whether it is a branch. */
    boolean isDev() {
        return Version.isDev(normalized);
    }
}
