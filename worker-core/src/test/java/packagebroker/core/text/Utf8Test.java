package packagebroker.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The JDK's own coder is the judge, but for encoded surrogates: it replaces one by one character, where the encoding
 * standard, and with it every runtime's TextDecoder, has three.
 */
class Utf8Test {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "\u007F\u0080",
                "\u07FF\u0800",
                "\uFFFF",
                "grüße",
                "日本語",
                "😀",
                "a😀b",
                "\uDBFF\uDFFF",
                "\0"
            })
    void textComesBack(String text) {
        byte[] bytes = Utf8.encode(text);
        assertThat(bytes).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        assertThat(Utf8.decode(bytes)).isEqualTo(text);
    }

    @Test
    void aLoneSurrogateBecomesOneReplacementAndTakesNothingWithIt() {
        assertThat(Utf8.decode(Utf8.encode("\"\uDE00\""))).isEqualTo("\"\uFFFD\"");
        assertThat(Utf8.decode(Utf8.encode("\uD83D\uD83D\uDE00"))).isEqualTo("\uFFFD😀");
        assertThat(Utf8.decode(Utf8.encode("\uDE00\uD83D"))).isEqualTo("\uFFFD\uFFFD");
        assertThat(Utf8.decode(Utf8.encode("a\uD83D"))).isEqualTo("a\uFFFD");
    }

    @ParameterizedTest
    @CsvSource({
        "80, 1", // a continuation alone
        "C3, 1", // cut off
        "C0AF, 2", // too long a form of a slash
        "E080AF, 3",
        "F4908080, 4", // beyond the last plane
        "F09F98, 1", // cut off
        "E6976C, 1", // the start of a longer form, then the letter l
        "FF, 1",
        "F8808080, 4",
    })
    void malformedBytesBecomeReplacements(String hex, int replacements) {
        byte[] bytes = bytes(hex);
        String decoded = Utf8.decode(bytes);
        assertThat(decoded).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
        assertThat(decoded.chars().filter(c -> c == 0xFFFD).count()).isEqualTo(replacements);
    }

    @Test
    void anEncodedSurrogateIsThreeMalformedBytes() {
        assertThat(Utf8.decode(bytes("61EDA08062"))).isEqualTo("a\uFFFD\uFFFD\uFFFDb");
        assertThat(Utf8.decode(bytes("EDBFBF"))).isEqualTo("\uFFFD\uFFFD\uFFFD");
        assertThat(Utf8.decode(bytes("ED9FBF"))).isEqualTo("\uD7FF");
    }

    @Test
    void anyBytesAreDecodedAsTheJdkDoes() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            for (int k = 0; k < bytes.length; k++) {
                int b = random.nextBoolean() ? 0x80 + random.nextInt(0x80) : random.nextInt(0x100);
                bytes[k] = (byte) (b == 0xED ? 0xEE : b);
            }
            assertThat(Utf8.decode(bytes)).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    @Test
    void anyTextIsEncodedAsTheJdkDoes() throws CharacterCodingException {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int k = random.nextInt(8); k > 0; k--) {
                text.append((char) (random.nextBoolean() ? 0xD7F0 + random.nextInt(0x820) : random.nextInt(0x10000)));
            }
            CharBuffer chars = CharBuffer.wrap(text);
            ByteBuffer expected = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .replaceWith(new byte[] {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD})
                    .encode(chars);
            byte[] found = Utf8.encode(text.toString());
            assertThat(ByteBuffer.wrap(found)).isEqualTo(expected);
        }
    }

    @Test
    void aPartIsDecoded() {
        byte[] bytes = Utf8.encode("aüb");
        assertThat(Utf8.decode(bytes, 1, 3)).isEqualTo("ü");
        assertThat(Utf8.decode(bytes, 1, 2)).isEqualTo("\uFFFD");
        assertThat(Utf8.decode(bytes, 4, 4)).isEmpty();
    }

    private static byte[] bytes(String hex) {
        byte[] bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }
}
