package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.MetadataMinifier;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Reference;
import packagebroker.core.composer.Version;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.text.Ascii;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Utf8;

/**
 * A file of an upstream that holds a package, read: minified or not, of either protocol version. A version that no client
 * could use is left out (P29); a file that speaks of another package is not to be trusted at all.
 */
final class UpstreamFile {
    private static final String UNSET = "\"__unset\"";
    private static final List<String> WANTED =
            List.of("name", "version", "version_normalized", "type", "dist", "source", "time");
    private static final int MAX_URL = 2_048;
    private static final int MAX_TYPE = 10;

    private final String name;
    private final boolean keepsSources;
    private final List<Map<String, JsonSlice>> versions = new ArrayList<>();
    private final List<@Nullable Entry> entries = new ArrayList<>();
    private final Map<String, JsonSlice> extras = new LinkedHashMap<>();
    private boolean minified;
    private boolean found;
    private boolean foreign;

    private UpstreamFile(PackageName name, boolean keepsSources) {
        this.name = name.toString();
        this.keepsSources = keepsSources;
    }

    /**
     * Reads a file.
     *
     * @param keepsSources whether versions keep their {@code source}
     * @throws JsonException if it is no such file, or one about another package
     */
    static UpstreamFile read(byte[] json, PackageName name, boolean keepsSources) {
        UpstreamFile file = new UpstreamFile(name, keepsSources);
        file.readRoot(JsonSlice.ofDocument(json));
        return file;
    }

    /** Returns whether the file speaks of the package at all. */
    boolean isFound() {
        return found;
    }

    /** Returns whether the file speaks of other packages, too. */
    boolean isForeign() {
        return foreign;
    }

    /** Returns whether the versions are listed as differences, each from the one before. */
    boolean isMinified() {
        return minified;
    }

    /** Returns the versions as they are listed; null stands for one that no client could use. */
    List<@Nullable Entry> entries() {
        return entries;
    }

    /** Returns the usable versions, each with all its keys. */
    List<Entry> expanded() {
        List<Entry> expanded = new ArrayList<>();
        Map<String, JsonSlice> previous = Map.of();
        for (int i = 0; i < entries.size(); i++) {
            Map<String, JsonSlice> fields = versions.get(i);
            previous = minified ? MetadataMinifier.apply(previous, fields, value -> value.is(UNSET)) : fields;
            Entry entry = entries.get(i);
            if (entry != null) {
                expanded.add(new Entry(entry.normalized(), previous, entry.time(), entry.dist()));
            }
        }
        return expanded;
    }

    /** Returns keys beside the packages that clients read: advisories, filter lists, messages. */
    Map<String, JsonSlice> extras() {
        return extras;
    }

    private void readRoot(JsonSlice json) {
        JsonCursor cursor = json.cursor();
        if (!cursor.atObject()) {
            throw JsonException.unexpected("expected an object");
        }
        cursor.enter();
        for (String key = cursor.nextKey(); key != null; key = cursor.nextKey()) {
            switch (key) {
                case "packages" -> readPackages(cursor);
                case "minified" -> minified = "composer/2.0".equals(cursor.text());
                case "security-advisories", "filter", "warnings", "infos", "warning", "info" ->
                    extras.put(key, cursor.slice());
                default -> cursor.skip();
            }
        }
        cursor.requireEnd();
        // Only now is it known whether the versions are whole or differences: the flag stands behind them.
        addEntries();
    }

    private void readPackages(JsonCursor cursor) {
        if (!cursor.atObject()) {
            cursor.skip(); // PHP writes no packages as an empty list.
            return;
        }
        cursor.enter();
        for (String key = cursor.nextKey(); key != null; key = cursor.nextKey()) {
            if (Ascii.isSame(name, key)) {
                if (found) {
                    throw JsonException.unexpected(
                            "expected the package once"); // Readers differ about which one counts.
                }
                found = true;
                readVersions(cursor);
            } else {
                foreign = true;
                cursor.skip();
            }
        }
    }

    private void readVersions(JsonCursor cursor) {
        boolean keyed = cursor.atObject();
        if (!keyed && !cursor.atArray()) {
            throw JsonException.unexpected("expected a list of versions");
        }
        cursor.enter();
        while (keyed ? cursor.nextKey() != null : cursor.nextElement()) {
            if (!cursor.atObject()) {
                throw JsonException.unexpected("expected an object for each version");
            }
            Map<String, JsonSlice> fields = cursor.fields("dist");
            if (fields == null) {
                throw JsonException.unexpected("expected each key of a version once");
            }
            versions.add(fields);
        }
    }

    private void addEntries() {
        Map<String, JsonSlice> current = new HashMap<>();
        for (Map<String, JsonSlice> fields : versions) {
            if (!minified) {
                current.clear();
            }
            for (String key : WANTED) {
                JsonSlice value = fields.get(key);
                if (value != null && minified && value.is(UNSET)) {
                    current.remove(key);
                } else if (value != null) {
                    current.put(key, value);
                }
            }
            fields.remove("dist");
            dropSource(fields, current);
            if (!current.containsKey("name")) {
                JsonSlice ours = slice(Json.quote(name));
                current.put("name", ours);
                fields.put("name", ours);
            }
            entries.add(entry(current, fields));
        }
    }

    /** Takes a source away, unless it is to stay and a client can use it (P32). */
    private void dropSource(Map<String, JsonSlice> fields, Map<String, JsonSlice> current) {
        JsonSlice source = keepsSources ? current.get("source") : null;
        Map<String, JsonSlice> keys = source == null ? null : source.findFields();
        boolean usable = keys != null
                && text(keys, "type") != null
                && text(keys, "url") != null
                && text(keys, "reference") != null;
        if (source != null && !usable && minified) {
            fields.put("source", slice(UNSET)); // Else the version would have that of the one before.
        } else if (!keepsSources || (source != null && !usable)) {
            fields.remove("source");
        }
    }

    /** Returns a version, or null if no client could use it. */
    private @Nullable Entry entry(Map<String, JsonSlice> current, Map<String, JsonSlice> fields) {
        if (!Ascii.isSame(name, text(current, "name"))) {
            throw JsonException.unexpected("expected versions of " + name + " only");
        }
        String pretty = text(current, "version");
        String normalized = pretty == null ? null : Version.normalize(pretty);
        if (normalized == null) {
            return null;
        }
        if (!fields.containsKey("version_normalized") || !normalized.equals(text(current, "version_normalized"))) {
            fields.put("version_normalized", slice(Json.quote(normalized)));
        }
        String stated = text(current, "time");
        String time = stated == null ? "" : stated;
        JsonSlice dist = current.get("dist");
        if (dist == null || !dist.isObject()) {
            // Without a dist only a metapackage can be installed.
            return "metapackage".equals(text(current, "type")) ? new Entry(normalized, fields, time, null) : null;
        }
        Entry.UpstreamDist advertised = dist(dist);
        return advertised == null ? null : new Entry(normalized, fields, time, advertised);
    }

    private static Entry.@Nullable UpstreamDist dist(JsonSlice advertised) {
        Map<String, JsonSlice> fields = advertised.findFields();
        JsonSlice typed = fields == null ? null : fields.get("type");
        String url = fields == null ? null : text(fields, "url");
        if (fields == null || typed == null || url == null || !isUrl(url)) {
            return null;
        }
        // Nearly all are zip: not worth a new text each time.
        String type = typed.is("\"zip\"") ? "zip" : typed.findText();
        String written = text(fields, "reference");
        Reference reference = written == null || written.isEmpty() ? null : Reference.find(written);
        boolean odd = reference == null && written != null && !written.isEmpty();
        if (type == null || !isType(type) || odd) {
            return null;
        }
        String shasum = text(fields, "shasum");
        boolean sha1 = shasum != null && shasum.length() == 40 && Hex.isHex(shasum);
        return new Entry.UpstreamDist(type, url, reference, shasum != null && sha1 ? shasum : "");
    }

    private static boolean isType(String type) {
        for (int i = 0; i < type.length(); i++) {
            char c = type.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
                return false;
            }
        }
        return !type.isEmpty() && type.length() <= MAX_TYPE && !type.equals("path");
    }

    private static boolean isUrl(String url) {
        for (int i = 0; i < url.length(); i++) {
            if (url.charAt(i) <= ' ' || url.charAt(i) == 0x7F) {
                return false;
            }
        }
        return url.length() <= MAX_URL && (url.startsWith("https://") || url.startsWith("http://"));
    }

    private static @Nullable String text(Map<String, JsonSlice> fields, String key) {
        JsonSlice value = fields.get(key);
        return value == null ? null : value.findText();
    }

    private static JsonSlice slice(String json) {
        return JsonSlice.of(Utf8.encode(json));
    }
}
