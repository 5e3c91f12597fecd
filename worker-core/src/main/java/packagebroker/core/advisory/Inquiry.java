package packagebroker.core.advisory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.JsonException;
import packagebroker.core.upstream.Features;
import packagebroker.core.upstream.Probe;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamClient;
import packagebroker.core.upstream.UpstreamException;
import packagebroker.core.upstream.UpstreamException.Kind;

/** One question on its way to upstreams: in bounded batches, by a common deadline, and what came of it. */
final class Inquiry {
    private static final int MAX_NAMES = 1_000;

    private final Question question;
    private final RelayStore.Known known;
    private final Probe probe;
    private final UpstreamClient client;
    private final Map<String, UpstreamException> failures = new HashMap<>();
    private final Map<String, Map<String, String>> came = new LinkedHashMap<>();
    private @Nullable UpstreamException missing;

    Inquiry(Question question, RelayStore.Known known, Probe probe, UpstreamClient client) {
        this.question = question;
        this.known = known;
        this.probe = probe;
        this.client = client;
    }

    /** Some time that is running out. */
    interface Deadline {
        /** Returns what is left, in ms. */
        int left();
    }

    /** Asks one upstream about some packages; what it does not answer now, its last answers have to. */
    void ask(Source source, List<String> names, Deadline deadline) {
        for (int from = 0; from < names.size(); from += MAX_NAMES) {
            List<String> some = names.subList(from, Math.min(names.size(), from + MAX_NAMES));
            if (!failures.containsKey(source.id())) {
                tryToAsk(source, some, deadline);
            }
            UpstreamException failure = failures.get(source.id());
            for (String name : some) {
                if (failure != null && known.findCopy(name, source.id()) == null) {
                    missing = failure;
                }
            }
        }
    }

    private void tryToAsk(Source source, List<String> names, Deadline deadline) {
        try {
            Features features = probe.features(source);
            String url = question.findUrl(features);
            if (url == null) {
                return;
            }
            int left = deadline.left();
            if (left <= 0) {
                throw new UpstreamException(Kind.TIMEOUT, "upstream " + source.name() + " was left too little time");
            }
            byte[] put = question.put(features, names);
            byte[] json = client.post(source, url, question.contentType(), put, client.answer(left));
            keep(source, names, question.read(json, source, names));
        } catch (JsonException e) {
            String message = "upstream " + source.name() + " sent an unusable answer: " + e.text();
            failures.put(source.id(), new UpstreamException(Kind.UNTRUSTED, message));
        } catch (UpstreamException e) {
            failures.put(source.id(), e);
        }
    }

    private void keep(Source source, List<String> names, Map<String, String> answers) {
        Map<String, String> kept = came.computeIfAbsent(source.id(), id -> new LinkedHashMap<>());
        for (String name : names) {
            String answer = answers.getOrDefault(name, "");
            kept.put(name, answer);
            known.putCopy(name, source.id(), answer);
        }
    }

    /** Returns whether anybody was asked. */
    boolean isMade() {
        return !came.isEmpty() || !failures.isEmpty();
    }

    /** Returns the failures, by upstream. */
    Map<String, UpstreamException> failures() {
        return failures;
    }

    /** Returns a failure for which there is no answer of old to stand in, or null. */
    @Nullable
    UpstreamException missing() {
        return missing;
    }

    /** Returns what came. */
    List<RelayStore.Answers> answers() {
        List<RelayStore.Answers> answers = new ArrayList<>();
        for (Map.Entry<String, Map<String, String>> of : came.entrySet()) {
            answers.add(new RelayStore.Answers(of.getKey(), of.getValue()));
        }
        return answers;
    }
}
