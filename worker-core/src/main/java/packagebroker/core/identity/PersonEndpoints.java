package packagebroker.core.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.ApiBody;
import packagebroker.core.access.ApiQuery;
import packagebroker.core.access.Call;
import packagebroker.core.access.Place;
import packagebroker.core.access.Principal;
import packagebroker.core.access.PrincipalCache;
import packagebroker.core.access.Role;
import packagebroker.core.access.SessionEndpoints;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Row;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Sha256;

/** People over HTTP: they come in by Cloudflare Access; owners give roles and suspend. */
public final class PersonEndpoints {
    private static final int ID_DIGITS = 32;

    private final PersonStore store;
    private final SessionEndpoints sessions;
    private final PrincipalCache cache;
    private final SignIn signIn;

    /** How people sign in: the team, if there is one, and its keys. */
    public record SignIn(@Nullable AccessTeam team, SigningKeys keys) {}

    /** Creates the endpoints. */
    public PersonEndpoints(PersonStore store, SessionEndpoints sessions, PrincipalCache cache, SignIn signIn) {
        this.store = store;
        this.sessions = sessions;
        this.cache = cache;
        this.signIn = signIn;
    }

    /**
     * Opens a session for whom Cloudflare Access vouches: {@code POST /api/session/access}. Only the signed assertion counts; the
     * header with the address, which anybody can send, is never looked at.
     */
    public Response signIn(Call call) {
        ApiBody.read(call).allowOnly();
        AccessTeam team = signIn.team();
        Jwt token = Jwt.find(call.request().findHeader("cf-access-jwt-assertion"));
        if (team == null || token == null) {
            throw refusal(team == null ? "no team is set up" : "form");
        }
        String problem = new Vouching(signIn.keys()).problem(token, team.toIssuer(), team.audience(), call.startedAt());
        if (problem != null) {
            throw refusal(problem);
        }
        JsonObject claims = token.claims();
        Role role = team.roleOf(claims);
        String email = claims.findText("email", 300);
        String subject = claims.findText("sub", 300);
        // Without an address it is a machine's token, and a machine has tokens of ours.
        if (role == null || email == null || subject == null || subject.isEmpty()) {
            if (role == null && subject != null) {
                leave(call, idOf(team, subject));
            }
            throw HttpError.forbidden("expected somebody to whom a group or an address gives a role");
        }
        return opened(call, idOf(team, subject), email, role, Vouching.expiresAt(claims));
    }

    private Response opened(Call call, String id, String email, Role role, long expiresAt) {
        Row before = store.find(id);
        if (before == null) {
            store.create(id, email, role, byGroups(call, Action.CREATE_PERSON, id, null, role.wireName()));
        } else {
            AuditEvent event = byGroups(call, Action.CHANGE_PERSON, id, before.text("role"), role.wireName());
            store.signIn(id, email, new PersonStore.Step(before.text("role"), role.wireName()), event);
            cache.clear();
        }
        Row row = store.find(id);
        Role given = row == null ? null : Role.find(row.text("role"));
        if (row == null || given == null || !row.isNull("suspended_at")) {
            throw HttpError.unauthorized("person_suspended", "expected somebody who is not suspended");
        }
        Principal person = Principal.person(id, given.rights(), expiresAt);
        return sessions.opened(call, person, "email", email, "role", given.wireName());
    }

    /** Takes the role of somebody whom we know and to whom no group gives one any more. */
    private void leave(Call call, String id) {
        Row row = store.find(id);
        if (row != null && !row.text("role").isEmpty()) {
            String role = row.text("role");
            store.leave(id, role, byGroups(call, Action.CHANGE_PERSON, id, role, ""));
            cache.clear();
        }
    }

    private static AuditEvent byGroups(Call call, String action, String id, @Nullable String old, String role) {
        return call.change(action, id, "old_role", old, "role", role, "by", "groups")
                .by("person:" + id);
    }

    private static String idOf(AccessTeam team, String subject) {
        return Hex.of(Sha256.of(team.issuer() + "\n" + subject)).substring(0, ID_DIGITS);
    }

    private static HttpError refusal(String problem) {
        return HttpError.unauthorized("identity_refused", "expected an assertion of Cloudflare Access: " + problem);
    }

    /** Lists the people: {@code GET /api/people?after=&limit=}. */
    public Response list(Call call) {
        int limit = ApiQuery.limit(call);
        List<Object> people = new ArrayList<>();
        List<Row> rows = store.list(ApiQuery.place(call), limit);
        for (Row row : rows) {
            people.add(described(row));
        }
        return Response.json(200, Json.write(Json.object("people", people, "next", Place.next(rows, limit))));
    }

    /** Returns a person as the API shows it. */
    public static Map<String, @Nullable Object> described(Row row) {
        return Json.object(
                "id",
                row.text("id"),
                "email",
                row.text("email"),
                "role",
                row.text("role").isEmpty() ? null : row.text("role"),
                "role_source",
                row.text("role_source"),
                "suspended_at",
                row.isNull("suspended_at") ? null : row.number("suspended_at"),
                "created_at",
                row.number("created_at"),
                "last_seen",
                row.number("last_seen"));
    }

    /** Gives a role, suspends or restores: {@code PATCH /api/people/{id}}. */
    public Response change(Call call) {
        JsonObject body = ApiBody.read(call).allowOnly("role", "suspended");
        Row row = require(call);
        String id = row.text("id");
        String wanted = body.findText("role", 20);
        Role role = wanted == null ? null : Role.find(wanted);
        if ((wanted != null && role == null) || (role == null) == !body.has("suspended")) {
            throw HttpError.unprocessable(
                    "expected either $.suspended or owner, admin, publisher, auditor or viewer at $.role");
        }
        if (role != null && !call.principal().rights().cover(role.rights())) {
            throw HttpError.forbidden("expected a role no wider than your own");
        }
        Map<String, @Nullable Object> shown = described(row);
        boolean done;
        if (role != null) {
            shown.put("role", role.wireName());
            shown.put("role_source", "hand");
            done = store.give(id, role, event(call, Action.CHANGE_PERSON, row, "role", role.wireName()));
        } else {
            boolean suspended = body.flag("suspended", false);
            shown.put("suspended_at", suspended ? call.startedAt() : null);
            AuditEvent event = event(call, Action.CHANGE_PERSON, row, "suspended", suspended);
            done = suspended ? store.suspend(id, call.startedAt(), event) : store.restore(id, event);
        }
        cache.clear();
        if (!done) {
            throw lastOwner();
        }
        return Response.json(200, Json.write(shown));
    }

    private static AuditEvent event(Call call, String action, Row row, String field, Object value) {
        return call.change(
                action, row.text("id"), "email", row.text("email"), "old_role", row.text("role"), field, value);
    }

    private static HttpError lastOwner() {
        return HttpError.conflict("last_owner", "expected another owner to remain");
    }

    /** Forgets a person: {@code DELETE /api/people/{id}}. Who is still in a group may come again. */
    public Response delete(Call call) {
        Row row = require(call);
        boolean done =
                store.delete(row.text("id"), call.startedAt(), event(call, Action.DELETE_PERSON, row, "deleted", true));
        cache.clear();
        if (!done) {
            throw lastOwner();
        }
        return Response.noContent();
    }

    /** Returns somebody else, no wider than the caller. */
    private Row require(Call call) {
        Row row = store.find(call.parameter(0));
        if (row == null) {
            throw HttpError.notFound();
        }
        Role role = Role.find(row.text("role"));
        if (row.text("id").equals(call.principal().personId())) {
            throw HttpError.forbidden("expected somebody else: nobody changes his own role");
        }
        if (role != null && !call.principal().rights().cover(role.rights())) {
            throw HttpError.forbidden("expected somebody with a role no wider than your own");
        }
        return row;
    }
}
