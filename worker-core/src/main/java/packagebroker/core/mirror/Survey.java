package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.composer.Limits;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.PackagePattern;
import packagebroker.core.composer.Reference;
import packagebroker.core.composer.Version;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Urls;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamException;
import packagebroker.core.upstream.UpstreamStore;

/**
 * What we know of many archives at once: of all that a lock names. It reads our own copies first, and brings in a bounded
 * number of packages that are new to us.
 */
public final class Survey {
    /** How many of our own documents are looked through. */
    private static final int MAX_READS = 300;

    /** How many packages are brought in or refreshed: two files each at most, beside the roots of their upstreams. */
    public static final int MAX_FETCHES = 20;

    private final Mirror mirror;
    private final SurveyStore store;
    private final DocumentStore documents;
    private final DocumentFiles files;
    private final UpstreamStore upstreams;
    private final Urls urls;

    /** Creates it over the mirror. */
    public Survey(Ports ports, Mirror mirror, UpstreamStore upstreams) {
        this.mirror = mirror;
        this.store = new SurveyStore(ports.database());
        this.documents = new DocumentStore(ports.database());
        this.files = new DocumentFiles(ports, documents, upstreams);
        this.upstreams = upstreams;
        this.urls = ports.urls();
    }

    /**
     * An archive that is asked about.
     *
     * @param reference its reference, or empty
     * @param shasum the SHA-1 that it shall have, or empty
     * @param url where somebody else has it
     * @param notified whom its installations are told, or empty
     */
    public record Subject(
            PackageName name,
            String normalized,
            String reference,
            String type,
            String shasum,
            String url,
            String notified) {

        boolean isDev() {
            return Version.isDev(normalized);
        }

        /** Returns the paths under which it may be known: none without a usable reference, and that of accepted bytes first. */
        List<String> paths() {
            Reference found = reference.isEmpty() ? null : Reference.find(reference);
            if (found == null) {
                return List.of();
            }
            String path = Version.pathSegment(normalized) + "/r" + found.key() + "." + type;
            return shasum.isEmpty() ? List.of(path) : List.of(Advertised.variant(path, shasum), path);
        }

        /** Returns the subject of the alert that its refusal raised. */
        String refusal() {
            return name + " " + normalized + " " + reference;
        }
    }

    /** How an archive stands here. */
    public enum Standing {
        /** It can be had from us. */
        KNOWN,
        /** Its version is known, with another reference. */
        OTHER_REFERENCE,
        /** Its reference came later than another one, and was refused. */
        REFUSED,
        /** No upstream of ours has it. */
        UNKNOWN,
        /** Nobody was asked: more would be too much, or an upstream fails. */
        UNCHECKED,
        /** Nobody was asked: nothing shows that it comes from an upstream that would learn its name. */
        UNPROVEN
    }

    /**
     * What was found of an archive.
     *
     * @param path where it is under its package: {@code 1.0.0.0/rabc.zip}; empty unless known
     * @param sha1 of its bytes, as far as known, or empty
     */
    public record Sighting(Standing standing, String path, String sha1) {
        private static Sighting of(Standing standing) {
            return new Sighting(standing, "", "");
        }
    }

    /** A survey under way: what it knows, and what it has used up. */
    private static final class Look {
        private final SurveyStore.Known known;
        private final List<Source> sources;
        private final Limits limits;
        private final String baseUrl;
        private final AuditEvent cause;
        private final Set<String> failing = new HashSet<>();
        private int reads;
        private int fetches;

        Look(SurveyStore.Known known, List<Source> sources, Limits limits, String baseUrl, AuditEvent cause) {
            this.known = known;
            this.sources = sources;
            this.limits = limits;
            this.baseUrl = baseUrl;
            this.cause = cause;
        }

        /** Returns whether a version that was released at a time is open to whoever asks. */
        boolean opens(Subject subject, long releasedAt) {
            return limits.isEmpty()
                    || limits.of(subject.name()).admits(Version.pathSegment(subject.normalized()), releasedAt);
        }

        /** Returns whether packages of an upstream are open to whoever asks; where nobody owns a name that is not known yet. */
        boolean opensAnythingOf(@Nullable String upstream) {
            return upstream == null
                    || limits.upstreams().isEmpty()
                    || limits.upstreams().contains(upstream);
        }

        SurveyStore.@Nullable Stored stored(Subject subject, String path) {
            return known.stored().get(subject.name() + "/" + path);
        }
    }

    /** Returns what is known of each subject, in their order, to whom the limits open it. */
    public List<Sighting> look(List<Subject> subjects, Limits limits, String baseUrl, AuditEvent cause) {
        Look look = new Look(store.know(subjects), upstreams.sources(), limits, baseUrl, cause);
        List<Sighting> sightings = new ArrayList<>();
        for (Subject subject : subjects) {
            sightings.add(sight(subject, look));
        }
        return sightings;
    }

    private Sighting sight(Subject subject, Look look) {
        DocumentStore.Known known = look.known.packages().get(subject.name());
        String owner = known == null ? null : known.owner();
        if (!look.opens(subject, 1) || !look.opensAnythingOf(owner)) {
            return Sighting.of(Standing.UNKNOWN);
        }
        for (String path : subject.paths()) {
            SurveyStore.Stored stored = look.stored(subject, path);
            // Of an older row the lines know when it was released.
            if (stored != null && (stored.releasedAt() != 0 || look.limits.isEmpty())) {
                if (!look.opens(subject, stored.releasedAt())) {
                    return Sighting.of(Standing.UNKNOWN);
                }
                return stored.servable()
                        ? new Sighting(Standing.KNOWN, path, stored.sha1())
                        : Sighting.of(Standing.REFUSED);
            }
        }
        DocumentRow row = row(known, subject);
        if (row != null) {
            if (++look.reads > MAX_READS) {
                return Sighting.of(Standing.UNCHECKED);
            }
            Sighting sighting = among(files.advertised(row), subject, look, owner);
            boolean settled = sighting.standing() == Standing.KNOWN
                    || (sighting.standing() != Standing.UNKNOWN && !subject.isDev());
            if (settled || row.freshUntil() > look.cause.at()) {
                return sighting;
            }
        }
        return bringIn(subject, look, owner);
    }

    private static @Nullable DocumentRow row(DocumentStore.@Nullable Known known, Subject subject) {
        return known == null ? null : subject.isDev() ? known.dev() : known.stable();
    }

    private Sighting among(AdvertisedFile lines, Subject subject, Look look, @Nullable String owner) {
        Advertised line = subject.paths().isEmpty() ? unreferenced(lines, subject, look) : null;
        for (String path : subject.paths()) {
            line = line == null ? lines.find(path) : line;
        }
        Advertised first = line == null ? lines.findFirst(subject.normalized()) : line;
        if (first != null && !look.opens(subject, first.releasedAt())) {
            return Sighting.of(Standing.UNKNOWN);
        }
        if (line != null) {
            SurveyStore.Stored stored = look.stored(subject, line.path());
            if (stored == null && (owner == null || Routing.find(look.sources, owner) == null)) {
                return Sighting.of(Standing.UNKNOWN); // Whoever had it is gone, and its bytes never came here.
            }
            return new Sighting(Standing.KNOWN, line.path(), stored == null ? line.shasum() : stored.sha1());
        }
        if (first == null) {
            return Sighting.of(Standing.UNKNOWN);
        }
        boolean refused = look.known.refused().contains(subject.refusal());
        return Sighting.of(refused ? Standing.REFUSED : Standing.OTHER_REFERENCE);
    }

    /** Returns the line of a version for an archive without a reference: the one with its URL or its bytes, or the only one. */
    private static @Nullable Advertised unreferenced(AdvertisedFile lines, Subject subject, Look look) {
        List<Advertised> fitting = new ArrayList<>();
        for (Advertised line : lines.findAll(subject.normalized())) {
            SurveyStore.Stored stored = look.stored(subject, line.path());
            String sha1 = stored == null ? line.shasum() : stored.sha1();
            boolean sameBytes = !sha1.isEmpty() && sha1.equals(subject.shasum());
            if (sameBytes || (line.reference().isEmpty() && line.url().equals(subject.url()))) {
                return line;
            }
            if (line.reference().isEmpty()) {
                fitting.add(line);
            }
        }
        return fitting.size() == 1 ? fitting.get(0) : null;
    }

    private Sighting bringIn(Subject subject, Look look, @Nullable String owner) {
        List<Source> all = Routing.candidates(look.sources, subject.name(), owner);
        List<Source> candidates = new ArrayList<>(owner == null ? evident(all, subject) : all);
        candidates.removeIf(source -> !look.opensAnythingOf(source.id()));
        Standing absent = candidates.size() == all.size() ? Standing.UNKNOWN : Standing.UNPROVEN;
        if (candidates.isEmpty()) {
            return Sighting.of(absent);
        }
        boolean failing = false;
        for (Source source : candidates) {
            failing |= look.failing.contains(source.id());
        }
        if (failing || ++look.fetches > MAX_FETCHES) {
            return Sighting.of(Standing.UNCHECKED);
        }
        try {
            Mirror.Ask ask = new Mirror.Ask(subject.name(), subject.isDev(), look.baseUrl, look.cause, candidates);
            DocumentStore.Known known = mirror.document(ask, null) == null ? null : documents.know(subject.name());
            DocumentRow row = row(known, subject);
            return known == null || row == null
                    ? Sighting.of(absent)
                    : among(files.advertised(row), subject, look, known.owner());
        } catch (UpstreamException e) {
            for (Source source : candidates) {
                look.failing.add(source.id()); // The others of the same upstream need not wait for it as well.
            }
            return Sighting.of(Standing.UNCHECKED);
        }
    }

    /**
     * Returns the upstreams that may be asked without anybody's learning a name that is none of its own: those up to the first
     * that neither claims the name by a pattern nor is where the archive or the notifications of the package lead.
     */
    private List<Source> evident(List<Source> candidates, Subject subject) {
        List<Source> evident = new ArrayList<>();
        for (Source source : candidates) {
            if (!claims(source, subject.name())
                    && !leadsTo(subject.url(), source)
                    && !leadsTo(subject.notified(), source)) {
                break;
            }
            evident.add(source);
        }
        return evident;
    }

    private static boolean claims(Source source, PackageName name) {
        for (PackagePattern pattern : source.patterns()) {
            if (!pattern.text().equals("*") && pattern.matches(name)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether a URL leads to the host of a source, or to the domain above it, as packagist.org is above its own. */
    private boolean leadsTo(String text, Source source) {
        Urls.Url url = text.isEmpty() ? null : urls.parse(text, null);
        Urls.Url home = urls.parse(source.url(), null);
        return url != null
                && home != null
                && !url.host().isEmpty()
                && url.port().equals(home.port())
                && (home.host().equals(url.host())
                        || (url.host().indexOf('.') > 0 && home.host().endsWith("." + url.host())));
    }
}
