package packagebroker.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TokenTextTest {
    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Test
    void knownBytesMakeKnownTokens() {
        byte[] counting = new byte[32];
        for (int i = 0; i < counting.length; i++) {
            counting[i] = (byte) i;
        }
        assertThat(TokenText.of("pk", TokenKind.READ, filled(0)))
                .isEqualTo("pkr_00000000000000000000000000000000000000000003Hd5Km");
        assertThat(TokenText.of("pk", TokenKind.READ, counting))
                .isEqualTo("pkr_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf2tl6U0");
    }

    @Test
    void aTokenIsWellFormedAndEveryOtherCharacterSpoilsIt() {
        String token = TokenText.of(TokenKind.READ, filled(0xA5));
        assertThat(token).startsWith("pkbr_").hasSize(54);
        assertThat(TokenText.isWellFormed(token)).isTrue();
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'x' ? 'y' : 'x';
            String typo = token.substring(0, i) + other + token.substring(i + 1);
            assertThat(TokenText.isWellFormed(typo)).as(typo).isFalse();
        }
    }

    @Test
    void aTokenOfAnotherLengthIsNone() {
        String token = TokenText.of(TokenKind.ADMIN, filled(1));
        for (int length = 0; length < token.length(); length++) {
            assertThat(TokenText.isWellFormed(token.substring(0, length))).isFalse();
        }
        assertThat(TokenText.isWellFormed(token + "0")).isFalse();
        assertThat(TokenText.isWellFormed(" " + token)).isFalse();
        assertThat(TokenText.isWellFormed(token.toUpperCase(java.util.Locale.ROOT)))
                .isFalse();
    }
}
