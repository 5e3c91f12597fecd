package packagebroker.core.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
    private static String key(int bytes) {
        return Base64.getEncoder().encodeToString(new byte[bytes]);
    }

    private static String problem(@Nullable String ring, @Nullable String active) {
        return KeyRing.of(ring, active).problem();
    }

    @Test
    void aRingHoldsItsKeys() {
        KeyRing ring = KeyRing.of("{\"k1\":\"" + key(32) + "\",\"2027\":\"" + key(32) + "\"}", "2027");
        assertThat(ring.problem()).isEmpty();
        assertThat(ring.active()).isEqualTo("2027");
        assertThat(ring.find("k1")).hasSize(32);
        assertThat(ring.find("k3")).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 31, 33, 64})
    void aKeyIsNeitherPaddedNorCut(int bytes) {
        String ring = "{\"k1\":\"" + key(bytes) + "\"}";
        assertThat(problem(ring, "k1")).isNotEmpty();
        KeyRing broken = KeyRing.of("{\"k1\":\"" + key(32) + "\",\"k2\":\"" + key(bytes) + "\"}", "k1");
        assertThat(broken.problem()).isNotEmpty();
        assertThat(broken.find("k1")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "no json | k1",
                "[] | k1",
                "{} | k1",
                "{\"k1\":7} | k1",
                "{\"k1\":null} | k1",
                "{\"k1\":\"!!!!\"} | k1",
                "{\"k1\":{}} | k1",
            })
    void aRingThatIsNoneSealsNothing(String ring, String active) {
        assertThat(problem(ring, active)).isNotEmpty();
    }

    @Test
    void aProblemNamesNoKey() {
        String secret = Base64.getEncoder()
                .encodeToString("0123456789abcdef0123456789abcde".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(problem("{\"k1\":\"" + secret + "\"}", "k1")).doesNotContain(secret);
        assertThat(problem("{\"k1\":\"" + secret, "k1")).doesNotContain(secret);
    }

    @ParameterizedTest
    @ValueSource(strings = {"K1", "k.1", "k 1", "", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void anIdIsShortAndPlain(String id) {
        assertThat(problem("{\"" + id + "\":\"" + key(32) + "\"}", id)).isNotEmpty();
    }

    @Test
    void theActiveKeyMustBeInTheRing() {
        String ring = "{\"k1\":\"" + key(32) + "\"}";
        assertThat(problem(ring, "k2")).isNotEmpty();
        assertThat(problem(ring, null)).isNotEmpty();
        assertThat(problem(null, "k1")).isNotEmpty();
        assertThat(problem("{\"k1\":\"" + key(32) + "\",\"k1\":\"" + key(32) + "\"}", "k1"))
                .isNotEmpty();
    }
}
