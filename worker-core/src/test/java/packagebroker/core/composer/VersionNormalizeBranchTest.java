package packagebroker.core.composer;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row was checked against composer/semver 3.4.4 when it was written. */
class VersionNormalizeBranchTest {

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", nullValues = "invalid", textBlock = """
            1.x-dev        => 1.9999999.9999999.9999999-dev
            1.X-dev        => 1.9999999.9999999.9999999-dev
            1.*-dev        => 1.9999999.9999999.9999999-dev
            1.2.x-dev      => 1.2.9999999.9999999-dev
            1.2.3.x-dev    => 1.2.3.9999999-dev
            1.2.3.4.x-dev  => invalid
            v1.x-dev       => 1.9999999.9999999.9999999-dev
            1.x.dev        => 1.9999999.9999999.9999999-dev
            1.xdev         => 1.9999999.9999999.9999999-dev
            1.x.2-dev      => 1.9999999.2.9999999-dev
            1.x.x.x-dev    => 1.9999999.9999999.9999999-dev
            x-dev          => invalid
            *-dev          => invalid
            100000-dev     => 100000-dev
            20121110.x-dev => 20121110.9999999.9999999.9999999-dev
            123456.7.8-dev => 123456.7.8-dev
            1234567-dev    => 1234567-dev
            9999999-dev    => 9999999-dev
            9999999.9999999.9999999.9999999-dev => 9999999.9999999.9999999.9999999-dev
            2.x            => invalid
            feature-dev    => invalid
            main-dev       => invalid
            -dev           => invalid
            dev            => invalid
            1.2 -dev       => 1.2.9999999.9999999-dev
            """)
    void readsNumericBranches(String version, @Nullable String normalized) {
        assertThat(Version.normalize(version)).isEqualTo(normalized);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", nullValues = "invalid", textBlock = """
            dev-main          => dev-main
            dev-master        => dev-master
            dev-2.x           => dev-2.x
            dev-1.2.3         => dev-1.2.3
            DEV-Main          => dev-Main
            Dev-main          => dev-main
            dev-              => dev-
            dev--x            => dev--x
            dev-feature/login => dev-feature/login
            dev-feature+login => dev-feature+login
            dev-feature#12    => dev-feature#12
            dev-a b           => dev-a b
            dev-main-dev      => dev-main-dev
            dev-é             => dev-é
            dev_main          => invalid
            devmain           => invalid
            master            => dev-master
            trunk             => dev-trunk
            default           => dev-default
            Master            => invalid
            main              => invalid
            develop           => invalid
            master-dev        => invalid
            9999999           => 9999999
            """)
    void readsNamedBranches(String version, @Nullable String normalized) {
        assertThat(Version.normalize(version)).isEqualTo(normalized);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", nullValues = "invalid", textBlock = """
            1.2@dev        => 1.2.0.0
            1.2@stable     => 1.2.0.0
            1.2@RC         => 1.2.0.0
            1.2@rc         => 1.2.0.0
            1.2-beta3@BETA => 1.2.0.0-beta3
            1.2@patch      => invalid
            1.2@           => invalid
            1.2@dev@dev    => invalid
            1.2 @dev       => invalid
            @dev           => invalid
            master@dev     => dev-master
            dev-main@dev   => dev-main
            dev-main@main  => dev-main@main
            1.x-dev@dev    => 1.9999999.9999999.9999999-dev
            """)
    void dropsStabilityFlags(String version, @Nullable String normalized) {
        assertThat(Version.normalize(version)).isEqualTo(normalized);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", nullValues = "invalid", textBlock = """
            dev-main as 1.0        => dev-main
            dev-main as 1.0.x-dev  => dev-main
            1.2 as 1.3             => 1.2.0.0
            1.2  as  1.3           => 1.2.0.0
            1.2 as nonsense        => 1.2.0.0
            1.2@dev as 1.3         => 1.2.0.0
            1.2+7 as 1.3           => 1.2.0.0
            feature as 1.3         => invalid
            1.2 AS 1.3             => invalid
            1.2 as                 => invalid
            as 1.2                 => invalid
            1.2 as 1.3 as 1.4      => invalid
            dev-main as 1.0 as 2.0 => dev-main as 1.0 as 2.0
            1.2 as 1,3             => invalid
            1.2,3 as 1             => invalid
            """)
    void dropsAliases(String version, @Nullable String normalized) {
        assertThat(Version.normalize(version)).isEqualTo(normalized);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " 1.2",
                "1.2 ",
                "\t1.2\r\n",
                "\u00001.2\u000b",
                "1.2\n@dev",
                "1.2+a\n@beta",
                "1.2 as 1.3\n",
                " 1.2 as 1.3"
            })
    void trimsWhatPhpTrims(String version) {
        assertThat(Version.normalize(version)).isEqualTo("1.2.0.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1.2\f",
                "\f1.2",
                "1.2\u00a0",
                "1\n.2",
                "1.2\n\n@dev",
                "1.2+a\nb",
                "1.2\tas\t1.3",
                "1.2 as\t1.3",
                "1.\u0662",
                "1.2-\u017ftable",
                "1.2@\u017ftable",
                "1.2\u0000.3",
                "\ud83d\ude00"
            })
    void answersNullForAnInvalidVersion(String version) {
        assertThat(Version.normalize(version)).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", textBlock = """
            2.x          => 2.9999999.9999999.9999999-dev
            2            => 2.9999999.9999999.9999999-dev
            v2.*         => 2.9999999.9999999.9999999-dev
            2.5          => 2.5.9999999.9999999-dev
            2.5.X        => 2.5.9999999.9999999-dev
            2.5.7        => 2.5.7.9999999-dev
            2.5.7.1      => 2.5.7.1-dev
            2.5.7.1.x    => dev-2.5.7.1.x
            2.x.7        => 2.9999999.7.9999999-dev
            2.           => dev-2.
            x            => dev-x
            main         => dev-main
            Feature/Foo  => dev-Feature/Foo
            dev-main     => dev-dev-main
            2.x-dev      => dev-2.x-dev
            """)
    void normalizesBranchesAsComposerDoes(String branch, String normalized) {
        assertThat(Version.normalizeBranch(branch)).isEqualTo(normalized);
    }

    @ParameterizedTest
    @ValueSource(strings = {"foo\n1.x-dev", "1.x -dev", "1.x-dev\n@dev"})
    void readsTheLastLineOfABranchAsPhpDoes(String version) {
        assertThat(Version.normalize(version)).isEqualTo("1.9999999.9999999.9999999-dev");
        assertThat(Version.normalize("1.x\n-dev")).isNull();
    }
}
