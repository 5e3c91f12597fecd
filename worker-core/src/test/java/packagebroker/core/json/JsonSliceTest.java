package packagebroker.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link JsonCursor} and {@link JsonSlice}: what is cut out of a document is what was written there. */
class JsonSliceTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static JsonSlice slice(String json) {
        return JsonSlice.of(bytes(json));
    }

    private static String text(JsonSlice slice) {
        ByteSink sink = new ByteSink(0);
        slice.appendTo(sink);
        return new String(sink.toBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                "false",
                "0",
                "-1.50e+3",
                "\"\"",
                "\"x\"",
                "\"\\\"\\\\\"",
                "\"größe 😀\"",
                "[ 1 , [ ] , { } ]",
                "{ \"a\" : [ null ] }",
                "\"}\"",
                "\"a,b\"",
                "1e2",
                "[[[[]]]]",
                "\"\\ud83d\\ude00\""
            })
    void aFieldIsCutOutAsItWasWritten(String value) {
        for (String form : List.of(
                "{\"k\":%}", "{ \"k\" :\n % }", "{\"a\":1,\"k\":%,\"z\":[]}", "{\"ö\":\"😀\",\"k\" : %\t, \"z\":0}")) {
            String json = form.replace("%", value);
            for (JsonSlice whole : List.of(slice(json), JsonSlice.ofDocument(bytes(json)))) {
                Map<String, JsonSlice> fields = Objects.requireNonNull(whole.findFields());
                assertThat(text(Objects.requireNonNull(fields.get("k")))).isEqualTo(value);
            }
        }
    }

    @Test
    void elementsAreCutOutAsTheyWereWritten() {
        JsonCursor cursor = slice(" [ 1 ,\"a\", {\"b\":[1,2]} , [ ] ] ").cursor();
        List<String> elements = new ArrayList<>();
        cursor.enter();
        while (cursor.nextElement()) {
            elements.add(text(cursor.slice()));
        }
        cursor.requireEnd();
        assertThat(elements).containsExactly("1", "\"a\"", "{\"b\":[1,2]}", "[ ]");
    }

    @Test
    void aSliceOfASliceIsStillAtItsPlace() {
        JsonSlice outer = slice("{\"é\":{\"in\":{\"x\":[1, 2]}},\"after\":1}");
        JsonSlice middle = Objects.requireNonNull(
                Objects.requireNonNull(outer.findFields()).get("é"));
        JsonSlice inner = Objects.requireNonNull(
                Objects.requireNonNull(middle.findFields()).get("in"));
        assertThat(text(Objects.requireNonNull(
                        Objects.requireNonNull(inner.findFields()).get("x"))))
                .isEqualTo("[1, 2]");
    }

    @Test
    void theFieldsOfAnInnerObjectAreReadOnTheWay() {
        JsonCursor cursor = slice("{\"dist\":{\"type\":\"zip\"},\"other\":{\"a\":1,\"a\":2}}")
                .cursor();
        Map<String, JsonSlice> fields = Objects.requireNonNull(cursor.fields("dist"));
        JsonSlice dist = Objects.requireNonNull(fields.get("dist"));
        assertThat(text(dist)).isEqualTo("{\"type\":\"zip\"}");
        assertThat(Objects.requireNonNull(dist.findFields())).containsOnlyKeys("type");
        assertThat(Objects.requireNonNull(fields.get("other")).findFields()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1,\"a\":1}", "{\"a\":1,\"b\":2,\"\\u0061\":3}"})
    void aKeyThatStandsThereTwiceSpoilsItsObject(String json) {
        assertThat(slice(json).findFields()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"\" | ``",
                "\"plain\" | plain",
                "\"größe\" | größe",
                "\"\\u00e9\\/\\n\" | `é/\n`",
                "\"\\ud83d\\ude00\" | 😀",
                "\"\\\"\" | `\"`"
            })
    void aTextIsUnescaped(String json, String expected) {
        assertThat(slice(json).findText()).isEqualTo(expected);
        JsonSlice field = Objects.requireNonNull(Objects.requireNonNull(
                        JsonSlice.ofDocument(bytes("{\"k\":" + json + "}")).findFields())
                .get("k"));
        assertThat(field.findText()).isEqualTo(expected);
        assertThat(field.findText()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "null", "{}", "[]", "true"})
    void whatIsNoStringHasNoText(String json) {
        assertThat(slice(json).findText()).isNull();
    }

    @Test
    void slicesAreEqualIfTheirBytesAre() {
        Map<String, JsonSlice> fields = Objects.requireNonNull(
                slice("{\"a\":[1,2],\"b\":[1,2],\"c\":[1, 2]}").findFields());
        assertThat(fields.get("a")).isEqualTo(fields.get("b")).hasSameHashCodeAs(fields.get("b"));
        assertThat(fields.get("a")).isNotEqualTo(fields.get("c"));
        assertThat(Objects.requireNonNull(fields.get("a")).is("[1,2]")).isTrue();
        assertThat(Objects.requireNonNull(fields.get("a")).is("[1,3]")).isFalse();
        assertThat(Objects.requireNonNull(fields.get("a")).is("[1,2],")).isFalse();
        assertThat(Objects.requireNonNull(fields.get("a")).length()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "[1,]",
                "{a:1}",
                "{'a':1}",
                "[01]",
                "[.5]",
                "[+1]",
                "[NaN]",
                "[Infinity]",
                "[nul]",
                "[\"tab\there\"]",
                "{}//c",
                "[\"\\x\"]",
                "[\"\\u12\"]",
                "{} {}",
                "]",
                "[1 2]"
            })
    void whatIsNoJsonIsRefused(String json) {
        assertThatThrownBy(() -> {
                    JsonCursor cursor = slice(json).cursor();
                    cursor.skip();
                    cursor.requireEnd();
                    assertThat(json).isEmpty();
                    throw JsonException.malformed("an empty document has no value");
                })
                .isInstanceOf(JsonException.class);
    }

    @Test
    void depthIsBounded() {
        JsonCursor fits = slice("[".repeat(64) + "]".repeat(64)).cursor();
        fits.skip();
        fits.requireEnd();
        for (int depth : new int[] {65, 100_000}) {
            assertThatThrownBy(() -> slice("[".repeat(depth) + "]".repeat(depth))
                            .cursor()
                            .skip())
                    .isInstanceOf(JsonException.class);
        }
    }

    @Test
    void aCursorGoesOnlyWhereItCan() {
        JsonCursor cursor = slice("{\"a\":1}").cursor();
        assertThat(cursor.atObject()).isTrue();
        assertThat(cursor.atArray()).isFalse();
        cursor.enter();
        assertThat(cursor.nextKey()).isEqualTo("a");
        assertThatThrownBy(cursor::enter).isInstanceOf(JsonException.class);
        assertThat(cursor.text()).isNull();
        assertThat(cursor.nextKey()).isNull();
        cursor.requireEnd();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "17955216000000, 17955216000000", "999999999999999, 999999999999999", "1000000000000000, -1"})
    void aWholeNumberIsReadUpToFifteenDigits(String json, long expected) {
        assertThat(JsonSlice.of(json.getBytes(StandardCharsets.UTF_8)).findNumber())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "1e3", "true", "null", "[1]", "\"1\""})
    void whatIsNoWholeNumberIsNone(String json) {
        assertThat(JsonSlice.of(json.getBytes(StandardCharsets.UTF_8)).findNumber())
                .isEqualTo(-1);
    }
}
