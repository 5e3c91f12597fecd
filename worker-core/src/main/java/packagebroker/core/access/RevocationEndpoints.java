package packagebroker.core.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.port.Row;

/** Many credentials revoked at once, over HTTP: for the day when some may be in the wrong hands. */
public final class RevocationEndpoints {
    private static final int SHOWN = 200;
    private static final int NAMED_IN_A_ROW = 500;

    private final RevocationStore store;
    private final PrincipalCache cache;

    /** Creates the endpoints. */
    public RevocationEndpoints(RevocationStore store, PrincipalCache cache) {
        this.store = store;
        this.cache = cache;
    }

    /** What the filters named, and why some of it stays. */
    private static final class Selection {
        private final List<String> ids = new ArrayList<>();
        private int own;
        private int wider;
        private boolean more;
    }

    /**
     * Revokes every token and closes every session that the filters name, with whatever was made with them:
     * {@code POST /api/tokens/revoke}. What is wider than the caller stays, and so does what the caller came with, unless it says so.
     */
    public Response revoke(Call call) {
        Revocation by = Revocation.of(ApiBody.read(call));
        Selection selection = by.meansTokens() ? select(call, by) : new Selection();
        RevocationStore.Sessions sessions = sessions(call.principal(), by);
        List<Row> doomed = selection.ids.isEmpty() ? List.of() : store.withDescendants(selection.ids);
        long closed = store.count(selection.ids, sessions);
        if (by.dry()) {
            store.record(event(call, by, List.of(), doomed.size(), closed));
        } else {
            store.revoke(selection.ids, sessions, call.startedAt(), events(call, by, doomed, closed));
            cache.clear();
        }
        return Response.json(200, Json.write(answer(by, selection, doomed, closed)));
    }

    private Selection select(Call call, Revocation by) {
        Principal caller = call.principal();
        List<String> line = by.own() || caller.tokenId().isEmpty() ? List.of() : store.findLine(caller.tokenId());
        Selection selection = new Selection();
        List<Row> rows = store.find(by, call.startedAt());
        selection.more = rows.size() == RevocationStore.MOST;
        for (Row row : rows) {
            Grant grant = Grant.stored(
                    TokenRow.grantOf(row.text("rights"), row.text("kind")),
                    row.text("patterns"),
                    row.text("addresses"));
            if (!by.means(row) || !grant.isWithinPatternsOf(caller)) {
                continue; // What the caller may not see is not even counted.
            }
            if (line.contains(row.text("id"))) {
                selection.own++;
            } else if (!caller.rights().cover(grant.toRights())) {
                selection.wider++;
            } else {
                selection.ids.add(row.text("id"));
            }
        }
        return selection;
    }

    private static RevocationStore.Sessions sessions(Principal caller, Revocation by) {
        List<String> roles = new ArrayList<>();
        for (Role role : Role.values()) {
            // A session of a person opens all packages.
            if (by.meansSessions() && caller.maySeeAll() && caller.rights().cover(role.rights())) {
                roles.add(role.wireName());
            }
        }
        return new RevocationStore.Sessions(
                by.text("person"),
                roles,
                by.before("created_before"),
                by.before("last_used_before"),
                by.own() ? "" : caller.sessionHash());
    }

    /** Returns one event for each some hundred tokens, so that each of them is named. */
    private static List<AuditEvent> events(Call call, Revocation by, List<Row> doomed, long closed) {
        List<AuditEvent> events = new ArrayList<>();
        for (int from = 0; from < Math.max(1, doomed.size()); from += NAMED_IN_A_ROW) {
            List<Row> named = doomed.subList(from, Math.min(doomed.size(), from + NAMED_IN_A_ROW));
            events.add(event(call, by, named, doomed.size(), closed));
        }
        return events;
    }

    private static AuditEvent event(Call call, Revocation by, List<Row> named, int tokens, long sessions) {
        List<String> ids = new ArrayList<>();
        for (Row row : named) {
            ids.add(row.text("id"));
        }
        return call.change(
                Action.REVOKE_TOKENS,
                tokens + " tokens",
                "filters",
                by.filters(),
                "own",
                by.own(),
                "dry_run",
                by.dry(),
                "reason",
                by.reason(),
                "sessions",
                sessions,
                "tokens",
                ids);
    }

    private static Map<String, @Nullable Object> answer(
            Revocation by, Selection selection, List<Row> doomed, long closed) {
        List<Object> tokens = new ArrayList<>();
        for (Row row : doomed.subList(0, Math.min(doomed.size(), SHOWN))) {
            tokens.add(Json.object(
                    "id",
                    row.text("id"),
                    "name",
                    row.text("name"),
                    "kind",
                    row.text("kind"),
                    "owner",
                    row.text("owner"),
                    "person",
                    row.text("person"),
                    "created_by",
                    row.text("created_by"),
                    "last_used",
                    row.number("last_used")));
        }
        return Json.object(
                "dry_run",
                by.dry(),
                "revoked",
                doomed.size(),
                "sessions",
                closed,
                "kept",
                Json.object("own", selection.own, "wider", selection.wider),
                "tokens",
                tokens,
                "more",
                selection.more);
    }
}
