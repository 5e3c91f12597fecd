package packagebroker.core.proof;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.http.PulledBody;
import packagebroker.core.port.Row;
import packagebroker.core.text.Utf8;

/**
 * The log for a spreadsheet: one event a line, those of reads taken out of their segments. A cell that a spreadsheet would take
 * for a formula begins with an apostrophe.
 */
final class CsvExport implements PulledBody.Source {
    private static final String HEAD =
            "stream,seq,line,at,request,actor,action,target,outcome,status,address,agent,detail,hash\r\n";

    private final Walk walk;
    private boolean begun;
    private boolean ended;

    /** Creates the export of what a walk passes. */
    CsvExport(Walk walk) {
        this.walk = walk;
    }

    @Override
    public byte @Nullable [] next() {
        if (!begun) {
            begun = true;
            return Utf8.encode(HEAD);
        }
        List<Block> blocks = ended ? List.of() : walk.next();
        if (blocks.isEmpty()) {
            Long next = ended ? null : walk.goOnAfter();
            ended = true;
            return next == null ? null : Utf8.encode("next," + next + ",,,,,,,,,,,,\r\n");
        }
        StringBuilder csv = new StringBuilder();
        for (Block block : blocks) {
            for (Row row : block.events()) {
                append(csv, LogEvent.of(row), row.text("hash"));
            }
            for (Row row : block.reads()) {
                for (LogEvent event : LogEvent.ofReads(row)) {
                    append(csv, event, row.text("hash"));
                }
            }
            csv.append("seal,")
                    .append(block.seal().number())
                    .append(",,")
                    .append(block.seal().at());
            csv.append(",,,,,,,,,,").append(block.seal().head()).append("\r\n");
        }
        return Utf8.encode(csv.toString());
    }

    private static void append(StringBuilder csv, LogEvent found, String hash) {
        AuditEvent event = found.event();
        csv.append(found.stream()).append(',').append(found.seq()).append(',').append(found.line());
        csv.append(',').append(event.at());
        for (String text : new String[] {
            event.request(),
            event.actor(),
            event.action(),
            event.target(),
            event.outcome(),
            "" + event.status(),
            event.address(),
            event.agent(),
            event.detail(),
            hash
        }) {
            csv.append(',').append(cell(text));
        }
        csv.append("\r\n");
    }

    /** Returns a cell that is nothing but text to whatever opens it. */
    static String cell(String text) {
        StringBuilder plain = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted |= c == ',' || c == '"' || c == '\n' || c == '\r' || c == ';';
            if (c == '"') {
                plain.append('"');
            }
            plain.append(c < ' ' || c == 0x7F ? ' ' : c);
        }
        if (!text.isEmpty() && "=+-@\t\r\n|%'".indexOf(text.charAt(0)) >= 0) {
            plain.insert(0, '\'');
        }
        return quoted ? "\"" + plain + "\"" : plain.toString();
    }
}
