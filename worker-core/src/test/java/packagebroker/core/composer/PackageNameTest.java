package packagebroker.core.composer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackageNameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "acme/tool",
                "a/b",
                "acme/tool-kit",
                "acme/tool--kit",
                "acme/tool_kit",
                "acme/tool.kit",
                "acme-corp/tool",
                "acme_corp/t0",
                "4acme/5tool",
                "acme/x1.y2_z3-w4",
                "magento/product-community-edition",
                "psr/log",
                "nulled/console",
                "com10/lpt0",
                "acme/json",
                "acme.json/tool"
            })
    void acceptsANameAndSpellsItTheSame(String text) {
        assertThat(PackageName.parse(text)).hasToString(text);
        assertThat(PackageName.findExact(text)).isEqualTo(PackageName.parse(text));
    }

    /** The group pkg of the hostile inputs, without the two that only differ in case. */
    static Stream<String> hostileNames() {
        return Stream.of(
                "/tool",
                "acme/tool ",
                " acme/tool",
                "acme/to ol",
                "acme/tool\n",
                "acme\u0000/tool",
                "../tool",
                "acme/..",
                "./tool",
                "acme/.hidden",
                "acme/tool.",
                "acme/-tool",
                "acme/tool---x",
                "acme--x/tool",
                "acme/to..ol",
                "acme/to__ol",
                "acme/tool~dev.json",
                "nul/tool",
                "acme/lpt9",
                "acme/t\u043e\u043el",
                "acme/\uff54ool",
                "acme/\u212aelvin",
                "acme\\tool",
                "acme%2ftool",
                "acme/%74ool",
                "acme/tool#x",
                "acme/tool;rm",
                "acme/$(id)",
                "acme/`id`",
                "acme/tool\" or 1=1",
                "acme/$&",
                "acme/<script>",
                "acme/tool@1.0",
                "ext-json",
                "lib-openssl");
    }

    @ParameterizedTest
    @MethodSource("hostileNames")
    void refusesAHostileName(String text) {
        assertThat(PackageName.find(text)).isNull();
        assertThat(PackageName.findExact(text)).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> PackageName.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "acme",
                "acme/",
                "acme/tool/x",
                "acme//tool",
                "acme/tool-",
                "acme/tool-_x",
                "acme-/tool",
                "acme__x/tool",
                "acme/tool~dev",
                "acme/tool.json",
                "acme/TOOL.JSON",
                "CON/tool",
                "acme/Com1",
                "acme/t\u00f6ol"
            })
    void refusesAMalformedName(String text) {
        assertThat(PackageName.find(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"Acme/tool,acme/tool", "acme/Tool,acme/tool", "ACME/TOOL-Kit,acme/tool-kit"})
    void lowersTheCaseOfANameUnlessTheSpellingMustBeExact(String text, String name) {
        assertThat(PackageName.parse(text)).hasToString(name);
        assertThat(PackageName.findExact(text)).isNull();
    }

    @Test
    void acceptsNoMoreThan255Characters() {
        String vendor = "a".repeat(100);

        assertThat(PackageName.find(vendor + "/" + "b".repeat(154))).isNotNull();
        assertThat(PackageName.find(vendor + "/" + "b".repeat(155))).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> new PackageName(vendor, "b".repeat(155)));
        assertThat(PackageName.find("acme/" + "b".repeat(65536))).isNull();
    }

    @Test
    void answersALongAlternationOfWordsAndSeparatorsAtOnce() {
        assertThat(PackageName.find("acme/" + "a-".repeat(20000) + "!")).isNull();
        assertThat(PackageName.find("acme/" + "a-".repeat(120) + "!")).isNull();
    }

    @Test
    void splitsTheNameAtItsSlash() {
        PackageName name = PackageName.parse("acme/tool");

        assertThat(name.vendor()).isEqualTo("acme");
        assertThat(name.name()).isEqualTo("tool");
        assertThat(name).isEqualTo(new PackageName("acme", "tool"));
    }

    @Test
    void cannotBeMadeOfPartsThatAreNoName() {
        assertThatNoException().isThrownBy(() -> new PackageName("acme", "tool"));
        assertThatIllegalArgumentException().isThrownBy(() -> new PackageName("Acme", "tool"));
        assertThatIllegalArgumentException().isThrownBy(() -> new PackageName("acme", "tool/x"));
        assertThatIllegalArgumentException().isThrownBy(() -> new PackageName("acme", "aux"));
    }

    @Test
    void saysWhatItExpectedAndWhatItFoundWithoutEchoingControlCharacters() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackageName.parse("acme/to\r\nol\""))
                .withMessage("expected a package name such as acme/tool, found \"acme/to??ol?\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackageName.parse("x".repeat(1000)))
                .withMessage("expected a package name such as acme/tool, found \"" + "x".repeat(60) + "…\"");
    }
}
