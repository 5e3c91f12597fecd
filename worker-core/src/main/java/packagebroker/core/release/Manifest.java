package packagebroker.core.release;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Version;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.json.JsonText;
import packagebroker.core.text.Ascii;
import packagebroker.core.text.Utf8;

/** What is listed of a version: the keys of its {@code composer.json} that mean something to whoever requires the package. */
public final class Manifest {
    private static final List<String> LINKS =
            List.of("require", "require-dev", "conflict", "provide", "replace", "suggest");
    private static final List<String> OBJECTS = List.of("autoload", "autoload-dev", "extra", "support", "php-ext");
    private static final List<String> OTHERS = List.of(
            "description",
            "keywords",
            "homepage",
            "license",
            "authors",
            "type",
            "funding",
            "bin",
            "target-dir",
            "include-path",
            "abandoned");

    private Manifest() {}

    /**
     * Returns a version's entry in its file.
     *
     * @param composerJson the file in the archive
     * @param dist where the archive is, as JSON
     * @param time when it was released
     * @throws JsonException if it is not the file of this version of this package
     */
    public static String of(byte[] composerJson, PackageName name, Version version, String dist, String time) {
        Map<String, JsonSlice> fields = JsonSlice.fieldsOf(JsonText.clean(composerJson));
        if (!Ascii.isSame(name.toString(), text(fields, "name"))) {
            throw JsonException.unexpected("expected the name " + name + " in composer.json");
        }
        JsonSlice stated = fields.get("version");
        String text = text(fields, "version");
        if (stated != null && (text == null || !version.normalized().equals(Version.normalize(text)))) {
            throw JsonException.unexpected("expected the version " + version + " in composer.json, or none");
        }
        ByteSink entry = new ByteSink(composerJson.length + 500);
        entry.ascii("{\"name\":").quoted(name.toString());
        entry.ascii(",\"version\":").quoted(version.pretty());
        entry.ascii(",\"version_normalized\":").quoted(version.normalized());
        entry.ascii(",\"dist\":").text(dist).ascii(",\"time\":").quoted(time);
        for (Map.Entry<String, JsonSlice> field : fields.entrySet()) {
            if (isListed(field.getKey(), field.getValue())) {
                entry.ascii(",").quoted(field.getKey()).ascii(":");
                field.getValue().appendTo(entry);
            }
        }
        byte[] bytes = entry.ascii("}").toBytes();
        if (bytes.length > Release.MAX_BYTES) {
            throw JsonException.unexpected("expected at most " + Release.MAX_BYTES + " bytes of composer.json");
        }
        return Utf8.decode(bytes);
    }

    private static @Nullable String text(Map<String, JsonSlice> fields, String key) {
        JsonSlice value = fields.get(key);
        return value == null ? null : value.findText();
    }

    /** Returns whether a key is listed; one of the wrong form would keep clients from reading the whole package. */
    private static boolean isListed(String key, JsonSlice value) {
        if (LINKS.contains(key)) {
            requireLinks(key, value);
            return true;
        }
        if (OBJECTS.contains(key)) {
            requireObject(key, value);
            return true;
        }
        return OTHERS.contains(key);
    }

    private static void requireLinks(String key, JsonSlice value) {
        requireObject(key, value);
        Map<String, JsonSlice> links = value.isObject() ? value.findFields() : Map.of();
        if (links == null) {
            throw JsonException.unexpected("expected each name once at " + key + " in composer.json");
        }
        for (Map.Entry<String, JsonSlice> link : links.entrySet()) {
            if (link.getKey().isEmpty() || text(links, link.getKey()) == null) {
                throw JsonException.unexpected("expected a text for each name at " + key + " in composer.json");
            }
        }
    }

    /** PHP writes an empty object as an empty list. */
    private static void requireObject(String key, JsonSlice value) {
        if (!value.isObject() && !value.is("[]")) {
            throw JsonException.unexpected("expected an object at " + key + " in composer.json");
        }
    }
}
