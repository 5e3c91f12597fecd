package packagebroker.core.testing;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonSlice;

/** A case of {@code hostile-inputs.json}: something that somebody may send, and what has to come of it. */
public record HostileInput(String id, Map<String, JsonSlice> fields) {
    /** Returns the cases of a group. */
    public static List<HostileInput> group(String name) {
        List<HostileInput> cases = new ArrayList<>();
        JsonCursor cursor = JsonSlice.of(file()).cursor();
        cursor.enter();
        while (cursor.nextElement()) {
            Map<String, JsonSlice> fields = requireNonNull(cursor.fields());
            HostileInput input = new HostileInput(text(fields, "id"), fields);
            if (text(fields, "group").equals(name)) {
                cases.add(input);
            }
        }
        return cases;
    }

    private static byte[] file() {
        try (InputStream in = HostileInput.class.getResourceAsStream("/hostile-inputs.json")) {
            return requireNonNull(in).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Map<String, JsonSlice> fields, String key) {
        return requireNonNull(requireNonNull(fields.get(key)).findText());
    }

    /** Returns what has to come of it. */
    public String outcome() {
        return text(fields, "outcome");
    }

    /** Returns the state that the upstream is to be in. */
    public String fixture() {
        return text(fields, "fixture");
    }

    /** Returns the input as JSON: a text, or whatever else it is. */
    public String json() {
        JsonSlice input = fields.get("input");
        if (input != null && input.findText() == null) {
            byte[] bytes = file();
            return new String(bytes, input.start(), input.length(), StandardCharsets.UTF_8);
        }
        return packagebroker.core.json.Json.write(text());
    }

    /** Returns the input as a text; null if it is something else. */
    public @Nullable String findText() {
        JsonSlice input = fields.get("input");
        return input != null && input.findText() == null ? null : text();
    }

    private String text() {
        JsonSlice input = fields.get("input");
        return input == null ? new String(bytes(), StandardCharsets.UTF_8) : requireNonNull(input.findText());
    }

    /** Returns the input as bytes. */
    public byte[] bytes() {
        JsonSlice base64 = fields.get("base64");
        if (base64 != null) {
            return Base64.getDecoder().decode(requireNonNull(base64.findText()));
        }
        JsonSlice parts = fields.get("parts");
        if (parts == null) {
            return text().getBytes(StandardCharsets.UTF_8);
        }
        StringBuilder text = new StringBuilder();
        JsonCursor cursor = parts.cursor();
        cursor.enter();
        while (cursor.nextElement()) {
            JsonSlice part = cursor.slice();
            Map<String, JsonSlice> repeated = part.findFields();
            text.append(repeated == null ? part.findText() : repeated(repeated));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String repeated(Map<String, JsonSlice> part) {
        byte[] count = new byte[requireNonNull(part.get("count")).length()];
        packagebroker.core.json.ByteSink sink = new packagebroker.core.json.ByteSink(count.length);
        requireNonNull(part.get("count")).appendTo(sink);
        return text(part, "repeat").repeat(Integer.parseInt(new String(sink.toBytes(), StandardCharsets.UTF_8)));
    }

    @Override
    public String toString() {
        return id;
    }
}
