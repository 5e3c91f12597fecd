package packagebroker.core.json;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.json.UTF8StreamJsonParser;
import com.fasterxml.jackson.core.sym.ByteQuadsCanonicalizer;

/**
 * A parser of JSON as the standard has it, which says of what is none only that it is none. Jackson's own reads dialects too,
 * and describes each fault with a piece of the input, which may hold a secret; nobody may see that, and here it is not built.
 */
final class Utf8JsonParser extends UTF8StreamJsonParser {
    Utf8JsonParser(IOContext context, int features, ByteQuadsCanonicalizer names, Input input) {
        super(context, features, null, null, names, input.bytes, input.start, input.end, 0, false);
    }

    /** The part of an array to parse. */
    record Input(byte[] bytes, int start, int end) {}

    private static JsonException malformed() {
        return JsonException.malformed("expected JSON but found something else");
    }

    // Values and names of dialects.

    @Override
    protected JsonToken _handleUnexpectedValue(int c) {
        throw malformed();
    }

    @Override
    protected String _handleOddName(int c) {
        throw malformed();
    }

    @Override
    protected JsonToken _handleInvalidNumberStart(int c, boolean negative, boolean signed) {
        throw malformed();
    }

    // Faults.

    @Override
    protected void _reportInvalidToken(String matched, String expected) {
        throw malformed();
    }

    @Override
    protected void _reportInvalidChar(int c) {
        throw malformed();
    }

    @Override
    protected void _reportInvalidInitial(int mask) {
        throw malformed();
    }

    @Override
    protected void _reportInvalidOther(int mask) {
        throw malformed();
    }

    @Override
    protected void _reportInvalidOther(int mask, int at) {
        throw malformed();
    }

    @Override
    protected void _reportInvalidEOF(String message, JsonToken token) {
        throw malformed();
    }

    @Override
    protected void _reportMissingRootWS(int c) {
        throw malformed();
    }

    @Override
    protected void _reportUnexpectedChar(int c, String comment) {
        throw malformed();
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // as Jackson has it
    protected <T> T _reportUnexpectedNumberChar(int c, String comment) {
        throw malformed();
    }

    @Override
    protected void _throwInvalidSpace(int c) {
        throw malformed();
    }

    @Override
    protected void _throwUnquotedSpace(int c, String context) {
        throw malformed();
    }

    @Override
    protected char _handleUnrecognizedCharacterEscape(char c) {
        throw malformed();
    }

    @Override
    protected void _reportMismatchedEndMarker(int actual, char expected) {
        throw malformed();
    }

    @Override
    protected void _handleEOF() {
        if (!_parsingContext.inRoot()) {
            throw malformed();
        }
    }
}
