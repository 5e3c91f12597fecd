package packagebroker.core.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.testing.JcaRandom;
import packagebroker.core.testing.JcaVault;

class SafeTest {
    private static final Safe.Place HERE = new Safe.Place("credential", "sealed", "u1");
    private static final String SECRET = "authorization:Bearer s3cr3t 😀";

    private static final int TEXTS = 200;
    private static final String FIRST =
            "v1.k1.AAECAwQFBgcICQoLDA0ODw.oKGio6Slpqeoqaqr.HEXnBWAnsRF0ywc9s9ZnclqfbfPVGpOKa3"
                    + "SKmmjLSjQr4jESYMxLXuKI2FCdmyazIVyZ62_ZMnP3";

    private static String key(int filled) {
        return Base64.getEncoder().encodeToString(filled(filled));
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static Safe safe(String ring, String active) {
        KeyRing keys = KeyRing.of(ring, active);
        assertThat(keys.problem()).isEmpty();
        return new Safe(keys, new JcaVault(), new JcaRandom());
    }

    private final Safe safe = safe("{\"k1\":\"" + key(1) + "\"}", "k1");
    private final String sealed = safe.seal("k1", HERE, SECRET);

    private void isLocked(Safe other, Safe.Place place, String text) {
        assertThatThrownBy(() -> other.open(place, text))
                .isInstanceOf(Safe.Locked.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cr3t"));
    }

    @Test
    void whatIsSealedOpensInItsPlaceAndNeverLooksTheSameTwice() {
        assertThat(safe.open(HERE, sealed)).isEqualTo(SECRET);
        assertThat(sealed).startsWith("v1.k1.").doesNotContain("s3cr3t");
        assertThat(safe.seal("k1", HERE, SECRET)).isNotEqualTo(sealed);
        assertThat(safe.open(HERE, safe.seal("k1", HERE, ""))).isEmpty();
    }

    @Test
    void noSaltAndNoNonceIsUsedTwice() {
        Set<String> used = new HashSet<>();
        for (int text = 0; text < TEXTS; text++) {
            String[] parts = safe.seal("k1", HERE, SECRET).split("\\.", -1);
            used.add(parts[2]);
            used.add(parts[3]);
        }
        assertThat(used).hasSize(2 * TEXTS);
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
        assertThat(rotated.seal("k2", HERE, SECRET)).startsWith("v1.k2.");
    }

    @Test
    void everyFlippedBitOfEverySealedTextLocksIt() {
        Safe two = safe("{\"k1\":\"" + key(1) + "\",\"k2\":\"" + key(2) + "\"}", "k1");
        int rejected = 0;
        int flips = 0;
        for (int text = 0; text < TEXTS; text++) {
            Safe.Place place = new Safe.Place("credential", "sealed", "u" + text);
            String whole = two.seal(text % 2 == 0 ? "k1" : "k2", place, SECRET.substring(0, text % SECRET.length()));
            for (int bit = 0; bit < whole.length() * 8; bit++) {
                flips++;
                rejected += isRejected(two, place, flipped(whole, bit)) ? 1 : 0;
            }
        }
        assertThat(rejected).isEqualTo(flips).isGreaterThan(TEXTS * 600);
    }

    /** Returns whether a text is refused as one that cannot be opened, and in no other way. */
    private static boolean isRejected(Safe safe, Safe.Place place, String text) {
        try {
            safe.open(place, text);
            return false;
        } catch (Safe.Locked e) {
            return true;
        }
    }

    private static String flipped(String text, int bit) {
        char[] characters = text.toCharArray();
        characters[bit / 8] ^= (char) (1 << bit % 8);
        return new String(characters);
    }

    @Test
    void whatIsSwappedBetweenRowsColumnsTablesOrKeysIsLocked() {
        Safe two = safe("{\"k1\":\"" + key(1) + "\",\"k2\":\"" + key(2) + "\"}", "k1");
        Map<Safe.Place, String> stored = new LinkedHashMap<>();
        for (String table : List.of("credential", "webhook")) {
            for (String column : List.of("sealed", "secret")) {
                for (int row = 0; row < 10; row++) {
                    Safe.Place place = new Safe.Place(table, column, "u" + row);
                    stored.put(place, two.seal(row % 2 == 0 ? "k1" : "k2", place, SECRET + place));
                }
            }
        }
        stored.forEach((place, own) -> stored.forEach((other, text) -> {
            if (place.equals(other)) {
                assertThat(two.open(place, text)).isEqualTo(SECRET + place);
                String renamed = own.startsWith("v1.k1.") ? own.replace(".k1.", ".k2.") : own.replace(".k2.", ".k1.");
                assertThat(isRejected(two, place, renamed)).isTrue();
            } else {
                assertThat(isRejected(two, place, text)).isTrue();
                assertThat(isRejected(two, place, spliced(own, text))).isTrue();
            }
        }));
    }

    /** Returns a text with the salt and nonce of one and the ciphertext of another. */
    private static String spliced(String one, String other) {
        return one.substring(0, one.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'));
    }

    @Test
    void onlyTheOneSpellingOfASealedTextOpens() {
        isLocked(safe, HERE, sealed + ".");
        isLocked(safe, HERE, sealed + "=");
        isLocked(safe, HERE, sealed + "\n");
        isLocked(safe, HERE, " " + sealed);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int end = sealed.indexOf('.', 6) - 1; // 16 bytes leave four bits of the last character unused.
        int digit = alphabet.indexOf(sealed.charAt(end));
        for (int other = digit / 16 * 16; other < digit / 16 * 16 + 16; other++) {
            if (other != digit) {
                isLocked(safe, HERE, sealed.substring(0, end) + alphabet.charAt(other) + sealed.substring(end + 1));
            }
        }
    }

    /** Sealed once by the first version of this code: what stands in a database today opens for ever. */
    @Test
    void aTextOfTheFirstVersionOpens() {
        assertThat(safe.open(HERE, FIRST)).isEqualTo("authorization:Bearer of the first version");
    }

    /** The same, step by step with the JDK's own cryptography. */
    @Test
    void whatIsSealedIsWhatTheJdkMakesOfIt() throws GeneralSecurityException {
        String[] parts = sealed.split("\\.", -1);
        Base64.Decoder base64 = Base64.getUrlDecoder();
        byte[] secret = mac(base64.decode(parts[2]), filled(1));
        byte[] info = "v1|credential.sealed\u0001".getBytes(StandardCharsets.UTF_8);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(mac(secret, info), "AES"),
                new GCMParameterSpec(128, base64.decode(parts[3])));
        cipher.updateAAD("2:v12:k110:credential6:sealed2:u1".getBytes(StandardCharsets.UTF_8));
        assertThat(new String(cipher.doFinal(base64.decode(parts[4])), StandardCharsets.UTF_8))
                .isEqualTo(SECRET);
    }

    private static byte[] mac(byte[] key, byte[] data) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(data);
    }

    @Test
    void theKeyOfASealedTextIsReadOffIt() {
        assertThat(Safe.keyOf(sealed)).isEqualTo("k1");
        assertThat(Safe.keyOf("v2.k1.a.b.c")).isEmpty();
        assertThat(Safe.keyOf("v1.k1")).isEmpty();
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
