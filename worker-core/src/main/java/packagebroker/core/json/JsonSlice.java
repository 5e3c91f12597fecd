package packagebroker.core.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.text.Utf8;

/**
 * One JSON value as the bytes it was written with, so that it can be passed on untouched. Two slices are equal if their
 * bytes are.
 */
public final class JsonSlice {
    private static final int MAX_LATIN1 = 2_000_000;

    private final byte[] source;
    private final int start;
    private final int end;
    private final @Nullable String latin1;
    private final @Nullable Map<String, JsonSlice> fields;
    private @Nullable String text;

    /**
     * Creates a slice.
     *
     * @param latin1 the whole source with one character for each byte, or null: what is ASCII can be cut out of it, which
     *     costs next to nothing, while each decoding costs an array
     */
    JsonSlice(byte[] source, int start, int end, @Nullable String latin1, @Nullable Map<String, JsonSlice> fields) {
        this.latin1 = latin1;
        this.source = source;
        this.start = start;
        this.end = end;
        this.fields = fields;
    }

    /** Returns a slice over a whole array that holds one JSON value and does not change. */
    public static JsonSlice of(byte[] json) {
        return new JsonSlice(json, 0, json.length, null, null);
    }

    /** Returns a slice over a document whose texts will be asked for. */
    public static JsonSlice ofDocument(byte[] json) {
        return new JsonSlice(json, 0, json.length, json.length <= MAX_LATIN1 ? Utf8.latin1(json) : null, null);
    }

    /**
     * Returns the fields of a document that is one object with each key once.
     *
     * @throws JsonException if it is anything else
     */
    public static Map<String, JsonSlice> fieldsOf(byte[] json) {
        JsonCursor cursor = of(json).cursor();
        if (!cursor.atObject()) {
            throw JsonException.unexpected("expected an object");
        }
        Map<String, JsonSlice> fields = cursor.fields();
        cursor.requireEnd();
        if (fields == null) {
            throw JsonException.unexpected("expected each key once");
        }
        return fields;
    }

    /** Returns a slice over a part of an array. */
    public static JsonSlice of(byte[] json, int start, int end) {
        return new JsonSlice(json, start, end, null, null);
    }

    /** Returns where it begins in the document it was cut out of. */
    public int start() {
        return start;
    }

    /** Returns where it ends there. */
    public int end() {
        return end;
    }

    /** Returns the number of bytes. */
    public int length() {
        return end - start;
    }

    /** Appends the bytes. */
    public void appendTo(ByteSink sink) {
        sink.append(source, start, end);
    }

    /** Returns the text if this is a string, else null. */
    public @Nullable String findText() {
        if (text == null && source[start] == '"') {
            text = plainText();
            if (text == null) {
                text = unescaped();
            }
        }
        return text;
    }

    /** Returns the text if it has no escapes. */
    private @Nullable String plainText() {
        boolean ascii = true;
        for (int i = start + 1; i < end - 1; i++) {
            if (source[i] == '\\') {
                return null;
            }
            ascii &= source[i] >= 0;
        }
        return latin1 != null && ascii ? latin1.substring(start + 1, end - 1) : Utf8.decode(source, start + 1, end - 1);
    }

    private @Nullable String unescaped() {
        try (JsonParser parser = Json.FACTORY.createParser(source, start, end - start)) {
            return parser.nextToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
        } catch (IOException e) {
            throw JsonException.malformed("expected a JSON string");
        }
    }

    /** Returns the number if this is a whole one of at most 15 digits, else -1. */
    public long findNumber() {
        long number = 0;
        for (int i = start; i < end; i++) {
            int digit = source[i] - '0';
            if (digit < 0 || digit > 9 || i - start == 15) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** Returns the fields if this is an object with each key once, else null. */
    public @Nullable Map<String, JsonSlice> findFields() {
        return fields != null ? fields : isObject() ? cursor().fields() : null;
    }

    /** Returns a cursor over the value. */
    public JsonCursor cursor() {
        return new JsonCursor(source, start, end, latin1);
    }

    /** Returns whether the value is an object. */
    public boolean isObject() {
        return source[start] == '{';
    }

    /** Returns whether the value is an array. */
    public boolean isArray() {
        return source[start] == '[';
    }

    /** Returns whether the bytes are those of an ASCII text. */
    public boolean is(String json) {
        if (json.length() != end - start) {
            return false;
        }
        for (int i = 0; i < json.length(); i++) {
            if (source[start + i] != json.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof JsonSlice slice) || slice.end - slice.start != end - start) {
            return false;
        }
        for (int i = 0; i < end - start; i++) {
            if (source[start + i] != slice.source[slice.start + i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + source[i];
        }
        return hash;
    }
}
