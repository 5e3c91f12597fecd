package packagebroker.core.composer;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row was checked against composer/semver 3.4.4 when it was written. */
class VersionNormalizeTest {

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", nullValues = "invalid", textBlock = """
            0                 => 0.0.0.0
            1                 => 1.0.0.0
            3.1               => 3.1.0.0
            3.1.4             => 3.1.4.0
            3.1.4.1           => 3.1.4.1
            3.1.4.1.5         => invalid
            0.0.0             => 0.0.0.0
            0.0.0.0           => 0.0.0.0
            99999             => 99999.0.0.0
            99999.9           => 99999.9.0.0
            100000            => 100000
            100000.1          => 100000.1
            123456.7.8        => 123456.7.8
            1.2.3.99999999999 => 1.2.3.99999999999
            01.002.0003       => 01.002.0003.0
            08                => 08.0.0.0
            V4.5              => 4.5.0.0
            v4.5.6.7          => 4.5.6.7
            vv1.0             => invalid
            v                 => invalid
            x1.0              => invalid
            1.                => 1.0.0.0
            1..2              => invalid
            .1                => invalid
            1,2               => invalid
            1.2,3             => invalid
            1/2               => invalid
            1.2.3.x           => invalid
            1.*               => invalid
            *                 => invalid
            ^1.2              => invalid
            ~1.2              => invalid
            >=1.2             => invalid
            1.2 || 1.3        => invalid
            1.2 - 1.4         => invalid
            """)
    void fillsNumbersUpToFour(String version, @Nullable String normalized) {
        assertThat(Version.normalize(version)).isEqualTo(normalized);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", nullValues = "invalid", textBlock = """
            1.2alpha        => 1.2.0.0-alpha
            1.2a            => 1.2.0.0-alpha
            1.2-alpha       => 1.2.0.0-alpha
            1.2.alpha       => 1.2.0.0-alpha
            1.2_alpha       => 1.2.0.0-alpha
            1.2--alpha      => invalid
            1.2-ALPHA3      => 1.2.0.0-alpha3
            1.2-Alpha.3     => 1.2.0.0-alpha3
            1.2-alpha-3     => 1.2.0.0-alpha3
            1.2-alpha_3     => invalid
            1.2-alpha.3.4   => 1.2.0.0-alpha3.4
            1.2-alpha3-4.5  => 1.2.0.0-alpha3-4.5
            1.2-alpha..3    => invalid
            1.2-alpha03     => 1.2.0.0-alpha03
            1.2-alpha0      => 1.2.0.0-alpha0
            1.2a0           => 1.2.0.0-alpha0
            1.2-beta        => 1.2.0.0-beta
            1.2b            => 1.2.0.0-beta
            1.2-b4          => 1.2.0.0-beta4
            1.2.3.4-beta4   => 1.2.3.4-beta4
            1.2-BETA.4      => 1.2.0.0-beta4
            1.2-bet         => invalid
            1.2rc           => 1.2.0.0-RC
            1.2-RC          => 1.2.0.0-RC
            1.2-Rc7         => 1.2.0.0-RC7
            1.2-rc.7        => 1.2.0.0-RC7
            1.2-r7          => invalid
            1.2-rcx         => invalid
            1.2-patch       => 1.2.0.0-patch
            1.2-patch2      => 1.2.0.0-patch2
            1.2pl2          => 1.2.0.0-patch2
            1.2-PL2         => 1.2.0.0-patch2
            1.2p2           => 1.2.0.0-patch2
            1.2-p           => 1.2.0.0-patch
            1.2-p.2.1       => 1.2.0.0-patch2.1
            1.2-pat         => invalid
            1.2-stable      => 1.2.0.0
            1.2stable       => 1.2.0.0
            1.2-stable4     => 1.2.0.0
            1.2-stable-dev  => 1.2.0.0
            1.2-Stable      => 1.2.0.0-stable
            1.2-STABLE2     => 1.2.0.0-stable2
            1.2-alpha-beta  => invalid
            1.2-alpha1beta2 => invalid
            1.2-preview     => invalid
            1.2-SNAPSHOT    => invalid
            1.2-1           => invalid
            1.2-0.3.7       => invalid
            1.2-alpha.x     => invalid
            1.2-            => 1.2.0.0
            1.2_            => 1.2.0.0
            1.2.-           => invalid
            1.2-.           => invalid
            """)
    void spellsStabilityWordsOut(String version, @Nullable String normalized) {
        assertThat(Version.normalize(version)).isEqualTo(normalized);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", nullValues = "invalid", textBlock = """
            1.2-dev        => 1.2.0.0-dev
            1.2.dev        => 1.2.0.0-dev
            1.2dev         => 1.2.0.0-dev
            1.2_dev        => 1.2.0.0-dev
            1.2--dev       => 1.2.0.0-dev
            1.2_-dev       => 1.2.0.0-dev
            1.2-DEV        => 1.2.0.0-dev
            1.2-Dev        => 1.2.0.0-dev
            1.2.3.4-dev    => 1.2.3.4-dev
            1.2.3.4.5-dev  => invalid
            1.2-alpha-dev  => 1.2.0.0-alpha-dev
            1.2-alpha3-dev => 1.2.0.0-alpha3-dev
            1.2-alpha3.dev => 1.2.0.0-alpha3-dev
            1.2-alpha3dev  => 1.2.0.0-alpha3-dev
            1.2-alpha3_dev => invalid
            1.2-RC1-dev    => 1.2.0.0-RC1-dev
            1.2-p1-dev     => 1.2.0.0-patch1-dev
            1.2-dev1       => invalid
            1.2-dev-dev    => invalid
            1.2-devel      => invalid
            """)
    void keepsTheDevSuffix(String version, @Nullable String normalized) {
        assertThat(Version.normalize(version)).isEqualTo(normalized);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", nullValues = "invalid", textBlock = """
            1.2+7                 => 1.2.0.0
            1.2.3+exp.sha.5114f85 => 1.2.3.0
            1.2.3-beta.2+exp      => 1.2.3.0-beta2
            1.2.3-dev+exp         => 1.2.3.0-dev
            1.2.3+a+b             => 1.2.3.0
            1.2.3+                => invalid
            1.2.3+a,b             => 1.2.3.0
            1.2.3,4+a             => invalid
            +1.2                  => invalid
            1.2.3+a@beta          => 1.2.3.0
            v1.2.3+é              => 1.2.3.0
            """)
    void dropsBuildMetadata(String version, @Nullable String normalized) {
        assertThat(Version.normalize(version)).isEqualTo(normalized);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", nullValues = "invalid", textBlock = """
            2012.11                   => 2012.11.0.0
            2012.11.10                => 2012.11.10.0
            2012.11.10.9              => 2012.11.10.9
            2012.11.10.09.08          => 2012.11.10.09.08
            2012-11-10                => 2012.11.10
            2012:11:10                => 2012.11.10
            2012-11                   => 2012.11
            2012-1                    => invalid
            201211                    => 201211
            20121110                  => 20121110
            v20121110                 => 20121110
            20121110.5                => 20121110.5
            20121110.55               => 20121110.55
            20121110.555              => 20121110.555
            20121110.5555             => 20121110.5555
            20121110.5.5              => 20121110.5.5
            20121110.5.55.555         => invalid
            201211101213              => 201211101213
            20121110121314            => 20121110121314
            20121110121314.15         => 20121110121314.15
            2012111012131415          => 2012111012131415
            20121110-121314           => 20121110.121314
            20121110-121314-7         => 20121110.121314.7
            2012-11-10-12-13-14       => 2012.11.10.12.13.14
            2012-11-10-12-13-14.1.2   => 2012.11.10.12.13.14.1.2
            2012-11-10-12-13-14.1.2.3 => invalid
            2012-11-10_1              => invalid
            20121110-beta2            => 20121110-beta2
            20121110-p1-dev           => 20121110-patch1-dev
            20121110-stable           => 20121110
            2012-11-10+build          => 2012.11.10
            2012111                   => 2012111
            1234567                   => 1234567
            12345678                  => 12345678
            99999999999999999999.0    => invalid
            """)
    void readsDates(String version, @Nullable String normalized) {
        assertThat(Version.normalize(version)).isEqualTo(normalized);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "3.1.4", "1.2-alpha3", "1.2-RC1-dev", "1.2-p2", "2.x-dev", "dev-main", "20121110-p1-dev"})
    void leavesANormalizedVersionAsItIs(String version) {
        String normalized = Version.normalize(version);
        assertThat(normalized).isNotNull();
        assertThat(Version.normalize(normalized)).isEqualTo(normalized);
    }

    @Test
    void doesNotReadADateOfThreePartsBackAsItWroteIt() {
        // So what is normalised must not be normalised again.
        assertThat(Version.normalize("2012-11-10")).isEqualTo("2012.11.10");
        assertThat(Version.normalize("2012.11.10")).isEqualTo("2012.11.10.0");
    }
}
