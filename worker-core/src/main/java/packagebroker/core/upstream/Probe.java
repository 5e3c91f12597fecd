package packagebroker.core.upstream;

import java.util.List;
import packagebroker.core.composer.PackageName;
import packagebroker.core.port.Background;
import packagebroker.core.port.Log;
import packagebroker.core.port.Ports;
import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/** Asks upstreams what they offer: soon after they were changed, now and then in the background, and when somebody has to know. */
public final class Probe implements Chore {
    private static final long AGE_MILLIS = 3_600_000;

    private final UpstreamStore store;
    private final ComposerRepository repository;
    private final SourceCheck others;
    private final Background background;
    private final Log log;

    /** Creates the probe; {@code others} knows what is no Composer repository. */
    public Probe(UpstreamStore store, ComposerRepository repository, SourceCheck others, Ports ports) {
        this.store = store;
        this.repository = repository;
        this.others = others;
        this.background = ports.background();
        this.log = ports.log();
    }

    /** Forgets what was read lately of upstreams: one is gone. */
    void forget() {
        repository.forget();
    }

    /** Asks an upstream that is new or changed, after the answer to whoever changed it. */
    void soon(Source source) {
        repository.forget();
        if (source.isComposer()) {
            background.run(() -> tryIt(source));
        }
    }

    /**
     * Asks an upstream for its root and for a package that nobody has, or a git host for what is selected.
     *
     * @throws UpstreamException if it does not answer as it should
     */
    void test(Source source) {
        if (!source.isComposer()) {
            others.check(source);
            return;
        }
        repository.forget();
        repository.fetch(source, new PackageName("package-broker", "connection-test"), false, "", "");
    }

    /**
     * Returns what a source offers, after asking it if that is not known.
     *
     * @throws UpstreamException if it is not known and it does not answer
     */
    public Features features(Source source) {
        if (source.features().isKnown()) {
            return source.features();
        }
        for (Source current : store.sources()) {
            if (current.id().equals(source.id()) && current.features().isKnown()) {
                return current.features();
            }
        }
        return repository.probe(source);
    }

    @Override
    public String kind() {
        return "probe";
    }

    /** Returns the ids of the enabled Composer repositories. */
    @Override
    public List<String> subjects() {
        return store.ids();
    }

    @Override
    public Cost cost() {
        return new Cost(6, 4);
    }

    /** Asks an upstream once an hour. */
    @Override
    public Progress step(Turn turn) {
        for (Source source : store.sources()) {
            if (source.id().equals(turn.subject()) && !source.frozen()) {
                repository.probe(source);
            }
        }
        return new Progress("", AGE_MILLIS);
    }

    private void tryIt(Source source) {
        try {
            repository.probe(source);
        } catch (UpstreamException e) {
            // What was known of it stays.
            log.write("warn", "probe.failed", "upstream", source.id(), "problem", e.text());
        }
    }
}
