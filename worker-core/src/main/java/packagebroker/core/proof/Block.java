package packagebroker.core.proof;

import java.util.List;
import packagebroker.core.port.Row;

/**
 * A seal and the rows that it links.
 *
 * @param events rows of {@code audit}, in the order of the chain
 * @param reads rows of {@code audit_segment}, likewise; they come after the events
 */
record Block(Seal seal, List<Row> events, List<Row> reads) {
    /** Returns the lines of an export: each row, then the seal. */
    String lines() {
        StringBuilder lines = new StringBuilder();
        for (Row row : events) {
            lines.append(LogRows.eventLine(row));
        }
        for (Row row : reads) {
            lines.append(LogRows.readsLine(row));
        }
        return lines.append(LogRows.line("seal", seal.shown())).toString();
    }

    /** Returns what is wrong with this block after another seal, but for the signature; or an empty text. */
    String problem(Seal before) {
        Chain chain = new Chain(before.head(), before.entries());
        for (Row row : events) {
            if (!LogRows.isIntactEvent(row)) {
                return "row " + row.number("seq") + " of audit is not what was written";
            }
            chain.link(Chain.EVENTS, row.number("seq"), row.text("hash"));
        }
        for (Row row : reads) {
            if (!LogRows.isIntactSegment(row)) {
                return "row " + row.number("seq") + " of audit_segment is not what was written";
            }
            chain.link(Chain.READS, row.number("seq"), row.text("hash"));
        }
        if (seal.number() != before.number() + 1) {
            return "a seal before it is missing";
        }
        boolean same = chain.head().equals(seal.head()) && chain.entries() == seal.entries();
        if (!same) {
            return "the rows are not those that were sealed";
        }
        return seal.note().startsWith(seal.text() + "\n") ? "" : "its note says something else";
    }
}
