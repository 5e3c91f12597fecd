package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.alert.Alert;
import packagebroker.core.alert.Decisions;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Reference;
import packagebroker.core.composer.Version;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.port.Random;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Sha256;

/**
 * Turns a file of an upstream into the one that we serve: each dist becomes ours, {@code source} goes, and a stable version
 * that suddenly names other bytes keeps what it named first.
 */
final class Rewriter {
    private final Random random;

    Rewriter(Random random) {
        this.random = random;
    }

    /**
     * What a rewriting starts from.
     *
     * @param known what was advertised before; this run adds to it
     * @param previous the file served so far, asked for only when a version is refused
     * @param context what binds the package: what is stored, and what was decided
     * @param extras the keys beside the packages
     * @param size about how many bytes the result will have
     * @param seen now, ms since 1970
     */
    record Task(
            PackageName name,
            boolean dev,
            Target target,
            UpstreamFile file,
            AdvertisedFile known,
            Previous previous,
            ContextStore.Context context,
            Map<String, JsonSlice> extras,
            int size,
            String seen) {
        Map<String, String> stored() {
            return context.stored();
        }

        Decisions decisions() {
            return context.decisions();
        }
    }

    /**
     * What URLs are written.
     *
     * @param baseUrl what ours begin with
     * @param mirror whether those of the upstream stay, with ours before them
     * @param upstreamId the upstream that the file is from
     */
    record Target(String baseUrl, boolean mirror, String upstreamId) {}

    /** Loads the file that is served so far. */
    interface Previous {
        /** Returns its bytes, or null if there is none. */
        byte @Nullable [] load();
    }

    /**
     * The outcome.
     *
     * @param refused what was offered and refused
     */
    record Rewritten(ByteSink document, int versions, List<Alert> refused, Summary summary) {}

    /** A version on its way through: what the upstream lists, the line that this makes, and whether it is refused. */
    private record Listed(Entry entry, @Nullable Advertised advertised, boolean refused) {
        Listed with(Entry expanded) {
            return new Listed(expanded, advertised, refused);
        }
    }

    /**
     * Rewrites a file. A minified list is passed on as the differences it consists of if all its versions are usable, of the
     * kind asked for, with a dist, newest first, each once, and none is refused. That is the rule, and saves expanding it.
     */
    Rewritten rewrite(Task task) {
        List<Listed> listed = new ArrayList<>();
        boolean asListed = task.file().isMinified();
        String before = null;
        for (Entry entry : task.file().entries()) {
            if (entry == null || entry.isDev() != task.dev()) {
                asListed = false;
                continue;
            }
            Entry.UpstreamDist dist = entry.dist();
            Advertised advertised = dist == null ? null : advertised(task, entry, dist);
            boolean inOrder = before == null || Version.compareNewestFirst(before, entry.normalized()) < 0;
            boolean refused = advertised != null && isOther(task, advertised);
            asListed &= inOrder && advertised != null && !refused && !leadsPast(task, advertised);
            before = entry.normalized();
            listed.add(new Listed(entry, advertised, refused));
        }
        return rewrite(task, asListed ? listed : expanded(task, listed), asListed);
    }

    /** Returns whether a version of mode mirror has to do without its source, since its URL is not kept either. */
    private static boolean leadsPast(Task task, Advertised advertised) {
        return task.target().mirror() && !DistJson.keepsUrl(task, advertised);
    }

    /** Returns the same versions with all their keys, newest first. */
    private static List<Listed> expanded(Task task, List<Listed> listed) {
        List<Listed> expanded = new ArrayList<>();
        for (Entry entry : task.file().expanded()) {
            if (entry.isDev() == task.dev()) {
                expanded.add(listed.get(expanded.size()).with(entry));
            }
        }
        expanded.sort((left, right) -> Version.compareNewestFirst(
                left.entry().normalized(), right.entry().normalized()));
        return expanded;
    }

    private Rewritten rewrite(Task task, List<Listed> listed, boolean asListed) {
        Map<String, Map<String, JsonSlice>> versions = new LinkedHashMap<>();
        List<Alert> refused = new ArrayList<>();
        List<Map<String, JsonSlice>> withDist = new ArrayList<>();
        ByteSink dists = new ByteSink(listed.size() * 300);
        List<Integer> ends = new ArrayList<>();
        for (Listed one : listed) {
            Entry entry = one.entry();
            Advertised advertised = one.advertised();
            if (versions.containsKey(entry.normalized())) {
                continue; // Two spellings of one version: the first stands.
            }
            versions.put(entry.normalized(), entry.fields());
            if (advertised != null && one.refused()) {
                refused.add(refusal(task, advertised));
            } else if (advertised != null && entry.dist() != null) {
                task.known().put(advertised, task.stored().containsKey(advertised.path()));
                if (leadsPast(task, advertised)) {
                    entry.fields().remove("source");
                }
                DistJson.append(dists, task, advertised);
                withDist.add(entry.fields());
                ends.add(dists.length());
            }
        }
        putDists(withDist, dists.toBytes(), ends);
        if (!refused.isEmpty()) {
            restore(task, versions, refused);
            refused.removeIf(task.decisions()::dismisses);
            Warnings.add(task.file().extras(), task.extras(), refused);
        }
        List<Map<String, JsonSlice>> served = new ArrayList<>(versions.values());
        ByteSink document = asListed
                ? ServedFile.writeDifferences(task.name(), served, task.extras(), task.size())
                : ServedFile.write(task.name(), served, task.extras(), task.size());
        return new Rewritten(document, served.size(), refused, Summary.of(versions, asListed));
    }

    /** Puts each dist, cut out of one array that holds them all, into its version. */
    private static void putDists(List<Map<String, JsonSlice>> versions, byte[] dists, List<Integer> ends) {
        int start = 0;
        for (int i = 0; i < versions.size(); i++) {
            versions.get(i).put("dist", JsonSlice.of(dists, start, ends.get(i)));
            start = ends.get(i);
        }
    }

    /**
     * Returns whether a version names other bytes than it did at first, or than were accepted for it since. Another reference of
     * a stable version is refused whether or not it was downloaded; other bytes of the same reference only once there are bytes
     * to differ from.
     */
    private static boolean isOther(Task task, Advertised now) {
        Decisions.Accepted accepted = accepted(task, now);
        if (accepted != null && !isAccepted(accepted, now)) {
            return true;
        }
        Advertised first = first(task, now, accepted != null);
        if (first == null) {
            return false;
        }
        if (!first.reference().equals(now.reference())) {
            return true;
        }
        String stored = task.stored().get(first.path());
        boolean otherShasum = !now.shasum().isEmpty() && !now.shasum().equals(stored);
        return stored != null && (otherShasum || !first.path().equals(now.path()));
    }

    /** Returns the line that a version is held to: of a branch, or once another was accepted, that of its own path. */
    private static @Nullable Advertised first(Task task, Advertised now, boolean accepted) {
        return accepted || now.isDev()
                ? task.known().find(now.path())
                : task.known().findFirst(now.normalized());
    }

    private static Decisions.@Nullable Accepted accepted(Task task, Advertised now) {
        return task.decisions().find(now.normalized(), now.reference());
    }

    private static boolean isAccepted(Decisions.Accepted accepted, Advertised now) {
        boolean sameReference = accepted.reference().equals(now.reference());
        return accepted.retag()
                ? sameReference
                : sameReference && accepted.path().equals(now.path());
    }

    /** Returns the alert about a version that is other than it was. */
    private Alert refusal(Task task, Advertised now) {
        Decisions.Accepted accepted = accepted(task, now);
        Advertised first = first(task, now, false);
        String reference = accepted != null ? accepted.reference() : first == null ? "" : first.reference();
        boolean retag = !now.isDev() && !reference.equals(now.reference());
        String stored = task.stored().get(now.path());
        boolean isTaken =
                stored != null && !now.shasum().isEmpty() && !now.shasum().equals(stored);
        return new Alert(
                retag ? Alert.Kind.RETAG : Alert.Kind.BYTES,
                Hex.of(random.bytes(8)),
                task.name().toString(),
                now.normalized(),
                now.reference(),
                now.shasum(),
                isTaken ? Advertised.variant(now.path(), now.shasum()) : now.path(),
                accepted != null ? accepted.path() : first == null ? "" : first.path());
    }

    /** Puts back what was served for the refused versions, with the URLs of today; what was never served is left out. */
    private static void restore(Task task, Map<String, Map<String, JsonSlice>> versions, List<Alert> refused) {
        byte[] served = task.previous().load();
        Map<String, Map<String, JsonSlice>> before = served == null ? new HashMap<>() : ServedFile.read(served);
        for (Alert alert : refused) {
            String normalized = alert.version();
            Map<String, JsonSlice> kept = before.get(normalized);
            Advertised line = kept == null ? null : DistJson.find(task.known(), normalized, kept.get("dist"));
            if (kept == null || line == null) {
                versions.remove(normalized);
                continue;
            }
            Map<String, JsonSlice> fields = new LinkedHashMap<>(kept);
            ByteSink dist = new ByteSink(300);
            DistJson.append(dist, task, line);
            fields.put("dist", JsonSlice.of(dist.toBytes()));
            if (!DistJson.keepsUrl(task, line)) {
                fields.remove("source");
            }
            versions.put(normalized, fields);
        }
    }

    private static Advertised advertised(Task task, Entry entry, Entry.UpstreamDist dist) {
        Reference reference = dist.reference();
        String key = reference == null ? keyWithoutReference(entry, dist) : reference.key();
        String path = Version.pathSegment(entry.normalized()) + "/r" + key + "." + dist.type();
        String written = reference == null ? "" : reference.text();
        return new Advertised(
                ownPath(task, path, dist.shasum()),
                entry.normalized(),
                written,
                dist.shasum(),
                task.seen(),
                dist.url(),
                released(task, entry));
    }

    /** Returns when a version was released: of a stable one that is known, that does not change any more. */
    private static String released(Task task, Entry entry) {
        Advertised first = entry.isDev() ? null : task.known().findFirst(entry.normalized());
        return first == null ? Advertised.credible(entry.time(), task.seen()) : "" + first.releasedAt();
    }

    /**
     * Returns the path of an archive that may be another than the one stored under its usual path: of bytes that were accepted,
     * or of a name that was given free and has another owner now. The usual path keeps what it has (P49).
     */
    private static String ownPath(Task task, String path, String shasum) {
        if (!shasum.isEmpty() && task.decisions().accepts(Advertised.variant(path, shasum))) {
            return Advertised.variant(path, shasum);
        }
        String stored = task.known().find(path) == null ? task.stored().get(path) : null;
        if (stored == null || stored.equals(shasum)) {
            return path;
        }
        if (task.context().foreign().contains(path)) {
            return Advertised.variant(path, Hex.of(Sha256.of(task.target().upstreamId())));
        }
        return shasum.isEmpty() ? path : Advertised.variant(path, shasum);
    }

    private static String keyWithoutReference(Entry entry, Entry.UpstreamDist dist) {
        String identity = dist.url() + "\n" + dist.shasum() + "\n" + entry.normalized();
        return "n" + Hex.of(Sha256.of(identity)).substring(0, 16);
    }
}
