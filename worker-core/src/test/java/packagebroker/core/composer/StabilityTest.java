package packagebroker.core.composer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StabilityTest {

    @ParameterizedTest
    @CsvSource({"stable,STABLE,0", "RC,RC,5", "beta,BETA,10", "alpha,ALPHA,15", "dev,DEV,20"})
    void carriesComposersNamesAndNumbers(String wireName, Stability stability, int priority) {
        assertThat(Stability.find(wireName)).isSameAs(stability);
        assertThat(stability.wireName()).isEqualTo(wireName);
        assertThat(stability.priority()).isEqualTo(priority);
    }

    @Test
    void isFoundInAnyCase() {
        assertThat(Stability.find("rc")).isSameAs(Stability.RC);
        assertThat(Stability.find("Stable")).isSameAs(Stability.STABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "patch", "stable ", "gamma", "\u017ftable"})
    void answersNullForAnyOtherWord(String word) {
        assertThat(Stability.find(word)).isNull();
    }

    @Test
    void satisfiesEachMinimumThatIsNoStricter() {
        assertThat(Stability.STABLE.isAtLeast(Stability.DEV)).isTrue();
        assertThat(Stability.BETA.isAtLeast(Stability.BETA)).isTrue();
        assertThat(Stability.BETA.isAtLeast(Stability.RC)).isFalse();
    }

    /** Every row was checked against composer/semver 3.4.4 when it was written. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            1.0.0.0,                       STABLE
            20121110.5,                    STABLE
            1.0.0.0-patch2,                STABLE
            1.0.0.0-stable,                STABLE
            1.0.0.0-RC1,                   RC
            1.0.0.0-beta,                  BETA
            1.0.0.0-beta2.1-3,             BETA
            1.0.0.0-alpha1,                ALPHA
            1.0.0.0-dev,                   DEV
            1.0.0.0-RC1-dev,               DEV
            1.9999999.9999999.9999999-dev, DEV
            9999999-dev,                   DEV
            dev-main,                      DEV
            dev-1.0.0,                     DEV
            1.0,                           STABLE
            1.0-b2,                        BETA
            1.0a,                          ALPHA
            1.0-rc.3,                      RC
            1.0-p1,                        STABLE
            1.0+beta,                      STABLE
            1.0-beta+7,                    BETA
            1.0dev,                        DEV
            1.x-dev#abc,                   DEV
            1.0-beta#abc,                  BETA
            1.0-beta@dev,                  DEV
            DEV-main,                      STABLE
            nonsense,                      STABLE
            "",                            STABLE
            """)
    void isReadOffAVersionAsComposerDoes(String version, Stability stability) {
        assertThat(Stability.of(version)).isSameAs(stability);
    }
}
