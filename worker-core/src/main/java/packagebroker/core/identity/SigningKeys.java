package packagebroker.core.identity;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Signatures;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamClient;
import packagebroker.core.upstream.UpstreamException;

/**
 * The public keys of those who vouch for others, fetched from where each publishes them and remembered for an hour. A key that is
 * not among them is looked for again, at most once a minute: they change, and forgers name keys that never were.
 */
public final class SigningKeys {
    private static final int MAX_BYTES = 200_000;
    private static final int MAX_ISSUERS = 50;
    private static final int MIN_MODULUS = 342; // 2,048 bits in base64url
    private static final long MAX_AGE_MILLIS = 3_600_000;
    private static final long FETCHED_EVERY_MILLIS = 60_000;

    private final UpstreamClient client;
    private final Signatures signatures;
    private final Map<String, Keys> remembered = new HashMap<>();

    private record Key(String modulus, String exponent) {}

    private record Keys(Map<String, Key> byId, long fetchedAt) {}

    /** Creates the keys of an isolate. */
    public SigningKeys(UpstreamClient client, Signatures signatures) {
        this.client = client;
        this.signatures = signatures;
    }

    /**
     * Returns whether a token was signed with one of the keys at an address.
     *
     * @throws UpstreamException if they had to be fetched, and that failed
     */
    boolean signed(Jwt token, String address, long now) {
        Key key = find(token.keyId(), address, now);
        return key != null && signatures.isRs256(key.modulus(), key.exponent(), token.signed(), token.signature());
    }

    private @Nullable Key find(String id, String address, long now) {
        Keys keys = remembered.get(address);
        long age = keys == null ? Long.MAX_VALUE : now - keys.fetchedAt();
        boolean wanting =
                keys == null || age >= MAX_AGE_MILLIS || (!keys.byId().containsKey(id) && age >= FETCHED_EVERY_MILLIS);
        if (wanting) {
            keys = new Keys(fetch(address), now);
            if (remembered.size() >= MAX_ISSUERS) {
                remembered.clear();
            }
            remembered.put(address, keys);
        }
        return keys == null ? null : keys.byId().get(id);
    }

    private Map<String, Key> fetch(String address) {
        Source source = Source.open("of the keys at " + address, address);
        Response response = client.get(source, address, Headers.of("accept", "application/json"), client.metadata());
        if (response.status() != 200) {
            response.body().cancel();
            throw new UpstreamException(UpstreamException.Kind.UNTRUSTED, "the keys at " + address + " are not there");
        }
        Map<String, Key> keys = new HashMap<>();
        try {
            for (JsonObject key : Json.read(response.body().bytes(MAX_BYTES)).objects("keys")) {
                addKey(keys, key);
            }
        } catch (TransferException e) {
            throw UpstreamClient.failure(source, e);
        } catch (JsonException e) {
            throw new UpstreamException(
                    UpstreamException.Kind.UNTRUSTED, "the keys at " + address + " are of no known form");
        }
        return keys;
    }

    private static void addKey(Map<String, Key> keys, JsonObject key) {
        String id = key.findText("kid", 300);
        String modulus = key.findText("n", 2_000);
        String exponent = key.findText("e", 20);
        boolean usable = "RSA".equals(key.findText("kty", 20)) && !"enc".equals(key.findText("use", 20));
        if (usable && id != null && modulus != null && exponent != null && modulus.length() >= MIN_MODULUS) {
            keys.put(id, new Key(modulus, exponent));
        }
    }
}
