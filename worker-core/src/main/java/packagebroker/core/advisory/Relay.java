package packagebroker.core.advisory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import packagebroker.core.composer.PackageName;
import packagebroker.core.mirror.Routing;
import packagebroker.core.port.Clock;
import packagebroker.core.port.Digests;
import packagebroker.core.port.Log;
import packagebroker.core.port.Ports;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Utf8;
import packagebroker.core.upstream.Features;
import packagebroker.core.upstream.Probe;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamClient;
import packagebroker.core.upstream.UpstreamException;
import packagebroker.core.upstream.UpstreamStore;

/**
 * Puts questions about packages to the upstreams that may be asked for them, and keeps what they answer. A package that
 * somebody owns is asked about there and nowhere else; for one that nobody owns yet, the same upstreams are asked as for the
 * package itself. While an upstream fails, its last answers are passed on; without one the failure is.
 */
public final class Relay {
    private static final int ALL_MILLIS = 8_000;
    private static final long RETRY_MILLIS = 30_000;

    private final RelayStore store;
    private final UpstreamStore upstreams;
    private final Probe probe;
    private final UpstreamClient client;
    private final Digests digests;
    private final Clock clock;
    private final Log log;
    private final long freshMillis;

    /** Creates the relay; answers are fresh for {@code freshMillis}. */
    public Relay(Ports ports, UpstreamStore upstreams, Probe probe, UpstreamClient client, long freshMillis) {
        this.store = new RelayStore(ports.database());
        this.upstreams = upstreams;
        this.probe = probe;
        this.client = client;
        this.digests = ports.digests();
        this.clock = ports.clock();
        this.log = ports.log();
        this.freshMillis = freshMillis;
    }

    /** A package with those who may be asked about it, in the order in which they are. */
    record Asked(PackageName name, List<Source> sources) {
        String text() {
            return name.toString();
        }
    }

    /** What is known of packages, and who may say something about each. */
    record Findings(List<Asked> asked, RelayStore.Known known, Question question) {
        /** Returns what upstreams answered about a package, in the order in which they are asked. */
        List<String> answers(Asked of) {
            return answers(of, of.sources().size());
        }

        /** Returns what the first {@code count} of the upstreams answered. */
        List<String> answers(Asked of, int count) {
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < Math.min(count, of.sources().size()); i++) {
                Source source = of.sources().get(i);
                String copy = isAnsweredBy(question, source) ? known.findCopy(of.text(), source.id()) : null;
                if (copy != null && !copy.isEmpty()) {
                    answers.add(copy);
                }
            }
            return answers;
        }
    }

    /** Returns whether an upstream answers a question, as far as we know. */
    private static boolean isAnsweredBy(Question question, Source source) {
        return !source.features().isKnown() || question.findUrl(source.features()) != null;
    }

    /**
     * Returns what is known of some packages, after asking about them where that was not done a moment ago.
     *
     * @throws UpstreamException if an upstream fails and its answer about one of them was never kept
     */
    Findings ask(Question question, List<PackageName> names) {
        List<Source> sources = upstreams.sources();
        List<String> texts = texts(names);
        String key = key(question, texts, sources);
        RelayStore.Known known = store.know(texts, question.kind(), key);
        List<Asked> asked = new ArrayList<>();
        for (PackageName name : names) {
            String owner = known.owners().get(name.toString());
            asked.add(new Asked(name, Routing.candidates(sources, name, owner)));
        }
        Findings findings = new Findings(asked, known, question);
        Inquiry inquiry = new Inquiry(question, known, probe, client);
        long now = clock.millis();
        for (int turn = 0; turn < sources.size() && inquiry.missing() == null; turn++) {
            // What was answered once stands while the instance is frozen.
            boolean fresh = known.freshUntil() > now || sources.get(turn).frozen();
            for (Map.Entry<String, List<String>> open :
                    open(findings, turn, fresh).entrySet()) {
                Source source = Routing.find(sources, open.getKey());
                if (source != null) {
                    inquiry.ask(source, open.getValue(), () -> (int) (now + ALL_MILLIS - clock.millis()));
                }
            }
        }
        settle(inquiry, question, key);
        return findings;
    }

    /** Returns the packages that are still to be asked about at their upstream of this turn. */
    private static Map<String, List<String>> open(Findings findings, int turn, boolean fresh) {
        Map<String, List<String>> open = new LinkedHashMap<>();
        for (Asked asked : findings.asked()) {
            Source source = turn < asked.sources().size() ? asked.sources().get(turn) : null;
            boolean ended = findings.question().endsWithAnAnswer()
                    && !findings.answers(asked, turn).isEmpty();
            if (source != null && !ended && isAnsweredBy(findings.question(), source)) {
                if (!fresh || findings.known().findCopy(asked.text(), source.id()) == null) {
                    open.computeIfAbsent(source.id(), id -> new ArrayList<>()).add(asked.text());
                }
            }
        }
        return open;
    }

    private void settle(Inquiry inquiry, Question question, String key) {
        for (Map.Entry<String, UpstreamException> failure : inquiry.failures().entrySet()) {
            log.write(
                    "warn",
                    "upstream.failed",
                    "upstream",
                    failure.getKey(),
                    "problem",
                    failure.getValue().text());
        }
        UpstreamException missing = inquiry.missing();
        if (inquiry.isMade()) {
            long fresh = missing != null ? 0 : inquiry.failures().isEmpty() ? freshMillis : RETRY_MILLIS;
            store.save(question.kind(), inquiry.answers(), key, clock.millis() + fresh);
        }
        if (missing != null) {
            throw missing;
        }
    }

    static List<String> texts(List<PackageName> names) {
        List<String> texts = new ArrayList<>(names.size());
        for (PackageName name : names) {
            texts.add(name.toString());
        }
        return texts;
    }

    /** Returns what identifies a question: its kind, its packages, and the upstreams as they are. */
    private String key(Question question, List<String> names, List<Source> sources) {
        StringBuilder identity = new StringBuilder(question.kind());
        for (Source source : sources) {
            identity.append('\n').append(source.id()).append(source.features().text());
        }
        List<String> sorted = new ArrayList<>(names);
        sorted.sort(String::compareTo);
        for (String name : sorted) {
            identity.append('\n').append(name);
        }
        return Hex.of(digests.sha256(Utf8.encode(identity.toString())));
    }

    /** Returns what a source offers. */
    Features features(Source source) {
        return probe.features(source);
    }

    /** Returns the store, for what answers rest on beside upstreams. */
    RelayStore store() {
        return store;
    }
}
