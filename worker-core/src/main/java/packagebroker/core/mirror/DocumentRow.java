package packagebroker.core.mirror;

import packagebroker.core.catalog.PackageStore;
import packagebroker.core.port.Row;

/**
 * A row of {@code document}: our copy of a package's file.
 *
 * @param object what clients read, and behind it what was ever advertised
 * @param size of the first part, in bytes
 * @param advertisedSize of the second part, in bytes
 * @param digest SHA-256 of both, hex
 * @param lastModified when it last changed for its readers, ms in whole seconds
 * @param freshUntil until when it is served without asking its upstream
 * @param missingSince since when the upstream says that it is not there, or 0
 * @param baseUrl what it was written for, with a mark in front if it is to be written again
 */
record DocumentRow(
        String object,
        long size,
        long advertisedSize,
        String digest,
        long lastModified,
        String upstreamModified,
        String upstreamEtag,
        long freshUntil,
        long missingSince,
        String baseUrl,
        long generation) {
    static final long MISSING_MILLIS = 86_400_000;

    static DocumentRow of(Row row) {
        return new DocumentRow(
                row.text("object"),
                row.number("size"),
                row.number("advertised_size"),
                row.text("digest"),
                row.number("last_modified"),
                row.text("upstream_modified"),
                row.text("upstream_etag"),
                row.number("fresh_until"),
                row.number("missing_since"),
                row.text("base_url"),
                row.number("generation"));
    }

    /** Returns this row with what the upstream now calls its file, which says the same as before. */
    DocumentRow validatedBy(String modified, String etag) {
        return new DocumentRow(
                object,
                size,
                advertisedSize,
                digest,
                lastModified,
                modified,
                etag,
                freshUntil,
                missingSince,
                baseUrl,
                generation);
    }

    /** Returns whether the upstream has not had it for so long that we do not offer it either. */
    boolean isGone(long now) {
        return isGone(missingSince, now);
    }

    static boolean isGone(long missingSince, long now) {
        return missingSince != 0 && now - missingSince > MISSING_MILLIS;
    }

    /** Returns when it was gone, if it is: the missing are served for a day. */
    long goneAt() {
        return missingSince + MISSING_MILLIS;
    }

    /** Returns it as looked at again: fresh until then, and missing since then or (0) there. */
    DocumentRow touched(long newFreshUntil, long newMissingSince) {
        return with(lastModified, newFreshUntil, newMissingSince);
    }

    /** Returns it as changed now, or a second after it last did: a change always shows (P38). */
    DocumentRow risen(long now) {
        return with(Math.max(now / 1000 * 1000, lastModified + 1000), freshUntil, missingSince);
    }

    /** Returns what the dist URLs inside begin with, marked or not. */
    String prefix() {
        return baseUrl.startsWith(PackageStore.MARK) ? baseUrl.substring(PackageStore.MARK.length()) : baseUrl;
    }

    private DocumentRow with(long newLastModified, long newFreshUntil, long newMissingSince) {
        return new DocumentRow(
                object,
                size,
                advertisedSize,
                digest,
                newLastModified,
                upstreamModified,
                upstreamEtag,
                newFreshUntil,
                newMissingSince,
                baseUrl,
                generation);
    }
}
