package packagebroker.core.lock;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.lock.Finding.Level;
import packagebroker.core.mirror.Survey.Sighting;
import packagebroker.core.mirror.Survey.Subject;
import packagebroker.core.text.Percent;

/**
 * The treatment of one package: what is found, and what changes. Its reference and its hash never do; and its source goes only
 * where its archive comes from us, since else there would be nothing left to install.
 */
final class Treatment {
    private final LockedPackage patient;
    private final String baseUrl;
    private final Splices splices;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> goes = new HashSet<>();

    Treatment(LockedPackage patient, String baseUrl, Splices splices) {
        this.patient = patient;
        this.baseUrl = baseUrl;
        this.splices = splices;
    }

    /**
     * Treats the package.
     *
     * @param subject what was asked; null where nothing could be
     * @param sighting what was found of it; null where nothing was asked
     */
    Diagnosis.Patient of(@Nullable Subject subject, @Nullable Sighting sighting) {
        findSecrets();
        boolean ours = false;
        if (patient.isRemote()) {
            ours = subject != null && sighting != null && isGood(subject, sighting);
            if (!ours && (subject == null || sighting == null)) {
                add("unknown", Level.ATTENTION, "no upstream here has this version");
            }
        } else if (!patient.source().isEmpty()) {
            add(
                    "no_dist",
                    Level.ATTENTION,
                    "it has no archive, so that it is installed from its source, past every check");
        }
        if (ours && subject != null && sighting != null) {
            comeFromUs(subject, sighting);
        } else {
            stayAway();
        }
        splices.remove(patient.entry(), patient.fields(), goes);
        return new Diagnosis.Patient(patient.section(), patient.text("name"), patient.text("version"), ours, findings);
    }

    private void add(String code, Level level, String text) {
        findings.add(new Finding(code, level, text));
    }

    private boolean isGood(Subject subject, Sighting sighting) {
        switch (sighting.standing()) {
            case KNOWN -> {
                boolean same = subject.shasum().isEmpty()
                        || sighting.sha1().isEmpty()
                        || subject.shasum().equals(sighting.sha1());
                if (!same) {
                    add("shasum", Level.ATTENTION, "its hash is not the one of the bytes that are known here");
                }
                return same;
            }
            case OTHER_REFERENCE ->
                add("changed", Level.ATTENTION, "its version is known here with another reference than the lock's");
            case REFUSED ->
                add(
                        "refused",
                        Level.ATTENTION,
                        "its reference or its bytes came after others of the same version, and were refused");
            case UNCHECKED ->
                add(
                        "unchecked",
                        Level.UNCHECKED,
                        "it was not looked for: ask again to look further, or its upstream does not answer");
            case UNPROVEN ->
                add(
                        "unproven",
                        Level.ATTENTION,
                        "it was not looked for, since an upstream for all names would learn of it and nothing shows that it is from there");
            case UNKNOWN -> add("unknown", Level.ATTENTION, "no upstream here has this version");
        }
        return false;
    }

    private void comeFromUs(Subject subject, Sighting sighting) {
        Map<String, JsonSlice> dist = patient.dist();
        String url = baseUrl + "/dist/" + subject.name() + "/" + Percent.encodePath(sighting.path());
        if (!url.equals(subject.url())) {
            add("foreign_url", Level.FIXED, "its archive came from elsewhere");
            splices.replace(value(dist, "url"), Json.quote(url));
        }
        if (subject.reference().isEmpty()) {
            add("no_reference", Level.NOTE, "it names no reference: the archive known for its version was chosen");
        }
        if (dist.containsKey("mirrors")) {
            add("mirrors", Level.FIXED, "its archive had mirrors elsewhere");
            splices.remove(value(patient.fields(), "dist"), dist, Set.of("mirrors"));
        }
        if (patient.fields().containsKey("source")) {
            add("source", Level.FIXED, "its source led past us");
            goes.add("source");
        }
        if (patient.fields().containsKey("transport-options")) {
            goes.add("transport-options");
        }
        String own = baseUrl + "/downloads";
        if (!subject.notified().isEmpty() && !subject.notified().equals(own)) {
            add("notification_url", Level.FIXED, "its installations were told to somebody else");
            splices.replace(value(patient.fields(), "notification-url"), Json.quote(own));
        }
    }

    /** What cannot come from us stays where it was, but for secrets. */
    private void stayAway() {
        Map<String, JsonSlice> dist = patient.dist();
        String url = LockedPackage.text(dist, "url");
        if (patient.isRemote()) {
            add("foreign_url", Level.ATTENTION, "its archive stays where it was");
            if (!patient.source().isEmpty()) {
                add("source", Level.ATTENTION, "its source leads past us");
            }
        }
        clean(dist, "url", url);
        clean(patient.source(), "url", LockedPackage.text(patient.source(), "url"));
        clean(patient.fields(), "notification-url", patient.text("notification-url"));
        for (Map<String, JsonSlice> mirror : mirrors(dist)) {
            clean(mirror, "url", LockedPackage.text(mirror, "url"));
        }
    }

    private void clean(Map<String, JsonSlice> fields, String key, String url) {
        String plain = Secrets.withoutSecrets(url);
        if (!plain.equals(url)) {
            splices.replace(value(fields, key), Json.quote(plain));
        }
    }

    private void findSecrets() {
        findSecret("dist.url", LockedPackage.text(patient.dist(), "url"));
        findSecret("source.url", LockedPackage.text(patient.source(), "url"));
        findSecret("notification-url", patient.text("notification-url"));
        for (Map<String, JsonSlice> mirror : mirrors(patient.dist())) {
            findSecret("dist.mirrors", LockedPackage.text(mirror, "url"));
        }
        JsonSlice options = patient.fields().get("transport-options");
        if (options != null && options.isObject()) {
            Secrets.Options found = Secrets.inOptions(options);
            add("transport_options", Level.NOTE, "transport-options hold " + String.join(", ", found.names()));
            if (!found.secrets().isEmpty()) {
                add("secret", Level.FIXED, "transport-options held a secret: " + String.join(", ", found.secrets()));
                goes.add("transport-options");
            }
        }
    }

    private void findSecret(String place, String url) {
        if (Secrets.inUrl(url)) {
            boolean gone = !Secrets.inUrl(Secrets.withoutSecrets(url));
            add(
                    "secret",
                    gone ? Level.FIXED : Level.ATTENTION,
                    place + (gone ? " held" : " holds") + " what looks like a secret: change it where it was issued");
        }
    }

    private static List<Map<String, JsonSlice>> mirrors(Map<String, JsonSlice> dist) {
        List<Map<String, JsonSlice>> mirrors = new ArrayList<>();
        JsonSlice list = dist.get("mirrors");
        JsonCursor cursor = list == null ? null : list.cursor();
        if (cursor != null && cursor.atArray()) {
            cursor.enter();
            while (cursor.nextElement()) {
                Map<String, JsonSlice> fields = cursor.slice().findFields();
                mirrors.add(fields == null ? Map.of() : fields);
            }
        }
        return mirrors;
    }

    private static JsonSlice value(Map<String, JsonSlice> fields, String key) {
        JsonSlice value = fields.get(key);
        if (value == null) {
            throw new IllegalStateException("expected " + key);
        }
        return value;
    }
}
