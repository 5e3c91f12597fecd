package packagebroker.core.upstream;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonText;
import packagebroker.core.port.Clock;
import packagebroker.core.port.Digests;
import packagebroker.core.port.Upstream.Limits;
import packagebroker.core.text.Ascii;
import packagebroker.core.text.Hex;
import packagebroker.core.upstream.UpstreamException.Kind;

/**
 * Speaks with a Composer repository, whatever form it takes: {@code metadata-url}, {@code providers-lazy-url}, {@code
 * providers-url} with {@code provider-includes}, {@code includes}, or all packages inline.
 *
 * @see <a href="https://getcomposer.org/doc/05-repositories.md#composer">Composer repositories</a>
 */
public final class ComposerRepository implements PackageSource {
    private static final int MAX_ROOT_SECONDS = 60;
    private static final int MAX_ROOTS_BYTES = 8_000_000;
    private static final int MAX_INCLUDES = 200;
    private static final Headers ACCEPT = Headers.of("accept", "application/json", "accept-encoding", "gzip");

    private final UpstreamClient client;
    private final UpstreamStore store;
    private final Digests digests;
    private final Clock clock;
    private final long rootMillis;
    private final Map<String, Kept> kept = new HashMap<>();
    private int keptBytes;

    /** A root or an include that was read lately, so that a burst of packages reads it once. */
    private record Kept(byte[] json, long readAt) {}

    /** The hash that a file was announced with; an empty one demands nothing. */
    private record Hash(String algorithm, String hex) {
        static final Hash NONE = new Hash("", "");
    }

    /** Creates it over the client; roots and includes are remembered for {@code freshSeconds}, a minute at most. */
    public ComposerRepository(
            UpstreamClient client, UpstreamStore store, Digests digests, Clock clock, int freshSeconds) {
        this.rootMillis = Math.min(freshSeconds, MAX_ROOT_SECONDS) * 1000L;
        this.client = client;
        this.store = store;
        this.digests = digests;
        this.clock = clock;
    }

    @Override
    public Fetched fetch(Source source, PackageName name, boolean dev, String modified, String etag) {
        try {
            RepositoryRoot root = root(source);
            String metadataUrl = root.findUrl("metadata-url");
            if (metadataUrl != null && !root.hasPackage(name.toString())) {
                String file = dev ? name + "~dev" : name.toString();
                return get(source, metadataUrl.replace("%package%", file), modified, etag, Hash.NONE);
            }
            return fetchVersion1(source, root, name);
        } catch (JsonException e) {
            throw notARepository(source);
        }
    }

    /**
     * Asks a source what has changed since a time, in 1/10000 s; null if it does not tell such things. A list that is too long
     * is as good as "everything may have changed".
     *
     * @throws UpstreamException if it does not answer, or with something that cannot be trusted
     */
    public @Nullable ChangeFeed changes(Source source, long since) {
        try {
            Features known = source.features();
            String feed = known.isKnown() ? known.changesUrl() : probe(source).changesUrl();
            if (feed == null) {
                return null;
            }
            String url = feed + (feed.indexOf('?') < 0 ? "?" : "&") + "since=" + since;
            Response response = client.get(source, url, ACCEPT, client.changes());
            if (response.status() != 200) {
                response.body().cancel();
                return null;
            }
            byte[] json = response.body().bytes((int) client.changes().maxBytes());
            return ChangeFeed.parse(JsonText.clean(json), clock.millis());
        } catch (JsonException e) {
            throw untrusted(source, "sent something else than a list of changes");
        } catch (TransferException e) {
            if (e.reason() == TransferException.Reason.TOO_LARGE) {
                return ChangeFeed.resync(clock.millis());
            }
            throw UpstreamClient.failure(source, e);
        }
    }

    private static UpstreamException notARepository(Source source) {
        return untrusted(source, "sent something else than a Composer repository's JSON");
    }

    /**
     * Reads a source's root and returns what it offers; what is new is stored.
     *
     * @throws UpstreamException if it does not answer, or with something that cannot be trusted
     */
    Features probe(Source source) {
        try {
            kept.remove(key(source, rootUrl(source)));
            return Features.of(root(source), url -> client.findUrl(source, url));
        } catch (JsonException e) {
            throw notARepository(source);
        }
    }

    /** Returns the root. Whenever it is read, and not only remembered, what it offers is compared with what we know. */
    private RepositoryRoot root(Source source) {
        byte[] known = remembered(key(source, rootUrl(source)));
        if (known != null) {
            return RepositoryRoot.parse(known);
        }
        RepositoryRoot root = RepositoryRoot.parse(require(source, rootUrl(source), Hash.NONE));
        Features features = Features.of(root, url -> client.findUrl(source, url));
        if (!features.text().equals(source.features().text())) {
            store.saveFeatures(source, features);
        }
        return root;
    }

    private static String rootUrl(Source source) {
        return source.url() + "/packages.json";
    }

    private Fetched fetchVersion1(Source source, RepositoryRoot root, PackageName name) {
        if (root.hasPackage(name.toString())) {
            return Fetched.found(require(source, rootUrl(source), Hash.NONE), "", "");
        }
        String lazy = root.findUrl("providers-lazy-url");
        if (lazy != null) {
            return get(source, lazy.replace("%package%", name.toString()), "", "", Hash.NONE);
        }
        String providers = root.findUrl("providers-url");
        if (providers != null) {
            String hash = findProvider(source, root, name);
            return hash == null ? Fetched.ABSENT : getProvider(source, providers, name, hash);
        }
        byte[] include = findInclude(source, root, name);
        return include == null ? Fetched.ABSENT : Fetched.found(include, "", "");
    }

    private @Nullable String findProvider(Source source, RepositoryRoot root, PackageName name) {
        String here = root.hashes("providers", "sha256").get(name.toString());
        if (here != null) {
            return here;
        }
        Map<String, String> includes = root.hashes("provider-includes", "sha256");
        requireFew(source, includes.size());
        for (Map.Entry<String, String> include : includes.entrySet()) {
            String url = include.getKey().replace("%hash%", include.getValue());
            RepositoryRoot file = RepositoryRoot.parse(require(source, url, new Hash("sha256", include.getValue())));
            String hash = file.hashes("providers", "sha256").get(name.toString());
            if (hash != null) {
                return hash;
            }
        }
        return null;
    }

    private Fetched getProvider(Source source, String template, PackageName name, String hash) {
        String url = template.replace("%package%", name.toString()).replace("%hash%", hash);
        return get(source, url, "", "", new Hash("sha256", hash));
    }

    private byte @Nullable [] findInclude(Source source, RepositoryRoot root, PackageName name) {
        Map<String, String> includes = root.hashes("includes", "sha1");
        requireFew(source, includes.size());
        for (Map.Entry<String, String> include : includes.entrySet()) {
            String url = include.getKey().replace("%hash%", include.getValue());
            byte[] json = require(source, url, new Hash("sha1", include.getValue()));
            if (RepositoryRoot.parse(json).hasPackage(name.toString())) {
                return json;
            }
        }
        return null;
    }

    private static void requireFew(Source source, int includes) {
        if (includes > MAX_INCLUDES) {
            throw untrusted(source, "includes more than " + MAX_INCLUDES + " files");
        }
    }

    /** Returns a file that has to be there, from memory if it was read lately, with the hash it was announced with. */
    private byte[] require(Source source, String url, Hash hash) {
        String key = key(source, url);
        byte[] known = remembered(key);
        if (known != null) {
            return known;
        }
        Fetched fetched = get(source, url, "", "", hash);
        if (fetched.outcome() != Fetched.Outcome.FOUND) {
            throw untrusted(source, "does not have its packages.json or a file that it names");
        }
        keep(key, fetched.json());
        return fetched.json();
    }

    private static String key(Source source, String url) {
        return source.id() + " " + url;
    }

    private byte @Nullable [] remembered(String key) {
        Kept known = kept.get(key);
        return known != null && clock.millis() - known.readAt() < rootMillis ? known.json() : null;
    }

    private void keep(String key, byte[] json) {
        if (keptBytes + json.length > MAX_ROOTS_BYTES) {
            kept.clear();
            keptBytes = 0;
        }
        if (json.length <= MAX_ROOTS_BYTES) {
            Kept before = kept.put(key, new Kept(json, clock.millis()));
            keptBytes += json.length - (before == null ? 0 : before.json().length);
        }
    }

    /** Forgets what was read lately: a source has changed, or is being tested. */
    public void forget() {
        kept.clear();
        keptBytes = 0;
    }

    private void requireHash(Source source, byte[] json, Hash hash) {
        Digests.Running digest = hash.algorithm().equals("sha1") ? digests.sha1() : digests.sha256();
        digest.update(Body.of(json));
        if (!Hex.of(digest.finish()).equals(Ascii.lower(hash.hex()))) {
            throw untrusted(source, "sent a file whose hash is not the one it announced");
        }
    }

    /**
     * Asks a source for a file that its root names.
     *
     * @param known the validators of the copy we have
     * @throws UpstreamException if it does not answer within the limits
     */
    public Fetched fetchFile(Source source, String url, Validators known, Limits limits) {
        return get(source, url, known, Hash.NONE, limits);
    }

    /** What a copy is compared by: its Last-Modified and its ETag, each empty if it had none. */
    public record Validators(String modified, String etag) {}

    private Fetched get(Source source, String url, String modified, String etag, Hash hash) {
        return get(source, url, new Validators(modified, etag), hash, client.metadata());
    }

    private Fetched get(Source source, String url, Validators known, Hash hash, Limits limits) {
        String modified = known.modified();
        String etag = known.etag();
        Headers headers = ACCEPT;
        if (!modified.isEmpty()) {
            headers = headers.with("if-modified-since", modified);
        }
        if (!etag.isEmpty()) {
            headers = headers.with("if-none-match", etag);
        }
        Response response = client.get(source, url, headers, limits);
        if (response.status() == 304 && (!modified.isEmpty() || !etag.isEmpty())) {
            return Fetched.UNCHANGED;
        }
        if (response.status() != 200) {
            response.body().cancel();
            return Fetched.ABSENT;
        }
        byte[] json = read(source, response.body(), hash, limits);
        return Fetched.found(json, header(response, "last-modified"), header(response, "etag"));
    }

    private byte[] read(Source source, Body body, Hash hash, Limits limits) {
        try {
            byte[] json = body.bytes((int) limits.maxBytes());
            if (!hash.hex().isEmpty()) {
                requireHash(source, json, hash);
            }
            return JsonText.clean(json);
        } catch (TransferException e) {
            throw UpstreamClient.failure(source, e);
        }
    }

    private static String header(Response response, String name) {
        String value = response.findHeader(name);
        return value == null || value.length() > 200 ? "" : value;
    }

    private static UpstreamException untrusted(Source source, String what) {
        return new UpstreamException(Kind.UNTRUSTED, "upstream " + source.name() + " " + what);
    }
}
