package packagebroker.core.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Body;
import packagebroker.core.port.Digests;
import packagebroker.core.port.Random;
import packagebroker.core.port.Signatures;
import packagebroker.core.port.Vault;
import packagebroker.core.testing.JcaDigests;
import packagebroker.core.testing.JcaRandom;
import packagebroker.core.testing.JcaSignatures;
import packagebroker.core.testing.JcaVault;

class SelfTestTest {
    private final JcaVault vault = new JcaVault();

    private static String problem(Digests digests, Signatures signatures, Vault vault, Random random) {
        return new SelfTest(digests, signatures, vault, random).problem();
    }

    private String problem(Vault other) {
        return problem(new JcaDigests(), new JcaSignatures(), other, new JcaRandom());
    }

    /** A vault that is the JDK's but for what a test replaces. */
    private class Other implements Vault {
        @Override
        public byte[] derive(byte[] key, byte[] salt, byte[] info, int length) {
            return vault.derive(key, salt, info, length);
        }

        @Override
        public byte[] seal(byte[] key, byte[] nonce, byte[] associated, byte[] plain) {
            return vault.seal(key, nonce, associated, plain);
        }

        @Override
        public byte @Nullable [] open(byte[] key, byte[] nonce, byte[] associated, byte[] sealed) {
            return vault.open(key, nonce, associated, sealed);
        }
    }

    @Test
    void theJdkGivesTheKnownAnswers() {
        assertThat(problem(vault)).isEmpty();
    }

    @Test
    void anotherHashIsNoticed() {
        Digests other = new JcaDigests() {
            @Override
            public byte[] sha256(byte[] bytes) {
                return new byte[32];
            }
        };
        assertThat(problem(other, new JcaSignatures(), vault, new JcaRandom())).contains("SHA-256");
    }

    @Test
    void aDigestInPiecesIsHeldToTheSame() {
        Digests other = new JcaDigests() {
            @Override
            public Running sha256() {
                return sha1();
            }
        };
        assertThat(problem(other, new JcaSignatures(), vault, new JcaRandom())).contains("SHA-256");
        Digests.Running whole = new JcaDigests().sha256();
        whole.update(Body.of(new byte[0]));
        assertThat(whole.finish()).hasSize(32);
    }

    @Test
    void anotherSignatureIsNoticed() {
        Signatures other = new JcaSignatures() {
            @Override
            public byte[] hmacSha256(byte[] key, byte[] data) {
                return new byte[32];
            }
        };
        assertThat(problem(new JcaDigests(), other, vault, new JcaRandom())).contains("HMAC");
    }

    @Test
    void aSignatureThatAnythingPassesForIsNoticed() {
        Signatures other = new JcaSignatures() {
            @Override
            public boolean isEd25519(byte[] publicKey, byte[] data, byte[] signature) {
                return true;
            }
        };
        assertThat(problem(new JcaDigests(), other, vault, new JcaRandom())).contains("Ed25519");
    }

    @Test
    void anotherDerivationIsNoticed() {
        assertThat(problem(new Other() {
                    @Override
                    public byte[] derive(byte[] key, byte[] salt, byte[] info, int length) {
                        return new byte[length];
                    }
                }))
                .contains("HKDF");
    }

    @Test
    void aVaultThatForgetsItsTagIsNoticed() {
        assertThat(problem(new Other() {
                    @Override
                    public byte @Nullable [] open(byte[] key, byte[] nonce, byte[] associated, byte[] sealed) {
                        return new byte[16];
                    }
                }))
                .contains("AES-256-GCM");
    }

    @Test
    void aVaultThatForgetsTheAssociatedDataIsNoticed() {
        byte[] none = new byte[0];
        assertThat(problem(new Other() {
                    @Override
                    public byte[] seal(byte[] key, byte[] nonce, byte[] associated, byte[] plain) {
                        return vault.seal(key, nonce, none, plain);
                    }

                    @Override
                    public byte @Nullable [] open(byte[] key, byte[] nonce, byte[] associated, byte[] sealed) {
                        return vault.open(key, nonce, none, sealed);
                    }
                }))
                .contains("AES-256-GCM");
    }

    @Test
    void numbersThatRepeatThemselvesAreNoticed() {
        assertThat(problem(new JcaDigests(), new JcaSignatures(), vault, byte[]::new))
                .contains("random");
    }
}
