package packagebroker.core.git;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Version;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.json.JsonText;
import packagebroker.core.release.Release;
import packagebroker.core.text.IsoTime;
import packagebroker.core.text.Utf8;

/** A {@code composer.json} of a repository: what it calls itself, and what a file of its package lists of it. */
final class Manifest {
    // Of the root package only, or not for its author to say.
    private static final List<String> DROPPED = List.of(
            "name",
            "version",
            "version_normalized",
            "dist",
            "source",
            "time",
            "default-branch",
            "notification-url",
            "installation-source",
            "transport-options",
            "config",
            "repositories",
            "minimum-stability",
            "prefer-stable",
            "$schema");
    private static final List<String> LINKS = List.of("require", "require-dev", "conflict", "provide", "replace");

    /** Where it is. */
    static final String FILE = "composer.json";

    private final Map<String, JsonSlice> fields;

    private Manifest(Map<String, JsonSlice> fields) {
        this.fields = fields;
    }

    /**
     * Reads one.
     *
     * @throws JsonException if no client could use it; the message says why
     */
    static Manifest read(byte[] json) {
        Map<String, JsonSlice> fields = JsonSlice.fieldsOf(JsonText.clean(json));
        for (String key : LINKS) {
            JsonSlice links = fields.get(key);
            if (links != null && !isTexts(links)) {
                throw JsonException.unexpected("expected names with constraints at $." + key);
            }
        }
        return new Manifest(fields);
    }

    private static boolean isTexts(JsonSlice links) {
        Map<String, JsonSlice> all = links.findFields();
        if (all == null) {
            return links.is("[]"); // PHP writes an empty object as a list.
        }
        for (JsonSlice constraint : all.values()) {
            if (constraint.findText() == null) {
                return false;
            }
        }
        return true;
    }

    /** Returns what is wrong with one that was refused. */
    static String problem(JsonException refusal) {
        return "its composer.json is not what it should be: " + refusal.text();
    }

    /** Returns the name of the package; null if it has none, or one that is no name. */
    @Nullable
    PackageName findName() {
        JsonSlice name = fields.get("name");
        String text = name == null ? null : name.findText();
        return text == null ? null : PackageName.find(text);
    }

    /**
     * What stands in a version beside its composer.json.
     *
     * @param version as the ref has it
     * @param commit the commit
     * @param time when that was made, or empty
     * @param archiveUrl where a zip of it is
     * @param sourceUrl where it can be cloned
     */
    record Facts(
            PackageName name,
            Version version,
            boolean isDefaultBranch,
            String commit,
            String time,
            String archiveUrl,
            String sourceUrl) {}

    /**
     * Returns the version that a file of the package lists.
     *
     * @throws JsonException if it says that it is another version, or is too long
     */
    String listed(Facts facts) {
        Map<String, JsonSlice> kept = new LinkedHashMap<>(fields);
        for (String key : DROPPED) {
            kept.remove(key);
        }
        ByteSink json = new ByteSink(4_096);
        json.ascii("{\"name\":").quoted(facts.name().toString());
        json.ascii(",\"version\":").quoted(version(facts.version()));
        json.ascii(",\"version_normalized\":")
                .quoted(facts.version().normalized())
                .ascii(",");
        json.fields(kept, true).ascii(kept.isEmpty() ? "" : ",");
        json.ascii("\"source\":{\"type\":\"git\",\"url\":").quoted(facts.sourceUrl());
        json.ascii(",\"reference\":").quoted(facts.commit());
        json.ascii("},\"dist\":{\"type\":\"zip\",\"url\":").quoted(facts.archiveUrl());
        json.ascii(",\"reference\":").quoted(facts.commit()).ascii(",\"shasum\":\"\"}");
        long time = IsoTime.millis(facts.time());
        json.ascii(time < 0 ? "" : ",\"time\":\"" + IsoTime.of(time) + "\"");
        json.ascii(facts.isDefaultBranch() ? ",\"default-branch\":true}" : "}");
        if (json.length() > Release.MAX_BYTES) {
            throw JsonException.unexpected("expected at most " + Release.MAX_BYTES + " bytes");
        }
        byte[] bytes = json.toBytes();
        return Utf8.decode(bytes, 0, bytes.length);
    }

    /** Returns how the version is written: by the author of composer.json, if it is that of the tag; a branch is as it is called. */
    private String version(Version version) {
        JsonSlice stated = fields.get("version");
        if (stated == null || version.isDev()) {
            return version.pretty();
        }
        String text = stated.findText();
        if (text == null || !version.normalized().equals(Version.normalize(text))) {
            throw JsonException.unexpected("expected no version, or that of the tag, at $.version");
        }
        return text;
    }
}
