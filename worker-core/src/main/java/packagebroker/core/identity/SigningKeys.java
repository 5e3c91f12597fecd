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
 * The public keys of those who vouch for others, fetched from where each publishes them and remembered for an hour, or for a day
 * while they cannot be had. They are asked for at most once a minute, whatever came of it: a key that is not among them may be
 * new, but forgers name keys that never were.
 */
public final class SigningKeys {
    private static final int MAX_BYTES = 200_000;
    private static final int MAX_ISSUERS = 50;
    private static final int MIN_MODULUS = 342; // 2,048 bits in base64url
    private static final long MAX_AGE_MILLIS = 3_600_000;
    private static final long STALE_MILLIS = 24 * 3_600_000;
    private static final long FETCHED_EVERY_MILLIS = 60_000;

    private final UpstreamClient client;
    private final Signatures signatures;
    private final Map<String, Keys> remembered = new HashMap<>();

    private record Key(String modulus, String exponent) {}

    private record Keys(
            Map<String, Key> byId,
            long fetchedAt,
            long triedAt,
            @Nullable UpstreamException failure) {
        private static final Keys NONE = new Keys(Map.of(), 0, 0, null);

        Keys failed(UpstreamException problem, long now) {
            return new Keys(byId, fetchedAt, now, problem);
        }
    }

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
        Keys keys = remembered.getOrDefault(address, Keys.NONE);
        boolean wanting =
                now - keys.fetchedAt() >= MAX_AGE_MILLIS || !keys.byId().containsKey(id);
        if (wanting && now - keys.triedAt() >= FETCHED_EVERY_MILLIS) {
            keys = fetched(keys, address, now);
            if (remembered.size() >= MAX_ISSUERS) {
                remembered.clear();
            }
            remembered.put(address, keys);
        }
        Key key = now - keys.fetchedAt() < STALE_MILLIS ? keys.byId().get(id) : null;
        UpstreamException failure = keys.failure();
        if (key == null && failure != null) {
            throw new UpstreamException(failure.kind(), failure.text());
        }
        return key;
    }

    private Keys fetched(Keys before, String address, long now) {
        try {
            return new Keys(fetch(address), now, now, null);
        } catch (UpstreamException e) {
            return before.failed(e, now);
        }
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
