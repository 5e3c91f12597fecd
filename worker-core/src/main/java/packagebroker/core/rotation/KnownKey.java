package packagebroker.core.rotation;

import packagebroker.core.port.Row;

/**
 * A row of {@code sealing_key}.
 *
 * @param addedAt since when no isolate was seen that lacks it
 * @param activatedAt when it was last made the one that seals, or 0
 * @param retiredAt since when nothing can be stored that it sealed, or 0
 */
record KnownKey(String id, long addedAt, long activatedAt, long retiredAt) {
    static KnownKey of(Row row) {
        return new KnownKey(
                row.text("id"), row.number("added_at"), row.number("activated_at"), row.number("retired_at"));
    }

    /** Returns a key that was never added. */
    static KnownKey unknown(String id) {
        return new KnownKey(id, 0, 0, 0);
    }

    /** Returns whether it was ever added. */
    boolean isKnown() {
        return addedAt > 0;
    }

    /** Returns the word for what it is, unless it is the one that seals. */
    String state() {
        return !isKnown() ? "unknown" : retiredAt > 0 ? "retired" : activatedAt > 0 ? "former" : "added";
    }

    /** Returns whether it was added to become the one that seals, and did not yet. */
    boolean isWaiting() {
        return isKnown() && activatedAt == 0 && retiredAt == 0;
    }
}
