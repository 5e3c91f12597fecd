package packagebroker.core.composer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackagePatternTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "acme/*", "acme/tool", "acme/tool-*", "acme/tool--*", "acme/a.b_c-*", "a/b", "acme/nul-*"})
    void acceptsTheFourForms(String text) {
        assertThat(PackagePattern.parse(text)).hasToString(text);
    }

    /** The group pat of the hostile inputs; that a token has too many patterns is for the endpoint to see. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "acme",
                "acme/",
                "acme/**",
                "a*e/tool",
                "acme/t*l",
                "acme/tool*x*",
                "^acme/.*$",
                "(a+)+/b",
                "acme/[a-z]",
                "acme/tool,globex/*",
                "acme/../*",
                "%/%",
                "acme/_",
                "acme/*\n"
            })
    void refusesAHostilePattern(String text) {
        assertThat(PackagePattern.find(text)).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> PackagePattern.parse(text));
        assertThatIllegalArgumentException().isThrownBy(() -> new PackagePattern(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "**",
                "*/*",
                "*/tool",
                "*acme/tool",
                "acme*",
                "acme-*",
                "/*",
                "acme//*",
                "acme/tool*",
                "acme/tool.*",
                "acme/tool_*",
                "acme/-*",
                "acme/tool---*",
                "acme/tool/*",
                "acme/tool-*-*",
                "nul/*",
                "acme/nul",
                "acme/tool.json",
                " *",
                "acme/ *",
                "!acme/tool",
                "acme/\u212a-*"
            })
    void refusesAnyOtherForm(String text) {
        assertThat(PackagePattern.find(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "*,           acme/tool,     true",
        "acme/*,      acme/tool,     true",
        "acme/*,      acme2/tool,    false",
        "acme/*,      globex/acme,   false",
        "acme/tool,   acme/tool,     true",
        "acme/tool,   acme/tools,    false",
        "acme/tool,   acme/too,      false",
        "acme/tool-*, acme/tool-kit, true",
        "acme/tool-*, acme/tool--x,  true",
        "acme/tool-*, acme/tool,     false",
        "acme/tool-*, acme/toolbox,  false",
        "acme/tool-*, acme/tool_kit, false",
        "Acme/Tool-*, acme/tool-kit, true",
    })
    void selectsByNameVendorOrPrefix(String pattern, String name, boolean isSelected) {
        assertThat(PackagePattern.parse(pattern).matches(PackageName.parse(name)))
                .isEqualTo(isSelected);
    }

    @Test
    void acceptsNoMoreThan255Characters() {
        assertThat(PackagePattern.find("acme/" + "a".repeat(248) + "-*")).isNotNull();
        assertThat(PackagePattern.find("acme/" + "a".repeat(249) + "-*")).isNull();
        assertThat(PackagePattern.find("a".repeat(253) + "/*")).isNotNull();
        assertThat(PackagePattern.find("a".repeat(254) + "/*")).isNull();
    }

    @Test
    void acceptsEachOfManyPatterns() {
        for (int i = 0; i < 10_001; i++) {
            assertThat(PackagePattern.find("acme/p" + i)).isNotNull();
        }
    }

    @Test
    void saysWhatItExpectedAndWhatItFound() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackagePattern.parse("acme/t*l"))
                .withMessage("expected *, vendor/*, vendor/name or vendor/prefix-*, found \"acme/t*l\"");
    }
}
