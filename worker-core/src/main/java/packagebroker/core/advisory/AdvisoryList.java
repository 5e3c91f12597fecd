package packagebroker.core.advisory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.text.IsoTime;
import packagebroker.core.text.Utf8;
import packagebroker.core.upstream.Source;

/** The advisories of a package as an upstream lists them, made fit to be passed on: each as it was written, none left out. */
final class AdvisoryList {
    private static final int MAX_BYTES = 1_000_000;

    private AdvisoryList() {}

    /**
     * Returns a list as JSON text.
     *
     * @throws JsonException if it is none, or if one of its advisories says neither what it is nor which versions it affects:
     *     leaving that one out would tell somebody that he is safe
     */
    static String of(JsonSlice listed, Source source) {
        if (!listed.isArray() && !listed.isObject()) {
            throw JsonException.unexpected("expected a list of advisories");
        }
        if (listed.length() > MAX_BYTES) {
            throw JsonException.unexpected("expected at most " + MAX_BYTES + " bytes of advisories for a package");
        }
        ByteSink sink = new ByteSink(listed.length() + 200).ascii("[");
        JsonCursor cursor = listed.cursor();
        boolean keyed = cursor.atObject(); // PHP writes a list with gaps as an object.
        cursor.enter();
        while (keyed ? cursor.nextKey() != null : cursor.nextElement()) {
            sink.ascii(sink.length() == 1 ? "" : ",");
            append(sink, cursor.slice(), source);
        }
        return Utf8.decode(sink.ascii("]").toBytes());
    }

    private static void append(ByteSink sink, JsonSlice advisory, Source source) {
        Map<String, JsonSlice> fields = advisory.isObject() ? advisory.findFields() : null;
        String id = fields == null ? null : text(fields.get("advisoryId"));
        if (fields == null || id == null || text(fields.get("affectedVersions")) == null) {
            throw JsonException.unexpected("expected advisoryId and affectedVersions of each advisory");
        }
        if (isGiven(fields, "title") && isGiven(fields, "sources") && isGiven(fields, "reportedAt")) {
            advisory.appendTo(sink);
        } else {
            sink.ascii("{").fields(completed(fields, id, source), true).ascii("}");
        }
    }

    /** A file of a package may hold no more than id and versions. A client that lists advisories fails without the rest. */
    private static Map<String, JsonSlice> completed(Map<String, JsonSlice> fields, String id, Source source) {
        Map<String, JsonSlice> all = new LinkedHashMap<>(fields);
        complete(all, "title", id);
        complete(all, "sources", List.of(Json.object("name", source.name(), "remoteId", id)));
        complete(all, "reportedAt", IsoTime.of(0));
        return all;
    }

    private static void complete(Map<String, JsonSlice> fields, String key, Object value) {
        if (!isGiven(fields, key)) {
            fields.put(key, JsonSlice.of(Utf8.encode(Json.write(value))));
        }
    }

    private static boolean isGiven(Map<String, JsonSlice> fields, String key) {
        JsonSlice value = fields.get(key);
        return value != null && !value.is("null");
    }

    private static @Nullable String text(@Nullable JsonSlice value) {
        return value == null ? null : value.findText();
    }
}
