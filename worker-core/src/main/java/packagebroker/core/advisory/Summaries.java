package packagebroker.core.advisory;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.JsonException;
import packagebroker.core.mirror.Routing;
import packagebroker.core.port.Clock;
import packagebroker.core.port.Digests;
import packagebroker.core.port.Log;
import packagebroker.core.port.Ports;
import packagebroker.core.text.Hex;
import packagebroker.core.upstream.ComposerRepository;
import packagebroker.core.upstream.Features;
import packagebroker.core.upstream.Fetched;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamClient;
import packagebroker.core.upstream.UpstreamException;
import packagebroker.core.upstream.UpstreamException.Kind;
import packagebroker.core.upstream.UpstreamStore;
import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/** Our copies of the summaries of filter lists: asked for conditionally, and kept while their upstream is down. */
public final class Summaries implements Chore {
    private static final int LEFT_MILLIS = 5_000;
    private static final long RETRY_MILLIS = 30_000;

    private final FilterStore store;
    private final UpstreamStore upstreams;
    private final ComposerRepository repository;
    private final UpstreamClient client;
    private final Digests digests;
    private final Clock clock;
    private final Log log;
    private final long freshMillis;

    /** Creates them; a copy is fresh for {@code freshMillis}. */
    public Summaries(
            Ports ports,
            UpstreamStore upstreams,
            ComposerRepository repository,
            UpstreamClient client,
            long freshMillis) {
        this.store = new FilterStore(ports.database());
        this.upstreams = upstreams;
        this.repository = repository;
        this.client = client;
        this.digests = ports.digests();
        this.clock = ports.clock();
        this.log = ports.log();
        this.freshMillis = freshMillis;
    }

    /** Returns the store. */
    FilterStore store() {
        return store;
    }

    @Override
    public String kind() {
        return "filter";
    }

    /** Returns the ids of the upstreams that have a summary. */
    @Override
    public List<String> subjects() {
        List<String> ids = new ArrayList<>();
        for (Source source : upstreams.sources()) {
            if (source.features().filter().summaryUrl() != null) {
                ids.add(source.id());
            }
        }
        return ids;
    }

    @Override
    public Cost cost() {
        return new Cost(7, 4);
    }

    /** Sees to one summary. */
    @Override
    public Progress step(Turn turn) {
        Source source = Routing.find(upstreams.sources(), turn.subject());
        if (source != null && !source.frozen()) {
            require(source, source.features());
        }
        return new Progress("", freshMillis);
    }

    /**
     * Sees to it that there is a copy of a source's summary, if it has one at all, as fresh as can be had.
     *
     * @throws UpstreamException if there is no copy and the source does not answer
     */
    void require(Source source, Features features) {
        String url = features.filter().summaryUrl();
        FilterStore.Summary known = url == null ? null : store.find(source.id());
        if (url == null || (known != null && (source.frozen() || known.freshUntil() > clock.millis()))) {
            return;
        }
        try {
            ComposerRepository.Validators validators = known == null
                    ? new ComposerRepository.Validators("", "")
                    : new ComposerRepository.Validators(known.modified(), known.etag());
            Fetched fetched = repository.fetchFile(source, url, validators, client.answer(LEFT_MILLIS));
            take(source, fetched, known);
        } catch (UpstreamException e) {
            if (known == null) {
                throw e;
            }
            log.write("warn", "upstream.failed", "upstream", source.id(), "problem", e.text());
            store.touch(source.id(), clock.millis() + RETRY_MILLIS);
        }
    }

    private void take(Source source, Fetched fetched, FilterStore.@Nullable Summary known) {
        long now = clock.millis();
        long freshUntil = now + freshMillis;
        if (fetched.outcome() == Fetched.Outcome.UNCHANGED) {
            store.touch(source.id(), freshUntil);
            return;
        }
        if (fetched.outcome() != Fetched.Outcome.FOUND) {
            throw unusable(source, "does not have the summary of filter lists that it names");
        }
        String digest = Hex.of(digests.sha256(fetched.json()));
        if (known != null && known.digest().equals(digest)) {
            store.touch(source.id(), freshUntil);
            return;
        }
        String entries = entries(source, fetched.json());
        store.save(
                source.id(),
                new FilterStore.Summary(digest, fetched.modified(), fetched.etag(), freshUntil),
                entries,
                now);
    }

    private static String entries(Source source, byte[] json) {
        String entries;
        try {
            entries = SummaryFile.entries(json);
        } catch (JsonException e) {
            throw unusable(source, "sent an unusable summary of filter lists: " + e.text());
        }
        if (entries.length() > SummaryFile.MAX_BYTES) {
            throw new UpstreamException(
                    Kind.OVER_LIMIT,
                    "upstream " + source.name() + " has longer filter lists than this instance takes in");
        }
        return entries;
    }

    private static UpstreamException unusable(Source source, String what) {
        return new UpstreamException(Kind.UNTRUSTED, "upstream " + source.name() + " " + what);
    }
}
