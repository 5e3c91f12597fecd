package packagebroker.entry.adapter;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Headers;
import packagebroker.entry.js.Message;

/** Header fields of the runtime, asked only for what is wanted. */
final class RuntimeHeaders implements Headers {
    private final Message message;
    private packagebroker.entry.js.@Nullable Headers fields;

    /** Those of a message that may never be asked for any. */
    RuntimeHeaders(Message message) {
        this.message = message;
    }

    @Override
    public @Nullable String find(String name) {
        return fields().get(name);
    }

    @Override
    public List<String> pairs() {
        return List.of(fields().pairs());
    }

    /** Returns the length of the body, or -1; what is stated of an encoded one is no length of the bytes that arrive. */
    long length() {
        String length = find("content-length");
        return length == null || find("content-encoding") != null ? -1 : digits(length);
    }

    private static long digits(String text) {
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || i > 15) {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return text.isEmpty() ? -1 : value;
    }

    private packagebroker.entry.js.Headers fields() {
        packagebroker.entry.js.Headers found = fields;
        if (found == null) {
            found = message.getHeaders();
            fields = found;
        }
        return found;
    }
}
