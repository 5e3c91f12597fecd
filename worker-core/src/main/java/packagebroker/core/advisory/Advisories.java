package packagebroker.core.advisory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.mirror.Mirror;
import packagebroker.core.port.Clock;
import packagebroker.core.text.Utf8;
import packagebroker.core.upstream.Features;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamException;

/** The advisories of packages: what their upstreams say of them, and what we do. */
final class Advisories {
    private static final int MAX_REFRESHED = 20;
    private static final int REFRESH_MILLIS = 4_000;
    private static final String KEY = "security-advisories";

    private final Relay relay;
    private final Mirror mirror;
    private final Clock clock;
    private final Question question = new AdvisoryQuestion();

    Advisories(Relay relay, Mirror mirror, Clock clock) {
        this.relay = relay;
        this.clock = clock;
        this.mirror = mirror;
    }

    /** Who wants to know, as the mirror wants to hear it of each document that is read for the answer. */
    interface Cause {
        /** Returns the request for a package's stable document. */
        Mirror.Ask ask(PackageName name);
    }

    /**
     * Returns the list of each package of which something is known, be it that there are none; as JSON, by name, in order.
     *
     * @throws UpstreamException if an upstream fails whose last answer we do not have
     */
    Map<String, String> of(List<PackageName> names, Cause cause, long now) {
        Relay.Findings findings = relay.ask(question, names);
        Map<String, String> inFiles = inFiles(findings, cause, now);
        Map<String, String> lists = new LinkedHashMap<>();
        for (Relay.Asked asked : findings.asked()) {
            String name = asked.text();
            List<String> answers = findings.answers(asked);
            String theirs = answers.isEmpty() ? inFiles.get(name) : answers.get(0);
            List<String> own = findings.known().own().getOrDefault(name, List.of());
            if (theirs != null || !own.isEmpty()) {
                lists.put(name, joined(theirs == null ? "[]" : theirs, own));
            }
        }
        return lists;
    }

    private static String joined(String list, List<String> own) {
        if (own.isEmpty()) {
            return list;
        }
        String open = list.substring(0, list.length() - 1);
        return (open.length() == 1 ? open : open + ",") + String.join(",", own) + "]";
    }

    /** Returns the lists of packages whose upstreams tell them in the packages' files only. */
    private Map<String, String> inFiles(Relay.Findings findings, Cause cause, long now) {
        Map<String, Source> sources = new LinkedHashMap<>();
        for (Relay.Asked asked : findings.asked()) {
            Source owner = findings.known().owners().containsKey(asked.text())
                            && !asked.sources().isEmpty()
                    ? asked.sources().get(0)
                    : null;
            if (owner != null && isInFiles(relay.features(owner))) {
                sources.put(asked.text(), owner);
            }
        }
        Map<String, String> lists = new LinkedHashMap<>();
        if (sources.isEmpty()) {
            return lists;
        }
        List<String> names = new ArrayList<>(sources.keySet());
        for (String stale : relay.store().stale(names, now, MAX_REFRESHED)) {
            if (clock.millis() < now + REFRESH_MILLIS) {
                mirror.document(cause.ask(PackageName.parse(stale)), null);
            }
        }
        for (Map.Entry<String, String> extras : relay.store().extras(names).entrySet()) {
            Source source = sources.get(extras.getKey());
            String list = source == null ? null : list(extras.getValue(), source);
            if (list != null) {
                lists.put(extras.getKey(), list);
            }
        }
        return lists;
    }

    private static boolean isInFiles(Features features) {
        return features.advisories().metadata() && features.advisories().apiUrl() == null;
    }

    private static @Nullable String list(String extras, Source source) {
        Map<String, JsonSlice> fields = JsonSlice.of(Utf8.encode(extras)).findFields();
        JsonSlice listed = fields == null ? null : fields.get(KEY);
        try {
            return listed == null ? null : AdvisoryList.of(listed, source);
        } catch (JsonException e) {
            throw new UpstreamException(
                    UpstreamException.Kind.UNTRUSTED,
                    "upstream " + source.name() + " lists unusable advisories: " + e.text());
        }
    }
}
