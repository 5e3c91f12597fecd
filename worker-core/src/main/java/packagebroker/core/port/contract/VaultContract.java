package packagebroker.core.port.contract;

import java.util.Arrays;
import java.util.List;
import packagebroker.core.port.Vault;
import packagebroker.core.text.Hex;

/** What {@link Vault} promises, by the known answers of RFC 5869 and of the GCM specification. */
final class VaultContract {
    private static final byte[] NONE = new byte[0];
    private static final byte[] KEY = Sample.hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
    private static final byte[] NONCE = Sample.hex("cafebabefacedbaddecaf888");
    private static final byte[] ASSOCIATED = Sample.hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    private static final byte[] PLAIN = Sample.hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
    private static final String SEALED = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
            + "76fc6ece0f4e1768cddf8853bb2d551b";

    private final Vault vault;

    VaultContract(Vault vault) {
        this.vault = vault;
    }

    List<Check> checks() {
        return List.of(
                check("HKDF-SHA-256 has the known answers of RFC 5869", this::derives),
                check("AES-256-GCM has the known answers", this::seals),
                check("what was sealed is opened", this::opens),
                check("the wrong key opens nothing", this::needsTheKey),
                check("the wrong nonce opens nothing", this::needsTheNonce),
                check("the wrong associated data opens nothing", this::needsTheAssociatedData),
                check("no flipped bit goes unseen", this::seesEveryBit),
                check("what is too short, too long or empty opens nothing", this::needsTheLength),
                check("a key is 32 bytes, a nonce 12: nothing else is used", this::refusesOtherLengths));
    }

    private static Check check(String name, Check.Proof proof) {
        return new Check("Vault", name, proof);
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] copy = Arrays.copyOf(bytes, bytes.length);
        copy[bit / 8] ^= (byte) (1 << bit % 8);
        return copy;
    }

    private void derives() {
        byte[] secret = Sample.repeated(0x0b, 22);
        byte[] salt = Sample.hex("000102030405060708090a0b0c");
        byte[] info = Sample.hex("f0f1f2f3f4f5f6f7f8f9");
        String first = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865";
        Expect.hex("test case 1", first, vault.derive(secret, salt, info, 42));
        Expect.hex("its first 32 bytes", first.substring(0, 64), vault.derive(secret, salt, info, 32));
        String second = "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87";
        byte[] derived = vault.derive(counting(0x00), counting(0x60), counting(0xb0), 82);
        Expect.hex("test case 2", second, derived);
        String third = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8";
        Expect.hex("test case 3", third, vault.derive(secret, NONE, NONE, 42));
    }

    private static byte[] counting(int from) {
        byte[] bytes = new byte[80];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }

    private void seals() {
        Expect.hex("test case 16", SEALED, vault.seal(KEY, NONCE, ASSOCIATED, PLAIN));
        byte[] zeros = new byte[32];
        byte[] nonce = new byte[12];
        Expect.hex("test case 13", "530f8afbc74536b9a963b4f1c4cb738b", vault.seal(zeros, nonce, NONE, NONE));
        String one = "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919";
        Expect.hex("test case 14", one, vault.seal(zeros, nonce, NONE, new byte[16]));
    }

    private void opens() {
        Expect.hex("known", Hex.of(PLAIN), vault.open(KEY, NONCE, ASSOCIATED, Sample.hex(SEALED)));
        for (int length : new int[] {0, 1, 15, 16, 17, 1000, 100_000}) {
            byte[] plain = Sample.pattern(length);
            byte[] sealed = vault.seal(KEY, NONCE, NONE, plain);
            Expect.number("length of the sealed", length + 16L, sealed.length);
            Expect.hex("opened", Hex.of(plain), vault.open(KEY, NONCE, NONE, sealed));
        }
    }

    private void needsTheKey() {
        Expect.isNull("bit 0", vault.open(flipped(KEY, 0), NONCE, ASSOCIATED, Sample.hex(SEALED)));
        Expect.isNull("bit 255", vault.open(flipped(KEY, 255), NONCE, ASSOCIATED, Sample.hex(SEALED)));
    }

    private void needsTheNonce() {
        Expect.isNull("bit 0", vault.open(KEY, flipped(NONCE, 0), ASSOCIATED, Sample.hex(SEALED)));
        Expect.isNull("bit 95", vault.open(KEY, flipped(NONCE, 95), ASSOCIATED, Sample.hex(SEALED)));
    }

    private void needsTheAssociatedData() {
        byte[] sealed = Sample.hex(SEALED);
        Expect.isNull("flipped", vault.open(KEY, NONCE, flipped(ASSOCIATED, 7), sealed));
        Expect.isNull("shorter", vault.open(KEY, NONCE, Arrays.copyOf(ASSOCIATED, 19), sealed));
        Expect.isNull("longer", vault.open(KEY, NONCE, Arrays.copyOf(ASSOCIATED, 21), sealed));
        Expect.isNull("none", vault.open(KEY, NONCE, NONE, sealed));
    }

    private void seesEveryBit() {
        byte[] sealed = vault.seal(KEY, NONCE, ASSOCIATED, Sample.pattern(8));
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            Expect.isNull("bit " + bit, vault.open(KEY, NONCE, ASSOCIATED, flipped(sealed, bit)));
        }
    }

    private void needsTheLength() {
        byte[] sealed = Sample.hex(SEALED);
        Expect.isNull("shorter", vault.open(KEY, NONCE, ASSOCIATED, Arrays.copyOf(sealed, sealed.length - 1)));
        Expect.isNull("longer", vault.open(KEY, NONCE, ASSOCIATED, Arrays.copyOf(sealed, sealed.length + 1)));
        Expect.isNull("tag alone", vault.open(KEY, NONCE, ASSOCIATED, Arrays.copyOf(sealed, 16)));
        Expect.isNull("less than a tag", vault.open(KEY, NONCE, ASSOCIATED, Arrays.copyOf(sealed, 15)));
        Expect.isNull("nothing", vault.open(KEY, NONCE, ASSOCIATED, NONE));
    }

    private void refusesOtherLengths() {
        for (int length : new int[] {0, 16, 24, 31, 33}) {
            Expect.forbidden("key of " + length, () -> vault.seal(new byte[length], NONCE, NONE, PLAIN));
            Expect.forbidden("open with it", () -> vault.open(new byte[length], NONCE, NONE, PLAIN));
        }
        for (int length : new int[] {0, 8, 11, 13, 16}) {
            Expect.forbidden("nonce of " + length, () -> vault.seal(KEY, new byte[length], NONE, PLAIN));
            Expect.forbidden("open with it", () -> vault.open(KEY, new byte[length], NONE, PLAIN));
        }
    }
}
