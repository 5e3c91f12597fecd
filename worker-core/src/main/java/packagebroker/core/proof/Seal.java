package packagebroker.core.proof;

import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.Json;
import packagebroker.core.port.Row;
import packagebroker.core.text.Hex;

/**
 * One step of the chain: it links the rows that came since the seal before it, first of {@code audit}, then of
 * {@code audit_segment}, each by its number.
 *
 * @param number from 1, without gaps
 * @param at when, ms since 1970
 * @param auditUpto the last row of {@code audit} that is linked
 * @param segmentUpto the last row of {@code audit_segment} that is linked
 * @param entries how many rows are linked since the beginning
 * @param head the chain's head, in hex
 * @param note the signed checkpoint; empty before the first seal
 */
record Seal(long number, long at, long auditUpto, long segmentUpto, long entries, String head, String note) {
    /** What stands before the first seal. */
    static final Seal NONE = new Seal(0, 0, 0, 0, 0, Chain.START, "");

    /** The columns that {@link #of} wants. */
    static final String COLUMNS = "number, at, audit_upto, segment_upto, entries, head, note";

    /** Returns the seal of a row. */
    static Seal of(Row row) {
        return new Seal(
                row.number("number"),
                row.number("at"),
                row.number("audit_upto"),
                row.number("segment_upto"),
                row.number("entries"),
                row.text("head"),
                row.text("note"));
    }

    /**
     * Returns what is signed: the first three lines as C2SP's tlog-checkpoint has them (origin, size, base64 of the head; ours
     * is the head of a chain and not the root of a tree), then the rest of the seal.
     */
    String text() {
        return SigningKey.NAME + "\n" + entries + "\n"
                + Base64.getEncoder().encodeToString(Hex.bytes(head)) + "\nseal " + number + "\nat " + at + "\naudit "
                + auditUpto + "\nsegments " + segmentUpto + "\n";
    }

    /** Returns this seal with its signed checkpoint. */
    Seal with(String signedNote) {
        return new Seal(number, at, auditUpto, segmentUpto, entries, head, signedNote);
    }

    /** Returns the seal as the API and the exports show it. */
    Map<String, @Nullable Object> shown() {
        return Json.object(
                "number",
                number,
                "at",
                at,
                "audit_upto",
                auditUpto,
                "segment_upto",
                segmentUpto,
                "entries",
                entries,
                "head",
                head,
                "note",
                note);
    }
}
