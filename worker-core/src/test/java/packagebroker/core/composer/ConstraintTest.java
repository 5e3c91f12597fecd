package packagebroker.core.composer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConstraintTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "1.0",
                "v1.2.3",
                "=1.0.0",
                "==1.0",
                "!=1.0",
                ">=1.0,<2.0",
                ">=1.0, <2.0",
                ">=1.0 <2.0",
                ">=1.0,<1.4.3|>=2.0,<2.1.9|>3",
                ">=1.0,<1.4.3 || ^2.0 | ~3.1.4",
                "<1.0.0-beta2",
                ">=1.0-dev",
                "1.2.x-dev",
                "^1",
                "^0.3.1",
                "~1.2.3.4",
                "1.*",
                "1.2.*",
                "1.2.3.*",
                "dev-main",
                "!=dev-feature/x",
                "<=2024.01.31"
            })
    void theSubsetIsKnown(String text) {
        assertThat(Constraint.isConstraint(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "|",
                "1.0|",
                "|1.0",
                "1.0|||2.0",
                "1.0,",
                ",1.0",
                "1.0,,2.0",
                "1.0  2.0",
                "1.0 , 2.0",
                ">= 1.0",
                "> =1.0",
                "=>1.0",
                "<>1.0",
                "=!1.0",
                "~>1.0",
                "^",
                "^a",
                "^1..2",
                "^1.2.3.4.5",
                "^1.0-beta",
                "~1.x",
                "1.2.3.4.*",
                ".*",
                "1.x",
                ">1.*",
                "1.0 - 2.0",
                "1.0 as 2.0",
                "1.0@dev",
                "dev-main@stable",
                ">dev-main",
                "dev-main#abc",
                "1.0\n",
                "1.0;2.0",
                "everything",
                "99999999999.0",
                "^9999999999"
            })
    void whatIsReadDifferentlyOrNotAtAllIsNot(String text) {
        assertThat(Constraint.isConstraint(text)).isFalse();
    }

    /** The table is what composer/semver 3.4 answered. */
    @Test
    void itSelectsWhatComposerSelects() throws IOException {
        List<String> lines;
        try (InputStream in = Objects.requireNonNull(ConstraintTest.class.getResourceAsStream("/constraints.txt"))) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        String[] versions = lines.get(1).split("\t", -1);
        List<String> wrong = new ArrayList<>();
        for (String line : lines.subList(2, lines.size())) {
            String[] fields = line.split("\t", -1);
            Constraint constraint = Objects.requireNonNull(Constraint.find(fields[0]), fields[0]);
            for (int i = 0; i < versions.length; i++) {
                boolean expected = fields[1].charAt(i) == '1';
                if (constraint.matches(versions[i]) != expected
                        || constraint.matches(Version.pathSegment(versions[i])) != expected) {
                    wrong.add(fields[0] + " and " + versions[i] + ": expected " + expected);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat((lines.size() - 2) * versions.length).isGreaterThan(2_500);
    }

    @Test
    void aLongTextIsNone() {
        assertThat(Constraint.isConstraint("1.0|".repeat(250) + "1.0")).isFalse();
    }
}
