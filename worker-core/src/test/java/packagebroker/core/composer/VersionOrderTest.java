package packagebroker.core.composer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VersionOrderTest {

    private static final List<String> NEWEST_FIRST = List.of(
            "20121110121314.15",
            "20121110121314",
            "20121110",
            "100000",
            "2012.11.10.12",
            "2012.11.10",
            "10.0.0.0",
            "9.9999999.9999999.9999999-dev",
            "9.10.0.0",
            "9.9.0.0",
            "1.0.0.0-patch10",
            "1.0.0.0-patch2",
            "1.0.0.0-patch",
            "1.0.0.0",
            "1.0.0.0-RC10",
            "1.0.0.0-RC2",
            "1.0.0.0-RC2-dev",
            "1.0.0.0-RC",
            "1.0.0.0-beta2.1",
            "1.0.0.0-beta2",
            "1.0.0.0-alpha3",
            "1.0.0.0-alpha",
            "1.0.0.0-dev",
            "0.9.0.0",
            "dev-feature/a",
            "dev-feature/b",
            "dev-main");

    @Test
    void sortsNewestFirstAndBranchesLastWhateverTheOrderBefore() {
        for (int seed = 0; seed < 100; seed++) {
            List<String> versions = new ArrayList<>(NEWEST_FIRST);
            Collections.shuffle(versions, new Random(seed));
            versions.sort(Version::compareNewestFirst);
            assertThat(versions).isEqualTo(NEWEST_FIRST);
        }
    }

    @Test
    void isEqualForTheSameTextOnly() {
        assertThat(Version.compareNewestFirst("1.0.0.0", "1.0.0.0")).isZero();
        assertThat(Version.compareNewestFirst("dev-a", "dev-a")).isZero();
        assertThat(Version.compareNewestFirst("01.0.0.0", "1.0.0.0"))
                .isNotZero()
                .isEqualTo(-Version.compareNewestFirst("1.0.0.0", "01.0.0.0"));
        assertThat(Version.compareNewestFirst("1.0.0.0-stable", "1.0.0.0")).isNotZero();
    }

    @Test
    void sortsTextThatIsNoVersionWithTheBranches() {
        assertThat(Version.compareNewestFirst("", "0.0.0.0")).isPositive();
        assertThat(Version.compareNewestFirst("1..0", "dev-a")).isNegative();
    }
}
