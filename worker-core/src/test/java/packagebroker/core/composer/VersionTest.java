package packagebroker.core.composer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {

    @ParameterizedTest
    @CsvSource({
        "1.0.0,         1.0.0.0,                       stable",
        "v1.0.0,        1.0.0.0,                       stable",
        "1.0,           1.0.0.0,                       stable",
        "1.0.0-alpha1,  1.0.0.0-alpha1,                alpha",
        "1.0.0-RC2,     1.0.0.0-RC2,                   RC",
        "1.0.0+build5,  1.0.0.0,                       stable",
        "dev-main,      dev-main,                      dev",
        "dev-feature/x, dev-feature/x,                 dev",
        "2.x-dev,       2.9999999.9999999.9999999-dev, dev",
        "1.0.0-p3,      1.0.0.0-patch3,                stable",
        "2024.01.31,    2024.01.31.0,                  stable",
        "master,        dev-master,                    dev",
        "dev-npm/@a/b+c_d, dev-npm/@a/b+c_d,           dev",
    })
    void acceptsAVersionAndNormalizesIt(String pretty, String normalized, String stability) {
        Version version = Version.parse(pretty);

        assertThat(version).hasToString(pretty).isEqualTo(new Version(pretty, normalized));
        assertThat(version.normalized()).isEqualTo(normalized);
        assertThat(version.stability().wireName()).isEqualTo(stability);
        assertThat(version.isDev()).isEqualTo(stability.equals("dev"));
    }

    /** The group ver of the hostile inputs. */
    static Stream<String> hostileVersions() {
        return Stream.of(
                "",
                " ",
                "1.0.0\n",
                "1.0.0/../../etc",
                "../1.0.0",
                "1..0",
                "v",
                "1.0.0-",
                "-1.0",
                "dev--x",
                "dev-../x",
                "dev-feat\u0000x",
                "*",
                "1.0.0;ls",
                "99999999999999999999.0",
                "1.".repeat(5000));
    }

    @ParameterizedTest
    @MethodSource("hostileVersions")
    void refusesAHostileVersion(String text) {
        assertThat(Version.find(text)).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> Version.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0 ",
                "1.",
                "1.0_",
                "1.0@dev",
                "1.0 as 1.1",
                "dev-main as 1.0",
                "1.*-dev",
                "2012:11:10",
                "1.0+\u00e9",
                "main",
                "dev-",
                "dev-/x",
                "dev-x/",
                "dev-.x",
                "dev-x.",
                "dev-a//b",
                "dev-a/.b",
                "dev-a..b",
                "dev-a b",
                "dev-a#1",
                "dev-a%2f",
                "dev-a?b",
                "dev-a\\b",
                "dev-a'b",
                "dev-<b>",
                "dev-\u202eb",
                "dev-a:b",
                "dev-a,b",
                "dev-a;b",
                "dev-a$b",
                "dev-a`b`"
            })
    void refusesWhatComposerReadsButNobodyShouldPublish(String text) {
        assertThat(Version.find(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0.0", "1.0.0+build.2", "v1.0"})
    void normalizesOtherSpellingsOfAVersionToTheSame(String text) {
        assertThat(Version.parse(text).normalized()).isEqualTo("1.0.0.0");
    }

    @Test
    void acceptsNoMoreThan255Characters() {
        assertThat(Version.find("dev-" + "a".repeat(251))).isNotNull();
        assertThat(Version.find("dev-" + "a".repeat(252))).isNull();
    }

    @Test
    void cannotBeMadeWithAnotherNormalizedForm() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Version("1.0", "1.1.0.0"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Version("1.0@dev", "1.0.0.0"));
    }

    @Test
    void saysWhatItExpectedAndWhatItFound() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Version.parse("1..0"))
                .withMessage("expected a version such as 1.2.3 or dev-main, found \"1..0\"");
    }

    @Test
    void isASegmentOfAPathAsItIsUnlessItHoldsASlash() {
        assertThat(Version.pathSegment("1.0.0.0")).isEqualTo("1.0.0.0");
        assertThat(Version.pathSegment("dev-main")).isEqualTo("dev-main");
        assertThat(Version.pathSegment("dev-feature/x")).isEqualTo("c59df8ffc3722ccf3e45eda9c4e4bf20");
    }
}
