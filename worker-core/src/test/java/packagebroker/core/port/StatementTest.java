package packagebroker.core.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.port.DatabaseException.Kind;

class StatementTest {
    @Test
    void keepsItsParametersInOrder() {
        Statement statement = Statement.of("SELECT ?, ?, ?, ?", "a", 1, null, 2L);
        assertThat(statement.sql()).isEqualTo("SELECT ?, ?, ?, ?");
        assertThat(statement.parameters()).containsExactly("a", 1, null, 2L);
    }

    @ParameterizedTest
    @ValueSource(longs = {(1L << 53) + 1, -(1L << 53) - 1, Long.MAX_VALUE, Long.MIN_VALUE})
    void refusesNumbersThatD1WouldRound(long number) {
        refuses(number);
    }

    @Test
    void measuresTextInBytes() {
        Statement.of("SELECT ?", "a".repeat(2_000_000));
        refuses("a".repeat(2_000_001));
        Statement.of("SELECT ?", "ü".repeat(1_000_000));
        refuses("ü".repeat(1_000_001));
        Statement.of("SELECT ?", "€".repeat(666_666));
        refuses("€".repeat(666_667));
        Statement.of("SELECT ?", "😀".repeat(500_000));
        refuses("😀".repeat(500_001));
    }

    @Test
    void refusesMoreThan100Parameters() {
        Statement.of("…", new Object[100]);
        assertThatThrownBy(() -> Statement.of("…", new Object[101])).hasMessageContaining("100");
    }

    private static void refuses(Object parameter) {
        assertThatThrownBy(() -> Statement.of("SELECT ?", parameter))
                .isInstanceOfSatisfying(
                        DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
    }
}
