package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Reference;
import packagebroker.core.composer.Version;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.port.Digests;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Percent;
import packagebroker.core.text.Utf8;

/**
 * Turns a file of an upstream into the one that we serve: each dist becomes ours, {@code source} goes, and a stable version
 * that suddenly names other bytes keeps what it named first.
 */
final class Rewriter {
    private final Digests digests;

    Rewriter(Digests digests) {
        this.digests = digests;
    }

    /**
     * What a rewriting starts from.
     *
     * @param known what was advertised before; this run adds to it
     * @param previous the file served so far, asked for only when a version is refused
     * @param stored the SHA-1 of each archive that is stored, by its path
     */
    record Task(
            PackageName name,
            boolean dev,
            String baseUrl,
            UpstreamFile file,
            AdvertisedFile known,
            Previous previous,
            Map<String, String> stored,
            long now) {}

    /** Loads the file that is served so far. */
    interface Previous {
        /** Returns its bytes, or null if there is none. */
        byte @Nullable [] load();
    }

    /**
     * The outcome.
     *
     * @param refused versions whose new reference was refused, each with that reference
     */
    record Rewritten(byte[] document, int versions, Map<String, String> refused) {}

    /** Rewrites a file. */
    Rewritten rewrite(Task task) {
        List<Entry> entries = new ArrayList<>();
        for (Entry entry : task.file().entries()) {
            if (entry.isDev() == task.dev()) {
                entries.add(entry);
            }
        }
        entries.sort((left, right) -> Version.compareNewestFirst(left.normalized(), right.normalized()));
        Map<String, Map<String, JsonSlice>> versions = new LinkedHashMap<>();
        Map<String, String> refused = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (versions.containsKey(entry.normalized())) {
                continue; // Two spellings of one version: the first stands.
            }
            Advertised advertised = entry.dist() == null ? null : advertised(task, entry, entry.dist());
            if (advertised != null && isOther(task, advertised)) {
                refused.put(entry.normalized(), advertised.reference());
                versions.put(entry.normalized(), Map.of());
            } else {
                versions.put(entry.normalized(), served(task, entry, advertised));
            }
        }
        if (!refused.isEmpty()) {
            restore(task.previous(), versions, refused);
        }
        List<Map<String, JsonSlice>> served = new ArrayList<>(versions.values());
        byte[] document = ServedFile.write(task.name(), served, task.file().extras(), 64 * 1024);
        return new Rewritten(document, served.size(), refused);
    }

    /**
     * Returns whether a version names other bytes than it did at first. Another reference of a stable version is refused
     * whether or not it was downloaded; other bytes of the same reference only once there are bytes to differ from.
     */
    private static boolean isOther(Task task, Advertised now) {
        Advertised first =
                now.isDev() ? task.known().find(now.path()) : task.known().findFirst(now.normalized());
        if (first == null) {
            return false;
        }
        if (!first.reference().equals(now.reference())) {
            return true;
        }
        boolean stored = task.stored().containsKey(first.path());
        boolean otherShasum = !now.shasum().isEmpty()
                && !first.shasum().isEmpty()
                && !now.shasum().equals(first.shasum());
        return stored && (otherShasum || !first.path().equals(now.path()));
    }

    /** Puts back what was served for the refused versions; what was never served is left out. */
    private static void restore(
            Previous previous, Map<String, Map<String, JsonSlice>> versions, Map<String, String> refused) {
        byte[] served = previous.load();
        Map<String, Map<String, JsonSlice>> before = served == null ? new HashMap<>() : ServedFile.read(served);
        for (String normalized : refused.keySet()) {
            Map<String, JsonSlice> kept = before.get(normalized);
            if (kept == null) {
                versions.remove(normalized);
            } else {
                versions.put(normalized, kept);
            }
        }
    }

    private Advertised advertised(Task task, Entry entry, Entry.UpstreamDist dist) {
        String key =
                dist.reference().isEmpty() ? keyWithoutReference(entry, dist) : new Reference(dist.reference()).key();
        return new Advertised(
                Version.pathSegment(entry.normalized()),
                key,
                entry.normalized(),
                dist.reference(),
                dist.type(),
                dist.shasum(),
                task.now(),
                dist.url());
    }

    private String keyWithoutReference(Entry entry, Entry.UpstreamDist dist) {
        String identity = dist.url() + "\n" + dist.shasum() + "\n" + entry.normalized();
        return "n" + Hex.of(digests.sha256(Utf8.encode(identity))).substring(0, 16);
    }

    private static Map<String, JsonSlice> served(Task task, Entry entry, @Nullable Advertised advertised) {
        if (advertised == null) {
            return entry.fields();
        }
        task.known().put(advertised, task.stored().containsKey(advertised.path()));
        String shasum = advertised.shasum();
        String sha1 = shasum.isEmpty() ? task.stored().getOrDefault(advertised.path(), "") : shasum;
        // Every part was vetted, so none needs an escape.
        String reference = advertised.reference().isEmpty() ? "null" : "\"" + advertised.reference() + "\"";
        String json = "{\"type\":\"" + advertised.type() + "\",\"url\":\"" + url(task, advertised) + "\",\"reference\":"
                + reference + ",\"shasum\":\"" + sha1 + "\"}";
        Map<String, JsonSlice> fields = entry.fields();
        fields.put("dist", JsonSlice.of(Utf8.encode(json)));
        return fields;
    }

    private static String url(Task task, Advertised advertised) {
        return task.baseUrl() + "/dist/" + task.name() + "/" + Percent.encode(advertised.segment()) + "/r"
                + advertised.key() + "." + advertised.type();
    }
}
