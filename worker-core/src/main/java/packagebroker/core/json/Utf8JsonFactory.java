package packagebroker.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.io.ContentReference;
import com.fasterxml.jackson.core.io.IOContext;

/** A factory for UTF-8 alone: without the guessing of encodings, the parsers for all the others stay out of the Worker. */
final class Utf8JsonFactory extends JsonFactory {
    private static final long serialVersionUID = 1L;

    Utf8JsonFactory(JsonFactoryBuilder builder) {
        super(builder);
    }

    // The two that follow leave out decorators, which there are none of: for one, a stream of any encoding could be
    // parsed.

    @Override
    public JsonParser createParser(byte[] data) {
        return createParser(data, 0, data.length);
    }

    @Override
    public JsonParser createParser(byte[] data, int offset, int length) {
        return _createParser(data, offset, length, _createContext(ContentReference.unknown(), true));
    }

    @Override
    protected JsonParser _createParser(byte[] data, int offset, int length, IOContext context) {
        return new Utf8JsonParser(
                context,
                _parserFeatures,
                _byteSymbolCanonicalizer.makeChildOrPlaceholder(_factoryFeatures),
                new Utf8JsonParser.Input(data, offset, offset + length));
    }
}
