package packagebroker.core.advisory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.mirror.Routing;
import packagebroker.core.port.Row;
import packagebroker.core.text.Utf8;
import packagebroker.core.upstream.Features;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamException;
import packagebroker.core.upstream.UpstreamStore;

/**
 * What the filter lists of all upstreams say, each only of packages that it may speak of: those it owns, and those that nobody
 * owns and that would be asked for there.
 */
final class FilterLists {
    private static final String KEY = "filter";

    private final Relay relay;
    private final Summaries summaries;
    private final UpstreamStore upstreams;
    private final Question question = new FilterQuestion();

    FilterLists(Relay relay, Summaries summaries, UpstreamStore upstreams) {
        this.relay = relay;
        this.summaries = summaries;
        this.upstreams = upstreams;
    }

    /** What is in force: for each list the versions of each package, and when that last changed, ms in whole seconds. */
    record InForce(Map<String, Map<String, String>> byList, long modified) {}

    /** Decides which packages are shown. */
    interface Sight {
        /** Returns whether a package is shown. */
        boolean shows(PackageName name);
    }

    /**
     * Returns what is in force for some packages.
     *
     * @throws UpstreamException if an upstream fails whose summary we do not have
     */
    InForce inForce(Sight sight) {
        List<Source> sources = upstreams.sources();
        Map<String, List<String>> lists = new HashMap<>();
        for (Source source : sources) {
            Features features = relay.features(source);
            lists.put(source.id(), features.filter().lists());
            summaries.require(source, features);
        }
        FilterStore.All all = summaries.store().all();
        Map<String, Map<String, String>> byList = new LinkedHashMap<>(); // The rows come in order.
        for (Row row : all.entries()) {
            PackageName name = PackageName.findExact(row.text("package"));
            Source source = Routing.find(sources, row.text("upstream"));
            boolean counts = name != null
                    && source != null
                    && sight.shows(name)
                    && lists.getOrDefault(source.id(), List.of()).contains(row.text("list"))
                    && Routing.find(Routing.candidates(sources, name, row.findText("owner")), source.id()) != null;
            if (counts) {
                Map<String, String> packages = byList.computeIfAbsent(row.text("list"), list -> new LinkedHashMap<>());
                String other = packages.get(row.text("package"));
                packages.put(row.text("package"), either(row.text("versions"), other));
            }
        }
        return new InForce(byList, all.modified());
    }

    private static String either(String versions, @Nullable String other) {
        return other == null || other.equals(versions) ? versions : other + "|" + versions;
    }

    /**
     * Returns the entries about some packages, of some lists or, for null, of all.
     *
     * @throws UpstreamException if an upstream fails whose last answer we do not have
     */
    FilterEntries entries(List<PackageName> names, @Nullable List<String> lists) {
        Relay.Findings findings = relay.ask(question, names);
        Map<String, Features> features = new LinkedHashMap<>();
        Set<String> offered = new LinkedHashSet<>();
        for (Relay.Asked asked : findings.asked()) {
            for (Source source : asked.sources()) {
                if (!features.containsKey(source.id())) {
                    Features known = relay.features(source);
                    features.put(source.id(), known);
                    offered.addAll(known.filter().lists());
                    if (known.filter().isSummarized()) {
                        summaries.require(source, known);
                    }
                }
            }
        }
        return entries(findings, features, new ArrayList<>(lists == null ? offered : lists));
    }

    private FilterEntries entries(Relay.Findings findings, Map<String, Features> features, List<String> lists) {
        Map<String, Map<String, List<String>>> summarized = summarized(findings, features, lists);
        List<String> filed = inFiles(findings, features, summarized.keySet());
        Map<String, String> extras = filed.isEmpty() ? Map.of() : relay.store().extras(filed);
        FilterEntries entries = new FilterEntries();
        for (Relay.Asked asked : findings.asked()) {
            String name = asked.text();
            for (String answer : findings.answers(asked)) {
                entries.addAll(JsonSlice.of(Utf8.encode(answer)), name, lists);
            }
            addFiled(entries, asked, extras.getOrDefault(name, ""), lists);
            for (Map.Entry<String, List<String>> list :
                    summarized.getOrDefault(name, Map.of()).entrySet()) {
                for (String versions : list.getValue()) {
                    entries.addUnlessCovered(list.getKey(), name, versions);
                }
            }
        }
        return entries;
    }

    /** Adds what a package's file says of it. */
    private static void addFiled(FilterEntries entries, Relay.Asked asked, String extras, List<String> lists) {
        if (extras.isEmpty()) {
            return;
        }
        Map<String, JsonSlice> fields = JsonSlice.of(Utf8.encode(extras)).findFields();
        JsonSlice filter = fields == null ? null : fields.get(KEY);
        try {
            if (filter != null) {
                entries.addAll(filter, asked.text(), lists);
            }
        } catch (JsonException e) {
            throw new UpstreamException(
                    UpstreamException.Kind.UNTRUSTED,
                    "upstream " + asked.sources().get(0).name() + " sent unusable filter lists: " + e.text());
        }
    }

    /** Returns what summaries say: by package, for each list, the versions that each summary names. */
    private Map<String, Map<String, List<String>>> summarized(
            Relay.Findings findings, Map<String, Features> features, List<String> lists) {
        Map<String, Map<String, List<String>>> byName = new HashMap<>();
        Map<String, List<Source>> sources = new LinkedHashMap<>();
        for (Relay.Asked asked : findings.asked()) {
            sources.put(asked.text(), asked.sources());
        }
        for (Row row : summaries.store().of(new ArrayList<>(sources.keySet()))) {
            String list = row.text("list");
            Source source = Routing.find(sources.getOrDefault(row.text("package"), List.of()), row.text("upstream"));
            Features known = source == null ? null : features.get(source.id());
            if (known != null
                    && known.filter().isSummarized()
                    && known.filter().lists().contains(list)
                    && lists.contains(list)) {
                byName.computeIfAbsent(row.text("package"), name -> new LinkedHashMap<>())
                        .computeIfAbsent(list, unknown -> new ArrayList<>())
                        .add(row.text("versions"));
            }
        }
        return byName;
    }

    /** Returns the packages whose owner tells in their files what there is to tell. */
    private static List<String> inFiles(
            Relay.Findings findings, Map<String, Features> features, Set<String> summarized) {
        List<String> names = new ArrayList<>();
        for (Relay.Asked asked : findings.asked()) {
            boolean owned = findings.known().owners().containsKey(asked.text())
                    && !asked.sources().isEmpty();
            Features known = owned ? features.get(asked.sources().get(0).id()) : null;
            boolean filed = known != null
                    && (known.filter().isInFilesOnly()
                            || (known.filter().isSummarized() && summarized.contains(asked.text())));
            if (filed) {
                names.add(asked.text());
            }
        }
        return names;
    }
}
