package packagebroker.core.composer;

import static org.assertj.core.api.Assertions.assertThat;

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

    @Test
    void aLongTextIsNone() {
        assertThat(Constraint.isConstraint("1.0|".repeat(250) + "1.0")).isFalse();
    }
}
