package packagebroker.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.text.Utf8;

/** Small JSON: the bodies of our own API, read into {@link JsonObject} and written from maps and lists. */
public final class Json {
    /** The most values that an API body may hold. */
    public static final int MAX_NODES = 10_000;

    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(64)
            .maxStringLength(8_000_000)
            .maxNumberLength(400)
            .build();

    static final JsonFactory FACTORY = new Utf8JsonFactory(new JsonFactoryBuilder().streamReadConstraints(LIMITS));

    private static final JsonFactory STRICT = new Utf8JsonFactory(new JsonFactoryBuilder()
            .streamReadConstraints(LIMITS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION));

    private static final String HEX = "0123456789ABCDEF";

    private Json() {}

    /** Returns a map of names and values in turn, in that order. */
    public static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i + 1 < namesAndValues.length; i += 2) {
            map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return map;
    }

    /** Returns the text of maps, lists, strings, numbers, booleans and nulls. */
    public static String write(@Nullable Object value) {
        StringBuilder text = new StringBuilder();
        append(text, value);
        return text.toString();
    }

    /** Returns a text as JSON, quoted. */
    public static String quote(String text) {
        return isPlain(text) ? "\"" + text + "\"" : write(text);
    }

    /** Returns whether a text is printable ASCII that needs no escape, as most keys and versions are. */
    static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private static void append(StringBuilder text, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                text.append(separator);
                appendQuoted(text, String.valueOf(entry.getKey()));
                text.append(':');
                append(text, entry.getValue());
                separator = ",";
            }
            text.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            String separator = "[";
            for (Object item : list) {
                text.append(separator);
                append(text, item);
                separator = ",";
            }
            text.append(list.isEmpty() ? "[]" : "]");
        } else if (value instanceof Number number) {
            text.append(number.longValue());
        } else if (value == null || value instanceof Boolean) {
            text.append(value);
        } else {
            appendQuoted(text, value.toString());
        }
    }

    private static void appendQuoted(StringBuilder json, String text) {
        json.append('"');
        int done = 0;
        for (int i = 0; i < text.length(); i++) {
            String escape = escape(text.charAt(i));
            if (escape != null) {
                json.append(text, done, i).append(escape);
                done = i + 1;
            }
        }
        json.append(text, done, text.length()).append('"');
    }

    /** Returns what stands for a character that may not stand for itself (RFC 8259 §7), or null. */
    private static @Nullable String escape(char c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\b' -> "\\b";
            case '\t' -> "\\t";
            case '\n' -> "\\n";
            case '\f' -> "\\f";
            case '\r' -> "\\r";
            default -> c < ' ' ? "\\u00" + HEX.charAt(c >> 4) + HEX.charAt(c & 15) : null;
        };
    }

    /**
     * Returns the object that a text holds.
     *
     * @throws JsonException if it is no JSON (duplicate keys included), too large, or no object
     */
    public static JsonObject read(byte[] bytes) {
        if (!Utf8.isWellFormed(bytes)) {
            throw JsonException.malformed("expected UTF-8"); // Jackson takes overlong forms, which hide characters.
        }
        try (JsonParser parser = STRICT.createParser(bytes)) {
            int[] nodes = {0};
            if (parser.nextToken() == null) {
                throw JsonException.malformed("expected JSON but found nothing");
            }
            Object value = read(parser, nodes);
            if (parser.nextToken() != null) {
                throw JsonException.malformed("expected one JSON value but found more");
            }
            if (value instanceof Map<?, ?> map) {
                return new JsonObject("$", map);
            }
            throw JsonException.unexpected("expected a JSON object");
        } catch (IOException e) {
            // Jackson's message quotes the input, which may hold a secret.
            throw JsonException.malformed("expected JSON but found something else");
        }
    }

    private static @Nullable Object read(JsonParser parser, int[] nodes) throws IOException {
        if (++nodes[0] > MAX_NODES) {
            throw JsonException.malformed("expected at most " + MAX_NODES + " JSON values");
        }
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                map.put(name, read(parser, nodes));
            }
            return map;
        }
        if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(read(parser, nodes));
            }
            return list;
        }
        return scalar(parser, token);
    }

    private static @Nullable Object scalar(JsonParser parser, @Nullable JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            return token == JsonToken.VALUE_TRUE;
        }
        if (token == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() <= 16) {
            return Long.parseLong(parser.getText()); // Its own getLongValue drags in the parsing of fractions: 30 KB.
        }
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        // Fractions and huge numbers stay text behind a marker type: no field of ours takes one.
        return new NotAnInteger(parser.getText());
    }

    /** A number that is no integer of at most 16 characters. */
    record NotAnInteger(String text) {}
}
