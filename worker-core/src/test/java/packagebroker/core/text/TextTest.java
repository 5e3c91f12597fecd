package packagebroker.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small stand-ins for parts of the JDK, with the JDK as the judge. */
class TextTest {
    @Test
    void hexWritesEachByteAsTwoLowerCaseDigits() {
        assertThat(Hex.of(new byte[] {0, 9, 10, 127, -128, -1})).isEqualTo("00090a7f80ff");
        assertThat(Hex.of(new byte[0])).isEmpty();
    }

    @Test
    void hexReadsWhatItWrote() {
        byte[] bytes = {0, 9, 10, 127, -128, -1};
        assertThat(Hex.bytes(Hex.of(bytes))).isEqualTo(bytes);
    }

    @Test
    void sha256OfBytesIsTheOneOfTheJdk() throws NoSuchAlgorithmException {
        Random random = new Random(20261124);
        for (int length = 0; length < 300; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            byte[] expected = MessageDigest.getInstance("SHA-256").digest(bytes);
            assertThat(Sha256.of(bytes)).as("%d bytes", length).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, true", "deadbeef, true", "'', false", "DEADBEEF, false", "12g4, false", "' 12', false", "１２, false"
    })
    void hexKnowsItsOwnDigits(String text, boolean expected) {
        assertThat(Hex.isHex(text)).isEqualTo(expected);
    }

    @Test
    void asciiSaysOfItsOwnLettersAndDigitsWhatTheJdkSays() {
        for (char c = 0; c < 128; c++) {
            assertThat(Ascii.digit(c)).isEqualTo(Character.digit(c, 10));
            assertThat(Ascii.hexDigit(c)).isEqualTo(Character.digit(c, 16));
            assertThat(Ascii.lower("a" + c + "Z")).isEqualTo(("a" + c + "Z").toLowerCase(Locale.ROOT));
            for (char other = 0; other < 128; other++) {
                assertThat(Ascii.isSame("a" + c, "A" + other)).isEqualTo(("" + c).equalsIgnoreCase("" + other));
            }
        }
    }

    @Test
    void asciiKnowsNoOtherLettersAndDigits() {
        assertThat(Ascii.digit('３')).isEqualTo(-1);
        assertThat(Ascii.hexDigit('Ａ')).isEqualTo(-1);
        assertThat(Ascii.lower("ÄİÑ")).isEqualTo("ÄİÑ");
        assertThat(Ascii.isSame("ä", "Ä")).isFalse();
        assertThat(Ascii.isSame("a", null)).isFalse();
        assertThat(Ascii.isSame("a", "aa")).isFalse();
    }

    @Test
    void base62PadsAndCutsAtTheLeft() {
        assertThat(Base62.of(new byte[0], 3)).isEqualTo("000");
        assertThat(Base62.of(new byte[] {61}, 2)).isEqualTo("0z");
        assertThat(Base62.of(new byte[] {62}, 2)).isEqualTo("10");
        assertThat(Base62.of(new byte[] {(byte) 0xFF, (byte) 0xFF}, 2)).isEqualTo("31");
        assertThat(Base62.of(filled(0xFF), 43)).isEqualTo("yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1");
    }

    @ParameterizedTest
    @CsvSource({"abcXYZ019, true", "'', true", "ab-c, false", "ab_c, false", "äbc, false", "'a b', false"})
    void base62KnowsItsOwnDigits(String text, boolean expected) {
        assertThat(Base62.isBase62(text, 0, text.length())).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "123456789", "pkr_0000000000000000000000000000000000000000000"})
    void crc32IsTheOneOfZip(String text) {
        CRC32 judge = new CRC32();
        judge.update(text.getBytes(StandardCharsets.US_ASCII));
        String expected = String.format(Locale.ROOT, "%08x", judge.getValue());
        assertThat(Hex.of(Crc32.of(text, text.length()))).isEqualTo(expected);
        assertThat(Hex.of(Crc32.of(text + "more", text.length()))).isEqualTo(expected);
    }

    @Test
    void base64IsReadAsTheJdkReadsIt() {
        for (int length = 0; length <= 70; length++) {
            String text = "user:pä€\0~".repeat(9).substring(0, length);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThat(Base64Text.decode(Base64.getEncoder().encodeToString(bytes)))
                    .isEqualTo(text);
            assertThat(Base64Text.decode(Base64.getEncoder().withoutPadding().encodeToString(bytes)))
                    .isEqualTo(text);
        }
        assertThat(Base64Text.decode("+/+/"))
                .isEqualTo(Utf8.decode(Base64.getDecoder().decode("+/+/")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A", "AAAAA", "=", "==", "A=", "A===", "AA=", "AAA==", "AAAA=", "AAAA==", "AA==AA", "AA A", "A-_A",
                "Ä===", "AAé="
            })
    void whatIsNoBase64IsRefusedAsTheJdkRefusesIt(String text) {
        assertThatThrownBy(() -> Base64.getDecoder().decode(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Base64Text.decode(text)).isNull();
    }

    @Test
    void base64UrlHasOneTextForEachBytes() {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=é\0";
        for (int length = 0; length <= 50; length++) {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) (i * 83 + length);
            }
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            assertThat(Base64Text.urlBytes(text)).isEqualTo(bytes);
            assertThat(Base64Text.urlBytes(text + "=")).isNull();
            for (int i = 0; i < text.length(); i++) {
                for (int k = 0; k < alphabet.length(); k++) {
                    String other = text.substring(0, i) + alphabet.charAt(k) + text.substring(i + 1);
                    byte[] read = Base64Text.urlBytes(other);
                    String written = read == null
                            ? other
                            : Base64.getUrlEncoder().withoutPadding().encodeToString(read);
                    assertThat(written).isEqualTo(other);
                }
            }
        }
    }

    @Test
    void sha256IsTheOneOfTheJdkForEveryPaddingAndForOtherThanAscii() throws NoSuchAlgorithmException {
        for (int length = 0; length <= 200; length++) {
            String text = "xé€ß".repeat(length).substring(0, length);
            byte[] expected = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            assertThat(Sha256.of(text)).as("%d characters", length).isEqualTo(expected);
        }
    }

    static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z",
                "1994-11-06T08:49:37Z",
                "1999-12-31T23:59:59Z",
                "2000-02-28T23:59:59Z",
                "2000-02-29T00:00:00Z",
                "2000-03-01T00:00:00Z",
                "2023-02-28T12:00:00Z",
                "2024-02-29T12:00:00Z",
                "2026-11-23T10:51:37.999Z",
                "2038-01-19T03:14:08Z",
                "2100-02-28T00:00:00Z",
                "2100-03-01T00:00:00Z",
                "2400-02-29T23:59:59Z",
                "9999-12-31T23:59:59Z"
            })
    void datesAreThoseOfTheJdk(String time) {
        Instant instant = Instant.parse(time);
        assertThat(HttpDate.of(instant.toEpochMilli())).isEqualTo(judged(instant));
    }

    @Test
    void everyDayOfFourHundredYearsHasItsDate() {
        for (long day = 0; day < 146_100; day++) {
            Instant instant = Instant.ofEpochSecond(day * 86_400 + day % 86_400);
            assertThat(HttpDate.of(instant.toEpochMilli())).isEqualTo(judged(instant));
        }
    }

    private static String judged(Instant instant) {
        return DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                .withZone(ZoneOffset.UTC)
                .format(instant);
    }

    @ParameterizedTest
    @CsvSource({
        "tool, tool",
        "'', ''",
        "t%6fol, tool",
        "tool%7Edev, tool~dev",
        "%252e, %2e", // decoded exactly once
        "a%2fb, a/b",
        "a+b, a+b", // a plus is a plus in a path
        "gr%C3%B6%C3%9Fe, größe",
        "größe, größe",
        "%F0%9F%98%80, 😀",
        "a%2Fb%2fc, a/b/c"
    })
    void percentDecodesOnce(String text, String expected) {
        assertThat(Percent.decode(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "%z",
                "%zz",
                "a%",
                "a%4",
                "%4",
                "%-1",
                "% 1",
                "%c0%af",
                "%ff",
                "%c3",
                "%ed%a0%80",
                "%00",
                "%0d%0a",
                "%1f",
                "%7f",
                "a\tb",
                "\u007F",
                "%EF%BC%90%"
            })
    void percentRefusesWhatIsMalformedOrHoldsAControl(String text) {
        assertThat(Percent.decode(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "1.0.0.0/rabc.zip, 1.0.0.0/rabc.zip",
        "dev-a b, dev-a%20b",
        "dev-50%, dev-50%25",
        "dev-a#b?c, dev-a%23b%3Fc",
        "dev-größe, dev-gr%C3%B6%C3%9Fe",
        "dev-😀, dev-%F0%9F%98%80",
        "a+b~c@d_e, a+b~c@d_e",
        "'\"<>\\', %22%3C%3E%5C"
    })
    void percentEncodesAPathAndDecodesItBack(String text, String expected) {
        assertThat(Percent.encodePath(text)).isEqualTo(expected);
        assertThat(Percent.decode(expected)).isEqualTo(text);
    }

    @Test
    void wordsAreSeparatedBySpaces() {
        assertThat(Words.of("")).isEmpty();
        assertThat(Words.of("acme/*")).containsExactly("acme/*");
        assertThat(Words.of("acme/* b/c *")).containsExactly("acme/*", "b/c", "*");
    }
}
