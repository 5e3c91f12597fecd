package packagebroker.core.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.testing.JcaRandom;
import packagebroker.core.testing.JcaVault;

class SafeTest {
    private static final Safe.Place HERE = new Safe.Place("credential", "sealed", "u1");
    private static final String SECRET = "authorization:Bearer s3cr3t 😀";

    private static String key(int filled) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) filled);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Safe safe(String ring, String active) {
        KeyRing keys = KeyRing.of(ring, active);
        assertThat(keys.problem()).isEmpty();
        return new Safe(keys, new JcaVault(), new JcaRandom());
    }

    private final Safe safe = safe("{\"k1\":\"" + key(1) + "\"}", "k1");
    private final String sealed = safe.seal(HERE, SECRET);

    private void isLocked(Safe other, Safe.Place place, String text) {
        assertThatThrownBy(() -> other.open(place, text))
                .isInstanceOf(Safe.Locked.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cr3t"));
    }

    @Test
    void whatIsSealedOpensInItsPlaceAndNeverLooksTheSameTwice() {
        assertThat(safe.open(HERE, sealed)).isEqualTo(SECRET);
        assertThat(sealed).startsWith("v1.k1.").doesNotContain("s3cr3t");
        assertThat(safe.seal(HERE, SECRET)).isNotEqualTo(sealed);
        assertThat(safe.open(HERE, safe.seal(HERE, ""))).isEmpty();
    }

    @Test
    void nothingOpensInAnotherPlace() {
        isLocked(safe, new Safe.Place("credential", "sealed", "u2"), sealed);
        isLocked(safe, new Safe.Place("credential", "other", "u1"), sealed);
        isLocked(safe, new Safe.Place("other", "sealed", "u1"), sealed);
        isLocked(safe, new Safe.Place("credentia", "lsealed", "u1"), sealed);
    }

    @Test
    void nothingOpensWithAnotherKey() {
        isLocked(safe("{\"k1\":\"" + key(2) + "\"}", "k1"), HERE, sealed);
        isLocked(safe("{\"k2\":\"" + key(1) + "\"}", "k2"), HERE, sealed);
        isLocked(
                safe("{\"k1\":\"" + key(1) + "\",\"k2\":\"" + key(1) + "\"}", "k1"),
                HERE,
                sealed.replace(".k1.", ".k2."));
    }

    @Test
    void anOldKeyStillOpensWhatItSealed() {
        Safe rotated = safe("{\"k1\":\"" + key(1) + "\",\"k2\":\"" + key(2) + "\"}", "k2");
        assertThat(rotated.open(HERE, sealed)).isEqualTo(SECRET);
        assertThat(rotated.seal(HERE, SECRET)).startsWith("v1.k2.");
    }

    @Test
    void everyChangedBitLocksIt() {
        int from = sealed.indexOf('.', 3) + 1;
        for (int i = from; i < sealed.length(); i++) {
            String changed = flipped(i);
            if (!changed.equals(sealed)) {
                isLocked(safe, HERE, changed);
            }
        }
    }

    /** Returns the sealed text with the first bit changed that the character at {@code i} stands for. */
    private String flipped(int i) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int digit = alphabet.indexOf(sealed.charAt(i));
        return digit < 0 ? sealed : sealed.substring(0, i) + alphabet.charAt(digit ^ 32) + sealed.substring(i + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v1", "v1.", "v1.k1", "v1.k1.a.b", "v2.k1.AA.AA.AA", "v1.k1.!.AA.AA", "plain text"})
    void whatIsNoSealedTextIsLocked(String text) {
        isLocked(safe, HERE, text);
    }

    @Test
    void aPartThatIsMissingLocksIt() {
        String[] parts = sealed.split("\\.", -1);
        isLocked(safe, HERE, String.join(".", parts[0], parts[1], parts[2], parts[3], ""));
        isLocked(safe, HERE, String.join(".", parts[0], parts[1], "", parts[3], parts[4]));
        isLocked(safe, HERE, sealed.substring(0, sealed.length() - 4));
        isLocked(safe, HERE, sealed + "AAAA");
    }
}
