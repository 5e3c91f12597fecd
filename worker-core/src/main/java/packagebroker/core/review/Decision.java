package packagebroker.core.review;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;

/**
 * What somebody decided about an item of a review.
 *
 * @param revoke whether it goes; otherwise it stays
 * @param reason why, or empty
 */
record Decision(Snapshot.Item item, boolean revoke, String reason) {
    private static final int MOST = 200;

    /** Returns the decisions of a body: each about another item. */
    static List<Decision> of(JsonObject body) {
        List<JsonObject> objects = body.allowOnly("decisions").objects("decisions");
        if (objects.isEmpty() || objects.size() > MOST) {
            throw JsonException.unexpected("expected 1 to " + MOST + " decisions at $.decisions");
        }
        List<Decision> decisions = new ArrayList<>();
        Set<Snapshot.Item> seen = new HashSet<>();
        for (JsonObject object : objects) {
            Decision decision = one(object.allowOnly("item", "id", "decision", "reason"));
            if (!seen.add(decision.item())) {
                throw JsonException.unexpected("expected one decision for each item at $.decisions");
            }
            decisions.add(decision);
        }
        return decisions;
    }

    private static Decision one(JsonObject object) {
        String word = object.text("decision", 10);
        if (!word.equals("keep") && !word.equals("revoke")) {
            throw JsonException.unexpected("expected keep or revoke in each of $.decisions");
        }
        String reason = object.findText("reason", 300);
        return new Decision(
                new Snapshot.Item(object.text("item", 10), object.text("id", 100)),
                word.equals("revoke"),
                reason == null ? "" : reason);
    }

    /** Returns the word for it. */
    String word() {
        return revoke ? "revoke" : "keep";
    }

    /** Returns the ids of what is to be revoked of a kind. */
    static List<String> revoked(List<Decision> decisions, String kind) {
        List<String> ids = new ArrayList<>();
        for (Decision decision : decisions) {
            if (decision.revoke() && decision.item().kind().equals(kind)) {
                ids.add(decision.item().id());
            }
        }
        return ids;
    }

    /** Returns it as the log and the database take it. */
    Map<String, @Nullable Object> shown() {
        return Json.object("item", item.kind(), "id", item.id(), "decision", word(), "reason", reason);
    }
}
