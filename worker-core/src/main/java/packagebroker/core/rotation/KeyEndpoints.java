package packagebroker.core.rotation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.ApiBody;
import packagebroker.core.access.Call;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonException;
import packagebroker.core.secrets.KeyRing;

/** The keys over HTTP: listed, added, activated, retired; by their ids, for a key itself is never shown nor sent here. */
public final class KeyEndpoints {
    private final KeyStore store;
    private final KeyRing ring;
    private final long settleMillis;

    /** Creates the endpoints; a key is to have been in place for {@code settleSeconds} before it seals. */
    public KeyEndpoints(KeyStore store, KeyRing ring, int settleSeconds) {
        this.store = store;
        this.ring = ring;
        this.settleMillis = settleSeconds * 1000L;
    }

    /** Lists the keys, by id: {@code GET /api/keys}. */
    public Response list(Call call) {
        Map<String, KnownKey> keys = new HashMap<>();
        for (KnownKey key : store.known()) {
            keys.put(key.id(), key);
        }
        Map<String, Long> counts = store.counts();
        Set<String> all = new HashSet<>(keys.keySet());
        all.addAll(counts.keySet());
        all.addAll(ring.ids());
        List<String> ids = new ArrayList<>(all);
        ids.sort(String::compareTo);
        String active = store.active();
        List<Object> shown = new ArrayList<>();
        for (String id : ids) {
            KnownKey key = keys.getOrDefault(id, KnownKey.unknown(id));
            shown.add(shown(key, counts.getOrDefault(id, 0L), active));
        }
        return Response.json(200, Json.write(Json.object("active", active, "keys", shown)));
    }

    private Object shown(KnownKey key, long records, String active) {
        boolean isActive = key.id().equals(active);
        return Json.object(
                "id",
                key.id(),
                "state",
                isActive ? "active" : key.state(),
                "in_ring",
                ring.has(key.id()),
                "records",
                records,
                "added_at",
                key.addedAt(),
                "activatable_at",
                key.isWaiting() ? key.addedAt() + settleMillis : 0,
                "activated_at",
                key.activatedAt(),
                "retirable",
                key.isKnown() && key.retiredAt() == 0 && records == 0 && !isActive,
                "retired_at",
                key.retiredAt());
    }

    /** Adds a key that the ring holds: {@code POST /api/keys}. Saying it twice changes nothing. */
    public Response add(Call call) {
        String id = id(call);
        if (!ring.has(id)) {
            throw HttpError.conflict(
                    "key_missing", "expected ENCRYPTION_KEYS to hold a key of that id: deploy it first");
        }
        KnownKey known = find(id);
        if (known != null && known.retiredAt() > 0) {
            throw HttpError.conflict("key_retired", "expected an id that was never used: this key is retired");
        }
        boolean isNew =
                known == null && !(id.equals(ring.active()) && store.known().isEmpty());
        AuditEvent event = call.change(Action.ADD_KEY, id, "new", isNew);
        long records = records(id);
        String active = store.active();
        if (isNew) {
            store.add(id, event);
            return answer(201, new KnownKey(id, event.at(), 0, 0), records, active);
        }
        store.record(event);
        return answer(200, known == null ? new KnownKey(id, event.at(), event.at(), 0) : known, records, active);
    }

    private static String id(Call call) {
        try {
            return ApiBody.read(call).allowOnly("id").text("id", 32);
        } catch (JsonException e) {
            throw ApiBody.refusal(e);
        }
    }

    /** Has a key seal from now on, and what others sealed be sealed anew: {@code POST /api/keys/{id}/activate}. */
    public Response activate(Call call) {
        KnownKey key = require(call);
        String active = store.active();
        AuditEvent event = call.change(Action.ACTIVATE_KEY, key.id(), "before", active);
        long records = records(key.id());
        if (key.id().equals(active)) {
            store.record(event);
            return answer(200, key, records, active);
        }
        if (!ring.has(key.id())) {
            throw HttpError.conflict("key_missing", "expected ENCRYPTION_KEYS to hold this key: deploy it first");
        }
        long addedBy = call.startedAt() - settleMillis;
        KnownKey before = find(active);
        if (!store.activate(key.id(), addedBy, event)) {
            throw key.retiredAt() > 0
                    ? HttpError.conflict("key_retired", "expected a key that is not retired")
                    : HttpError.conflict(
                            "too_early",
                            "expected a key that every isolate has had for " + settleMillis / 1000
                                    + " s: wait, try again");
        }
        long at = Math.max(event.at(), before == null ? 0 : before.activatedAt() + 1);
        return answer(200, new KnownKey(key.id(), key.addedAt(), at, 0), records, key.id());
    }

    /** Ends a key, once nothing is sealed with it: {@code POST /api/keys/{id}/retire}. It may leave the ring then. */
    public Response retire(Call call) {
        KnownKey key = require(call);
        AuditEvent event = call.change(Action.RETIRE_KEY, key.id(), "before", key.retiredAt() > 0 ? "retired" : "");
        String active = store.active();
        if (key.retiredAt() > 0) {
            store.record(event);
            return answer(200, key, 0, active);
        }
        if (!store.retire(key.id(), event)) {
            throw HttpError.conflict(
                    "key_in_use", "expected a key that neither seals nor has sealed a record that is still there");
        }
        return answer(200, new KnownKey(key.id(), key.addedAt(), key.activatedAt(), event.at()), 0, active);
    }

    private KnownKey require(Call call) {
        KnownKey key = find(call.parameter(0));
        if (key == null) {
            throw HttpError.notFound();
        }
        return key;
    }

    private @Nullable KnownKey find(String id) {
        for (KnownKey key : store.known()) {
            if (key.id().equals(id)) {
                return key;
            }
        }
        return null;
    }

    private long records(String id) {
        return store.counts().getOrDefault(id, 0L);
    }

    /** Answers with what is known by now: a read after a change could fail, and the change would seem to have failed. */
    private Response answer(int status, KnownKey key, long records, String active) {
        return Response.json(status, Json.write(shown(key, records, active)));
    }
}
