package packagebroker.core.secrets;

import java.util.Base64;
import java.util.List;
import packagebroker.core.port.Random;
import packagebroker.core.port.Vault;
import packagebroker.core.text.Base64Text;
import packagebroker.core.text.Utf8;
import packagebroker.core.text.Words;

/**
 * Seals texts for one place in the database: table, column and row are bound in, so a sealed text moved elsewhere does not
 * open. Each record has a key of its own, derived from the ring's.
 *
 * <p>Form: {@code v1.<key id>.<salt>.<nonce>.<ciphertext>}, the last three base64url.
 */
public final class Safe {
    private static final String FORM = "v1";
    private static final int SALT_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int KEY_BYTES = 32;
    private static final int TAG_BYTES = 16;
    private static final int PARTS = 5;

    private final KeyRing ring;
    private final Vault vault;
    private final Random random;

    /** Creates the safe over a ring that has no problem. */
    public Safe(KeyRing ring, Vault vault, Random random) {
        this.ring = ring;
        this.vault = vault;
        this.random = random;
    }

    /** Where a sealed text lives. */
    public record Place(String table, String column, String row) {}

    /** A sealed text cannot be opened: its key is not in the ring, or it was not sealed for this place. */
    public static final class Locked extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Locked(String message) {
            super(message);
        }
    }

    /**
     * Returns a text sealed for a place with one of the ring's keys.
     *
     * @throws Locked if the ring does not have it
     */
    public String seal(String keyId, Place place, String text) {
        byte[] salt = random.bytes(SALT_BYTES);
        byte[] nonce = random.bytes(NONCE_BYTES);
        byte[] key = derive(keyId, salt, place);
        byte[] sealed = vault.seal(key, nonce, associated(keyId, place), Utf8.encode(text));
        return FORM + "." + keyId + "." + encode(salt) + "." + encode(nonce) + "." + encode(sealed);
    }

    /** Returns the id of the key that sealed a text; empty if it is no sealed text. */
    public static String keyOf(String sealed) {
        int from = FORM.length() + 1;
        int end = sealed.indexOf('.', from);
        return sealed.startsWith(FORM + ".") && end > 0 ? sealed.substring(from, end) : "";
    }

    /**
     * Returns the text that was sealed for a place.
     *
     * @throws Locked if it cannot be opened
     */
    public String open(Place place, String sealed) {
        List<String> parts = Words.separated(sealed, '.');
        if (parts.size() != PARTS || sealed.endsWith(".") || !parts.get(0).equals(FORM)) {
            throw new Locked("expected a sealed text of form v1 in " + place.table());
        }
        String keyId = parts.get(1);
        byte[] salt = decode(parts.get(2));
        byte[] nonce = decode(parts.get(3));
        byte[] body = decode(parts.get(4));
        if (salt.length != SALT_BYTES || nonce.length != NONCE_BYTES || body.length < TAG_BYTES) {
            throw new Locked("expected salt, nonce and tag of the usual sizes in a sealed text");
        }
        byte[] plain = vault.open(derive(keyId, salt, place), nonce, associated(keyId, place), body);
        if (plain == null) {
            throw new Locked("expected a text sealed for this row of " + place.table());
        }
        return Utf8.decode(plain);
    }

    private byte[] derive(String keyId, byte[] salt, Place place) {
        byte[] key = ring.find(keyId);
        if (key == null) {
            throw new Locked("expected the key ring to hold the key that sealed a row of " + place.table());
        }
        return vault.derive(key, salt, Utf8.encode(FORM + "|" + place.table() + "." + place.column()), KEY_BYTES);
    }

    /** Joins what a sealed text is bound to, each part with its length so that no two lists look alike. */
    private static byte[] associated(String keyId, Place place) {
        StringBuilder text = new StringBuilder();
        for (String part : new String[] {FORM, keyId, place.table(), place.column(), place.row()}) {
            text.append(part.length()).append(':').append(part);
        }
        return Utf8.encode(text.toString());
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] decode(String text) {
        byte[] bytes = Base64Text.urlBytes(text);
        if (bytes == null) {
            throw new Locked("expected base64url in a sealed text");
        }
        return bytes;
    }
}
