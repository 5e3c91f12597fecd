package packagebroker.core.port.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;
import packagebroker.core.port.EdgeCache;
import packagebroker.core.port.Random;

/** What {@link EdgeCache} promises: the bytes kept or nothing, never others, never a failure. */
final class EdgeCacheContract {
    private final EdgeCache cache;
    private final Random random;

    EdgeCacheContract(EdgeCache cache, Random random) {
        this.cache = cache;
        this.random = random;
    }

    List<Check> checks() {
        return List.of(
                check("what was never kept is not found", this::findsNothing),
                check("what was kept is found as it was, or not at all", this::findsWhatWasKept),
                check("keys do not mix", this::tellsKeysApart),
                check("what is found is read once, and found again", this::findsAgain),
                check("an empty piece and one of 1 MiB do no harm", this::keepsExtremes));
    }

    private static Check check(String name, Check.Proof proof) {
        return new Check("EdgeCache", name, proof);
    }

    private void expectBytesOrNothing(String what, byte[] expected, @Nullable Body found) {
        if (found != null) {
            Expect.bytes(what, expected, found.bytes(2 * Sample.MIB));
        }
    }

    private void findsNothing() {
        Expect.isNull("found", cache.find(Sample.prefix(random) + "never"));
    }

    private void findsWhatWasKept() {
        String key = Sample.prefix(random) + "kept";
        cache.keep(key, Body.of(Sample.pattern(10_000)), 60);
        expectBytesOrNothing("found", Sample.pattern(10_000), cache.find(key));
    }

    private void tellsKeysApart() {
        String prefix = Sample.prefix(random);
        cache.keep(prefix + "a", Sample.piece("one"), 60);
        cache.keep(prefix + "A", Sample.piece("two"), 60);
        cache.keep(prefix + "a/b", Sample.piece("three"), 60);
        expectBytesOrNothing("a", Sample.text("one"), cache.find(prefix + "a"));
        expectBytesOrNothing("A", Sample.text("two"), cache.find(prefix + "A"));
        expectBytesOrNothing("a/b", Sample.text("three"), cache.find(prefix + "a/b"));
        Expect.isNull("b", cache.find(prefix + "b"));
    }

    private void findsAgain() {
        String key = Sample.prefix(random) + "twice";
        cache.keep(key, Sample.piece("hello"), 60);
        expectBytesOrNothing("first", Sample.text("hello"), cache.find(key));
        expectBytesOrNothing("second", Sample.text("hello"), cache.find(key));
    }

    private void keepsExtremes() {
        String prefix = Sample.prefix(random);
        cache.keep(prefix + "empty", Body.empty(), 60);
        expectBytesOrNothing("empty", new byte[0], cache.find(prefix + "empty"));
        cache.keep(prefix + "large", Body.of(Sample.pattern(Sample.MIB)), 60);
        expectBytesOrNothing("large", Sample.pattern(Sample.MIB), cache.find(prefix + "large"));
    }
}
