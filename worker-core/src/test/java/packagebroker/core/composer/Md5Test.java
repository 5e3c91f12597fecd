package packagebroker.core.composer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Md5Test {

    /** The test suite of RFC 1321. */
    @ParameterizedTest
    @CsvSource({
        "'',                         d41d8cd98f00b204e9800998ecf8427e",
        "a,                          0cc175b9c0f1b6a831c399e269772661",
        "abc,                        900150983cd24fb0d6963f7d28e17f72",
        "message digest,             f96b697d7cb7938d525a2f31aaf161d0",
        "abcdefghijklmnopqrstuvwxyz, c3fcd3d76192e4007dfb496cca67e13b",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789, d174ab98d277d9f5a5611c2c9f419d9f",
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890, 57edf4a22be3c955ac49da2e2107b67a",
    })
    void digestsTheExamplesOfTheRfc(String text, String digest) {
        assertThat(Md5.hex(text)).isEqualTo(digest);
    }

    @Test
    void digestsTextsOfEveryLengthAroundABlock() throws NoSuchAlgorithmException {
        for (int length = 0; length < 200; length++) {
            String text = "x".repeat(length);
            assertThat(Md5.hex(text)).isEqualTo(expected(text));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u007f\u0080",
                "caf\u00e9",
                "\u07ff\u0800",
                "\u20ac\uffff",
                "\ud83d\ude00",
                "a\ud800\udc00\udbff\udfffz"
            })
    void digestsTheUtf8OfAText(String text) throws NoSuchAlgorithmException {
        assertThat(Md5.hex(text)).isEqualTo(expected(text));
    }

    @ParameterizedTest
    @ValueSource(ints = {0xd800, 0xdbff, 0xdc00, 0xdfff})
    void takesALoneSurrogateForTheReplacementCharacter(int surrogate) {
        assertThat(Md5.hex("a" + (char) surrogate + "b")).isEqualTo(Md5.hex("a\ufffdb"));
        assertThat(Md5.hex("a" + (char) surrogate)).isEqualTo(Md5.hex("a\ufffd"));
    }

    private static String expected(String text) throws NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }
}
