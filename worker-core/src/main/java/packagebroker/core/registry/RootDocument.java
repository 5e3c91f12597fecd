package packagebroker.core.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackagePattern;
import packagebroker.core.json.Json;
import packagebroker.core.mirror.Mirror;
import packagebroker.core.port.Joined;
import packagebroker.core.port.Row;
import packagebroker.core.text.Utf8;
import packagebroker.core.text.Words;
import packagebroker.core.upstream.Features;
import packagebroker.core.upstream.Freeze;
import packagebroker.core.upstream.UpstreamStore;

/**
 * {@code packages.json}: where the metadata is, and which names are worth asking for. The same for every token, so that a
 * client's cache serves all of them (P18).
 */
public final class RootDocument {
    /** Rises by a second with every change of this class that clients can see, and with it the document's date (P38). */
    private static final int FORM_MILLIS = 2_000;

    private static final String PATTERNS = "available-package-patterns";

    private static final String NEEDS_COMPOSER_2 =
            "This repository serves Composer 2 only, so Composer 1 finds no package in it. Update with: composer self-update --2";

    private static final String FROZEN =
            "This repository is frozen because of an incident, so it shows nothing newer than it has: ";

    private final RootStore store;
    private final UpstreamStore upstreams;
    private final long maxAgeMillis;
    private @Nullable Content remembered;
    private String rememberedFor = "";
    private long rememberedAt;
    private long rememberedEpoch;

    /** Creates it; {@code cacheSeconds} may be 0. What is remembered goes when the upstreams change. */
    public RootDocument(RootStore store, UpstreamStore upstreams, int cacheSeconds) {
        this.store = store;
        this.upstreams = upstreams;
        this.maxAgeMillis = cacheSeconds * 1000L;
    }

    /**
     * The document with the time of its last change, ms in whole seconds.
     *
     * @param fields what it says
     * @param offered the patterns of each upstream, by its id
     */
    record Content(
            byte[] json, Map<String, @Nullable Object> fields, Map<String, List<String>> offered, long lastModified) {
        /**
         * Returns the document as somebody sees it to whom not everything is open: it names the patterns that are, so that his
         * client asks for no other names, and nobody else's.
         */
        byte[] narrowed(List<PackagePattern> patterns, List<String> upstreams) {
            Map<String, @Nullable Object> narrowed = new LinkedHashMap<>(fields);
            List<String> own = new ArrayList<>();
            for (PackagePattern pattern : patterns) {
                own.add(pattern.text());
            }
            if (own.contains("*") && !upstreams.isEmpty()) {
                own = patterns(offered, upstreams);
                narrowed.remove(PATTERNS);
            }
            if (!own.contains("*")) {
                narrowed.put(PATTERNS, own);
            }
            return Utf8.encode(Json.write(narrowed));
        }
    }

    private boolean isRemembered(long now) {
        return remembered != null && now - rememberedAt < maxAgeMillis && rememberedEpoch == upstreams.epoch();
    }

    /** Returns the read that {@link #content} will want; null if the isolate remembers the answer. */
    @Nullable
    Joined lookup(long now) {
        return isRemembered(now) ? null : store.read();
    }

    /** Returns the document for a base URL. */
    Content content(String baseUrl, long now, @Nullable List<Row> rows) {
        Content known = remembered;
        if (known != null && isRemembered(now) && rememberedFor.equals(baseUrl)) {
            return known;
        }
        List<Row> read = rows == null ? store.load() : rows;
        Map<String, List<String>> offered = offered(read);
        Map<String, @Nullable Object> fields = fields(baseUrl, read, patterns(offered, offered.keySet()));
        Content content =
                new Content(Utf8.encode(Json.write(fields)), fields, offered, RootStore.modified(read) + FORM_MILLIS);
        if (now >= upstreams.changedAt()) {
            remembered = content;
            rememberedFor = baseUrl;
            rememberedAt = now;
            rememberedEpoch = upstreams.epoch();
        }
        return content;
    }

    private static Map<String, @Nullable Object> fields(String baseUrl, List<Row> rows, List<String> patterns) {
        // All of them absolute: a client resolves a bare path against the host, which loses the path of the base URL
        // (P3, P4).
        Map<String, @Nullable Object> root = Json.object(
                "packages",
                List.of(),
                "metadata-url",
                baseUrl + "/p2/%package%.json",
                "list",
                baseUrl + "/list.json",
                "search",
                baseUrl + "/search.json?q=%query%&type=%type%",
                "providers-api",
                baseUrl + "/providers/%package%.json",
                "notify-batch",
                baseUrl + "/downloads",
                "metadata-changes-url",
                baseUrl + "/metadata/changes.json",
                "warning",
                NEEDS_COMPOSER_2,
                "warning-versions",
                "<1.999");
        warn(root, Freeze.find(rows.get(0).findText("frozen")));
        root.put("security-advisories", Json.object("metadata", true, "api-url", baseUrl + "/security-advisories"));
        root.put("filter", filter(baseUrl, rows));
        // A client asks for no other names then, so nothing leaks to us; with a catch-all every name may be here (P13,
        // P14).
        if (!patterns.contains("*")) {
            root.put(PATTERNS, patterns);
        }
        // The mirrors that stand in a version itself are overwritten by the client with those of the root.
        if (hasMirrors(rows)) {
            String url = baseUrl + Mirror.DIST_TEMPLATE;
            root.put("mirrors", List.of(Json.object("dist-url", url, "preferred", true)));
        }
        return root;
    }

    private static void warn(Map<String, @Nullable Object> root, @Nullable Freeze freeze) {
        if (freeze != null) {
            root.put("warnings", List.of(Json.object("message", FROZEN + freeze.reason(), "versions", "*")));
        }
    }

    /** Returns what is said of filter lists: Composer's own one in any case, and whichever an upstream has (P8). */
    private static Map<String, @Nullable Object> filter(String baseUrl, List<Row> rows) {
        Map<String, @Nullable Object> lists = Json.object("malware", Json.object("enabled", true));
        for (Row row : rows) {
            String features = row.findText("features");
            for (String list :
                    Features.parse(features == null ? "" : features).filter().lists()) {
                lists.put(list, Json.object("enabled", true));
            }
        }
        return Json.object(
                "metadata",
                true,
                "lists",
                lists,
                "summary-url",
                baseUrl + "/filter/summary.json",
                "api-url",
                baseUrl + "/filter/entries");
    }

    private static boolean hasMirrors(List<Row> rows) {
        for (Row row : rows) {
            if ("mirror".equals(row.findText("mode"))) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, List<String>> offered(List<Row> rows) {
        Map<String, List<String>> offered = new LinkedHashMap<>();
        for (Row row : rows) {
            String upstream = row.findText("upstream");
            if (upstream != null) {
                offered.put(upstream, Words.of(row.text("patterns")));
            }
        }
        return offered;
    }

    /** Returns the patterns of some upstreams, each once. */
    private static List<String> patterns(Map<String, List<String>> offered, Collection<String> upstreams) {
        List<String> patterns = new ArrayList<>();
        for (String upstream : upstreams) {
            for (String pattern : offered.getOrDefault(upstream, List.of())) {
                if (!patterns.contains(pattern)) {
                    patterns.add(pattern);
                }
            }
        }
        return patterns;
    }
}
