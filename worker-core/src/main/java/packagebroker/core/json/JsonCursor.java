package packagebroker.core.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a JSON document in memory, front to back, and cuts raw slices out of it. Never held across a wait.
 *
 * <p>Depth is at most 64. The document must have gone through {@link JsonText#clean}.
 */
public final class JsonCursor {
    private final byte[] source;
    private final @Nullable String latin1;
    private final int base;
    private final int end;
    private final JsonParser parser;
    private @Nullable JsonToken token;

    /** Creates a cursor before the first value of the bytes from {@code start} to {@code end}. */
    JsonCursor(byte[] source, int start, int end, @Nullable String latin1) {
        this.source = source;
        this.latin1 = latin1;
        this.base = start;
        this.end = end;
        try {
            this.parser = Json.FACTORY.createParser(source, start, end - start);
        } catch (IOException e) {
            throw malformed();
        }
        advance();
    }

    private void advance() {
        try {
            token = parser.nextToken();
        } catch (IOException e) {
            throw malformed();
        }
    }

    private static JsonException malformed() {
        return JsonException.malformed("expected JSON but found something else");
    }

    /** Returns whether the value here is an object. */
    public boolean atObject() {
        return token == JsonToken.START_OBJECT;
    }

    /** Returns whether the value here is an array. */
    public boolean atArray() {
        return token == JsonToken.START_ARRAY;
    }

    /** Steps into the object or array here. */
    public void enter() {
        if (token != JsonToken.START_OBJECT && token != JsonToken.START_ARRAY) {
            throw JsonException.unexpected("expected an object or an array");
        }
        advance();
    }

    /** Returns the next key of the object that was entered and stands at its value; null at its end, which is left. */
    public @Nullable String nextKey() {
        if (token != JsonToken.FIELD_NAME) {
            if (token != JsonToken.END_OBJECT) {
                throw malformed();
            }
            advance();
            return null;
        }
        String name;
        try {
            name = parser.currentName();
        } catch (IOException e) {
            throw malformed();
        }
        advance();
        return name;
    }

    /** Returns whether there is another element in the array that was entered; if not, the array is left. */
    public boolean nextElement() {
        if (token != JsonToken.END_ARRAY) {
            return true;
        }
        advance();
        return false;
    }

    /** Skips the value here. */
    public void skip() {
        try {
            parser.skipChildren();
        } catch (IOException e) {
            throw malformed();
        }
        advance();
    }

    /** Returns the value here as a slice and moves behind it. */
    public JsonSlice slice() {
        int from = offset();
        skip();
        return new JsonSlice(source, from, gapStart(from), latin1, null);
    }

    /** Returns the object here as a slice that knows its fields, so that it need not be read twice. */
    private JsonSlice sliceWithFields() {
        int from = offset();
        Map<String, JsonSlice> fields = fields();
        return new JsonSlice(source, from, gapStart(from), latin1, fields);
    }

    /** Returns where the value that began at {@code from} ends: white space and a comma may lie before the token here. */
    private int gapStart(int from) {
        int to = token == null ? end : offset();
        while (to > from && isGap(source[to - 1])) {
            to--;
        }
        return to;
    }

    private int offset() {
        return base + (int) parser.currentTokenLocation().getByteOffset();
    }

    private static boolean isGap(byte b) {
        return b == ',' || b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /** Returns the text here and moves behind it; null, moved as well, if the value is no string. */
    public @Nullable String text() {
        try {
            String text = token == JsonToken.VALUE_STRING ? parser.getText() : null;
            skip();
            return text;
        } catch (IOException e) {
            throw malformed();
        }
    }

    /** Returns {@link #fields(String)} with no field read twice. */
    public @Nullable Map<String, JsonSlice> fields() {
        return fields("");
    }

    /**
     * Returns the fields of the object here as slices and moves behind it.
     *
     * @param inner the key of an object whose own fields will be wanted, too
     * @return null if a key stands there twice: readers differ about which one counts, so the object is not to be trusted
     */
    public @Nullable Map<String, JsonSlice> fields(String inner) {
        Map<String, JsonSlice> fields = new LinkedHashMap<>();
        boolean twice = false;
        enter();
        for (String key = nextKey(); key != null; key = nextKey()) {
            JsonSlice value = atObject() && key.equals(inner) ? sliceWithFields() : slice();
            twice |= fields.put(key, value) != null;
        }
        return twice ? null : fields;
    }

    /** Throws unless the document ends here. */
    public void requireEnd() {
        if (token != null) {
            throw JsonException.malformed("expected one JSON value but found more");
        }
    }
}
