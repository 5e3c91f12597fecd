package packagebroker.core.composer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {

    @ParameterizedTest
    @ValueSource(strings = {"0", "deadbeef", "0000000000000000000000000000000000000000", "c0ffee"})
    void isItsOwnKeyIfItIsLowerCaseHex(String text) {
        assertThat(Reference.parse(text).key()).isEqualTo(text);
        assertThat(Reference.isKey(text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "v1.0.0,                                   2888cd106bd98b888fca74c785bd6cf5",
        "/tags/1.0/@123,                           5b03ffaa1e7766ca55e8dde8fde69dbf",
        "ABCDEF0123456789ABCDEF0123456789ABCDEF01, 16332a8d31a14b306c98ec107fdd5087",
        "main,                                     fad58de7366495db4650cfefac2fcd61",
    })
    void hasADigestForItsKeyOtherwise(String text, String key) {
        assertThat(Reference.parse(text).key()).isEqualTo(key);
        assertThat(Reference.isKey(text)).isFalse();
        assertThat(Reference.isKey(key)).isTrue();
    }

    /** The group ref of the hostile inputs, except the unknown hash, as sent; the upper-case hash is no key, see above. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "..%2f..%2fsecret",
                "%00",
                "a%0d%0aSet-Cookie:x=1",
                "--output=x",
                "r%25reference%25",
                "a;b",
                "a%3fb",
                "x%5c..%5cy",
                "%e2%80%ae"
            })
    void refusesAHostileReferenceAsItIsSent(String text) {
        assertThat(Reference.find(text)).isNull();
        assertThat(Reference.isKey(text)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> Reference.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../secret",
                "\u0000",
                "a\r\nSet-Cookie:x=1",
                "r%reference%",
                "a?b",
                "x\\..\\y",
                "\u202e",
                "",
                " ",
                "a b",
                "a\tb",
                "a\n",
                "-",
                "-x",
                "a\"b",
                "a'b",
                "a`b`",
                "a<b",
                "a$b",
                "a|b",
                "a&b",
                "a*b",
                "a#b",
                "a(b)",
                "a\u007f",
                "caf\u00e9"
            })
    void refusesAHostileReferenceWhenDecoded(String text) {
        assertThat(Reference.find(text)).isNull();
        assertThat(Reference.isKey(text)).isFalse();
    }

    @Test
    void acceptsNoMoreThan255Characters() {
        assertThat(Reference.find("a".repeat(255))).isNotNull();
        assertThat(Reference.find("a".repeat(256))).isNull();
        assertThat(Reference.isKey("a".repeat(255))).isTrue();
        assertThat(Reference.isKey("a".repeat(256))).isFalse();
    }

    @Test
    void spellsItselfAsItWasWritten() {
        assertThat(Reference.parse("Main")).hasToString("Main").isEqualTo(new Reference("Main"));
    }

    @Test
    void saysWhatItExpectedAndWhatItFound() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reference.parse("a;b"))
                .withMessage("expected a reference such as a commit hash, found \"a;b\"");
    }
}
