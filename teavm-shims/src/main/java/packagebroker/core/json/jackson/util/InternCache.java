package packagebroker.core.json.jackson.util;

/** Stands in for Jackson's class of this name: nobody compares names by identity, so there is nothing to gain from interning them. */
public final class InternCache {
    public static final InternCache instance = new InternCache();

    private InternCache() {}

    public String intern(String name) {
        return name;
    }
}
