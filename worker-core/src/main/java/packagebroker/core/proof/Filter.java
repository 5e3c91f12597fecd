package packagebroker.core.proof;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;

/**
 * Which events are wanted. An empty text wants all.
 *
 * @param target a part of the target, such as a package's name
 * @param from the first time, ms since 1970
 * @param to the last time
 */
record Filter(
        String actor,
        String action,
        String target,
        String outcome,
        String request,
        String address,
        long from,
        long to) {

    /** How long after its request an event may be written: an archive takes 280 s. When it is sealed does not matter. */
    static final long WRITTEN_WITHIN_MILLIS = 600_000;

    /** Returns whether an event is wanted. */
    boolean matches(LogEvent found) {
        AuditEvent event = found.event();
        return event.at() >= from
                && event.at() <= to
                && is(actor, event.actor())
                && is(action, event.action())
                && event.target().contains(target)
                && is(outcome, event.outcome())
                && is(request, event.request())
                && is(address, event.address());
    }

    private static boolean is(String wanted, String found) {
        return wanted.isEmpty() || wanted.equals(found);
    }

    /** Returns the conditions on a row of {@code audit}, and adds their parameters. */
    String onEvents(List<@Nullable Object> parameters) {
        StringBuilder sql = new StringBuilder(" AND at >= ? AND at <= ?");
        parameters.add(from);
        parameters.add(to);
        String[] columns = {"actor", "action", "outcome", "request", "address"};
        String[] wanted = {actor, action, outcome, request, address};
        for (int i = 0; i < columns.length; i++) {
            if (!wanted[i].isEmpty()) {
                sql.append(" AND ").append(columns[i]).append(" = ?");
                parameters.add(wanted[i]);
            }
        }
        if (!target.isEmpty()) {
            sql.append(" AND instr(target, ?) > 0");
            parameters.add(target);
        }
        return sql.toString();
    }

    /** Returns conditions that a segment with a wanted event fulfils, and adds their parameters; others may do so, too. */
    String onReads(List<@Nullable Object> parameters) {
        StringBuilder sql = new StringBuilder(" AND to_at >= ? AND from_at <= ?");
        parameters.add(from);
        parameters.add(to);
        List<String> needles = new ArrayList<>();
        for (String whole : new String[] {actor, action, request, address}) {
            if (!whole.isEmpty()) {
                needles.add("\t" + whole + "\t");
            }
        }
        if (!target.isEmpty()) {
            needles.add(target);
        }
        for (String needle : needles) {
            sql.append(" AND instr(body, ?) > 0");
            parameters.add(needle);
        }
        return sql.toString();
    }
}
