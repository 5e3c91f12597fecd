package packagebroker.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    private static String clean(String json) {
        return new String(JsonText.clean(json.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "\"\\ud83d\\ude00\"", // a pair
                "\"\\uD83D\\uDE00\"",
                "\"😀 größe\"",
                "\"\\\\ud800\"", // an escaped backslash and five letters
                "\"\\n\\u0041\\uffff\"",
                "\"\\ud7ff\\ue000\"", // just outside
                "\"\\",
                "\"\\u",
                "\"\\ud8"
            })
    void leavesWellFormedTextAsItIs(String json) {
        assertThat(clean(json)).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource({
        "\\ud800, \\ufffd",
        "\\uD800, \\ufffd",
        "\\uDFFF, \\ufffd",
        "x\\udc00y, x\\ufffdy",
        "\\ud83d\\ud83d\\ude00, \\ufffd\\ud83d\\ude00",
        "\\ude00\\ud83d, \\ufffd\\ufffd",
        "\\ud83d\\n, \\ufffd\\n",
        "\\ud83d\\u0041, \\ufffd\\u0041",
        "\\\\\\ud800, \\\\\\ufffd", // a backslash, then a lone surrogate
        "\\ud83d, \\ufffd"
    })
    void replacesALoneSurrogateInPlace(String text, String expected) {
        assertThat(clean("\"" + text + "\"")).isEqualTo("\"" + expected + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"22FF22", "22C0AF22", "22E2822822", "22EDA08022", "22F4908080", "C3", "22F09F98", "1F8B08"})
    void refusesWhatIsNoUtf8(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThatThrownBy(() -> JsonText.clean(bytes))
                .isInstanceOfSatisfying(
                        JsonException.class, e -> assertThat(e.isMalformed()).isTrue());
    }
}
