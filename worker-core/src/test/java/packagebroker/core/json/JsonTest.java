package packagebroker.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Json} and {@link JsonObject}: the bodies of our own API. */
class JsonTest {
    private static JsonObject read(String json) {
        return Json.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static void refuses(boolean malformed, Runnable reading) {
        assertThatThrownBy(reading::run)
                .isInstanceOfSatisfying(
                        JsonException.class, e -> assertThat(e.isMalformed()).isEqualTo(malformed));
    }

    @Test
    void overlongFormsAndCutOffSequencesAreNoUtf8() {
        for (int[] bad :
                new int[][] {{0xC0, 0xAF}, {0xE0, 0x80, 0xAF}, {0xED, 0xA0, 0x80}, {0xF5, 0x80, 0x80, 0x80}, {0xC3}}) {
            byte[] json = "{\"a\":\"....\"}".getBytes(StandardCharsets.UTF_8);
            for (int k = 0; k < bad.length; k++) {
                json[6 + k] = (byte) bad[k];
            }
            assertThatThrownBy(() -> Json.read(json))
                    .isInstanceOf(JsonException.class)
                    .hasMessageContaining("UTF-8");
        }
    }

    @Test
    void writesWhatItReads() {
        String json = Json.write(Json.object(
                "text",
                "\"\\\n\u0001ö",
                "number",
                7,
                "flag",
                true,
                "none",
                null,
                "list",
                List.of("a", List.of()),
                "map",
                Json.object()));
        assertThat(json)
                .isEqualTo(
                        "{\"text\":\"\\\"\\\\\\n\\u0001ö\",\"number\":7,\"flag\":true,\"none\":null,\"list\":[\"a\",[]],\"map\":{}}");
        JsonObject object = read(json);
        assertThat(object.names()).containsExactly("text", "number", "flag", "none", "list", "map");
        assertThat(object.number("number", 0, 10, 0)).isEqualTo(7);
        assertThat(object.flag("flag", false)).isTrue();
        assertThat(object.has("none")).isTrue();
        assertThat(object.findText("none", 5)).isNull();
        assertThat(object.findObject("map")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "\"", "\\", "a\nb", "ö", "😀", "\u0000", "</script>"})
    void quotesAnyText(String text) {
        assertThat(read("{\"k\":" + Json.quote(text) + "}").names()).containsExactly("k");
        byte[] sunk = new ByteSink(0).quoted(text).toBytes();
        assertThat(new String(sunk, StandardCharsets.UTF_8)).isEqualTo(Json.quote(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nul",
                "{'a':'x'}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":.5}",
                "{\"a\":+1}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":\"tab\there\"}",
                "{} {}",
                "{}//c",
                "{\"a\":1,\"a\":2}",
                "{\"a\":{\"b\":1,\"b\":1}}",
                "{",
                "{\"a\":1,}"
            })
    void whatIsNoJsonIsMalformed(String json) {
        refuses(true, () -> read(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\"", "0", "true", "null", "[]", "1e309"})
    void whatIsNoObjectIsUnexpected(String json) {
        refuses(false, () -> read(json));
    }

    @Test
    void depthAndNumberOfValuesAreBounded() {
        refuses(true, () -> read("{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000)));
        refuses(true, () -> read("[".repeat(100_000)));
        char[] ones = new char[20_000];
        Arrays.fill(ones, '1');
        refuses(
                true,
                () -> read("{\"a\":["
                        + String.join(",", new String(ones).split("", -1)).substring(1) + "1]}"));
        assertThat(read("{\"a\":[" + "1,".repeat(9_997) + "1]}").has("a")).isTrue();
    }

    @Test
    void invalidUtf8IsMalformed() {
        for (byte[] bytes : List.of(
                new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xFF, '"', '}'},
                new byte[] {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0},
                "{\"a\":1}".getBytes(StandardCharsets.UTF_16LE))) {
            refuses(true, () -> Json.read(bytes));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"\"",
                "7",
                "null",
                "[]",
                "{}",
                "\"toolong\"",
                "\"a\\u0000b\"",
                "\"a\\nb\"",
                "\"\\u007f\"",
                "\"\\u0085\"",
                "\"\\u202E\"",
                "\"\\u2066\"",
                "\"\\ud800\"",
                "\"\\udc00x\"",
                "\"\\ud83d\""
            })
    void aTextIsPlainAndShort(String value) {
        refuses(false, () -> read("{\"k\":" + value + "}").text("k", 5));
    }

    @Test
    void aTextMayHoldAnyLetter() {
        assertThat(read("{\"k\":\"ö😀\"}").text("k", 5)).isEqualTo("ö😀");
        refuses(false, () -> read("{}").text("k", 5));
        assertThat(read("{}").findText("k", 5)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e309", "1.0", "-1", "11", "\"5\"", "true", "null", "99999999999999999999", "[]", "1e1"})
    void aNumberIsWholeAndWithinItsBounds(String value) {
        refuses(false, () -> read("{\"k\":" + value + "}").number("k", 0, 10, 5));
    }

    @Test
    void whatIsAbsentIsWhatWasSaid() {
        JsonObject empty = read("{}");
        assertThat(empty.number("k", 0, 10, 5)).isEqualTo(5);
        assertThat(empty.flag("k", true)).isTrue();
        assertThat(empty.findTexts("k", 5)).isNull();
        assertThat(empty.findObject("k")).isNull();
        assertThat(empty.has("k")).isFalse();
        assertThat(read("{\"k\":9007199254740991}").number("k", 0, Long.MAX_VALUE, 0))
                .isEqualTo(9_007_199_254_740_991L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"read\"", "[\"a\",null]", "[1]", "[[]]", "[\"toolong\"]", "[\"a\\nb\"]", "null", "{}"})
    void aListOfTextsHoldsNothingElse(String value) {
        refuses(false, () -> read("{\"k\":" + value + "}").findTexts("k", 5));
    }

    @Test
    void aFlagIsTrueOrFalse() {
        for (String value : List.of("1", "\"true\"", "null", "[]")) {
            refuses(false, () -> read("{\"k\":" + value + "}").flag("k", true));
        }
        refuses(false, () -> read("{\"k\":[]}").findObject("k"));
    }

    @Test
    void anUnknownFieldIsNeverIgnored() {
        refuses(false, () -> read("{\"name\":1,\"role\":\"owner\"}").allowOnly("name"));
        assertThat(read("{\"name\":1}").allowOnly("name", "other").names()).containsExactly("name");
    }

    @Test
    void aRefusalNamesThePathAndNeverTheValue() {
        assertThatThrownBy(() ->
                        read("{\"auth\":{\"password\":7}}").findObject("auth").text("password", 9))
                .hasMessageContaining("$.auth.password");
        assertThatThrownBy(() -> read("{\"k\":\"s3cr3t")).hasMessageNotContaining("s3cr3t");
        assertThatThrownBy(() -> read("{\"k\":\"s3cr3t\"}").number("k", 0, 9, 0))
                .hasMessageNotContaining("s3cr3t");
    }
}
