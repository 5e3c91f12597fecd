package packagebroker.core.json;

import java.util.Map;
import packagebroker.core.http.Body;
import packagebroker.core.text.Bytes;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Utf8;

/** Bytes that grow: a document on its way out. */
public final class ByteSink {
    private static final int MAX_GROWTH = 4_000_000;

    private byte[] bytes;
    private int length;

    /** Creates an empty one with room for {@code capacity} bytes. */
    public ByteSink(int capacity) {
        this.bytes = new byte[Math.max(64, capacity)];
    }

    /** Returns the number of bytes. */
    public int length() {
        return length;
    }

    /** Appends ASCII text. */
    public ByteSink ascii(String text) {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[length + i] = (byte) text.charAt(i);
        }
        length += text.length();
        return this;
    }

    /** Appends any text as UTF-8. */
    public ByteSink text(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                byte[] utf8 = Utf8.encode(text);
                return append(utf8, 0, utf8.length);
            }
        }
        return ascii(text);
    }

    /** Appends any text as a JSON string. */
    public ByteSink quoted(String text) {
        return Json.isPlain(text) ? ascii("\"").ascii(text).ascii("\"") : text(Json.write(text));
    }

    /** Appends the fields of an object, without its braces; {@code first} if none stands there yet. */
    public ByteSink fields(Map<String, JsonSlice> fields, boolean first) {
        boolean comma = !first;
        for (Map.Entry<String, JsonSlice> field : fields.entrySet()) {
            ascii(comma ? "," : "").quoted(field.getKey()).ascii(":");
            field.getValue().appendTo(this);
            comma = true;
        }
        return this;
    }

    /** Appends text that is UTF-8 already as a JSON string: what may be megabytes never becomes a text. */
    public ByteSink quotedUtf8(byte[] utf8) {
        ascii("\"");
        int copied = 0;
        for (int i = 0; i < utf8.length; i++) {
            byte b = utf8[i];
            if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
                append(utf8, copied, i);
                if (b >= ' ') {
                    ascii(b == '"' ? "\\\"" : "\\\\");
                } else {
                    ascii(b == '\n' ? "\\n" : "\\u00" + Hex.of(new byte[] {b}));
                }
                copied = i + 1;
            }
        }
        return append(utf8, copied, utf8.length).ascii("\"");
    }

    /** Appends the bytes from {@code start} to {@code end}. */
    public ByteSink append(byte[] source, int start, int end) {
        reserve(end - start);
        System.arraycopy(source, start, bytes, length, end - start);
        length += end - start;
        return this;
    }

    /** Returns what was appended, without a copy; nothing may be appended any more. */
    public Body toBody() {
        return Body.of(bytes, length);
    }

    /** Returns a copy of what was appended. */
    public byte[] toBytes() {
        return Bytes.part(bytes, 0, length);
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            // Doubled while small; a large one must not hold twice of what it needs.
            int grown = bytes.length + Math.min(bytes.length, MAX_GROWTH);
            bytes = Bytes.grown(bytes, 0, length, Math.max(grown, length + more));
        }
    }
}
