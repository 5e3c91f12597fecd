package packagebroker.core.upstream;

import packagebroker.core.port.Statement;

/**
 * packagist.org as a source like any other: for every name, after all others, exclusive for none.
 *
 * @param url where it is, without a slash at its end; empty if this deployment has none
 */
public record Packagist(String url) {
    /** Its id; the names it owns stay its own even if it is deleted and comes back. */
    public static final String ID = "packagist";

    private static final int PRIORITY = 1_000;

    /** Returns whether this deployment knows where it is. */
    public boolean isKnown() {
        return !url.isEmpty();
    }

    /** Returns the statement that makes it a source, unless it is one. */
    public Statement creation(long at) {
        return Statement.of("""
                INSERT INTO upstream (id, name, kind, url, priority, patterns, exclusive, enabled, created_at, changed_at)
                VALUES (?, 'packagist.org', 'composer', ?, ?, '*', 0, 1, ?, ?)
                ON CONFLICT (id) DO NOTHING
                """, ID, url, PRIORITY, at, at);
    }
}
