package packagebroker.core.release;

import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Version;

/**
 * A version of a package as its file is to list it.
 *
 * @param upstream the source whose release it is
 * @param version normalised
 * @param manifest its {@code composer.json} with {@code name}, {@code version}, {@code dist} and {@code time}: one JSON object
 * @param origin what it was made of, in the words of the room that made it
 */
public record Release(String upstream, PackageName name, String version, String manifest, String origin) {
    /** The most that a manifest may have, in bytes. */
    public static final int MAX_BYTES = 256_000;

    /** Returns whether it is listed among branches. */
    public boolean isDev() {
        return Version.isDev(version);
    }
}
