package packagebroker.core.registry;

import org.jspecify.annotations.Nullable;
import packagebroker.core.access.Call;
import packagebroker.core.audit.Action;
import packagebroker.core.composer.Limits;
import packagebroker.core.composer.PackageFile;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.mirror.Document;
import packagebroker.core.mirror.Mirror;
import packagebroker.core.mirror.Views;
import packagebroker.core.port.Joined;
import packagebroker.core.text.HttpDate;
import packagebroker.core.text.Percent;

/** The repository as Composer reads it. */
public final class RegistryEndpoints {
    private static final String PRIVATE = "private, no-cache";

    /** What an answer depends on beside its address, for caches on the way: they hold it for one user only anyway (P41). */
    private static final String VARY = "Accept-Encoding, Authorization";

    private final Mirror mirror;
    private final Views views;
    private final RootDocument root;

    /** Creates the endpoints. */
    public RegistryEndpoints(Mirror mirror, Views views, RootDocument root) {
        this.mirror = mirror;
        this.views = views;
        this.root = root;
    }

    /** Returns the read of the root that shares the token's round trip. */
    public @Nullable Joined rootLookup(Call call) {
        return root.lookup(call.startedAt());
    }

    /** Answers {@code GET /packages.json} and {@code GET /}, since tools ask for either (P83). */
    public Response root(Call call) {
        RootDocument.Content content = root.content(call.principal().baseUrl(), call.startedAt(), call.rows());
        if (call.principal().limits().isEmpty()) {
            return conditional(call, content.lastModified(), () -> Body.of(content.json()));
        }
        // Without a date: whoever has two tokens has one cache, and is never told that this is what he had.
        byte[] json = content.narrowed(
                call.principal().patterns(), call.principal().limits().upstreams());
        return new Response(
                200, Headers.of("content-type", Response.JSON, "cache-control", PRIVATE, "vary", VARY), Body.of(json));
    }

    /** Returns the read of a package that shares the token's round trip. */
    public @Nullable Joined packageLookup(Call call) {
        PackageFile asked = asked(call);
        if (asked == null || call.isOfCustomer()) {
            return asked == null ? null : views.lookup(asked);
        }
        return mirror.lookup(asked.name(), asked.dev(), call.startedAt());
    }

    /** Answers {@code GET /p2/{vendor}/{file}}: {@code name.json} or {@code name~dev.json}. */
    public Response packageMetadata(Call call) {
        PackageFile asked = asked(call);
        if (asked == null) {
            throw HttpError.notFound();
        }
        call.about(asked.toString());
        if (!call.principal().maySee(asked.name())) {
            throw HttpError.notFound();
        }
        Mirror.Ask ask = new Mirror.Ask(
                asked.name(), asked.dev(), call.principal().baseUrl(), call.event(Action.READ_METADATA, 200));
        Limits limits = call.principal().limits();
        Document document = limits.isEmpty()
                ? mirror.document(ask, call.rows())
                : views.document(ask, limits.of(asked.name()), call.isOfCustomer() ? call.rows() : null);
        if (document == null) {
            throw HttpError.notFound();
        }
        return conditional(call, document.lastModified(), document.content());
    }

    private static @Nullable PackageFile asked(Call call) {
        String vendor = Percent.decode(call.parameter(0));
        String file = Percent.decode(call.parameter(1));
        if (vendor == null || file == null || !file.endsWith(".json")) {
            return null;
        }
        return PackageFile.find(vendor + "/" + file.substring(0, file.length() - ".json".length()));
    }

    /** Answers 304 if the client has exactly this state: a date newer than ours is not this state (P37–P39). */
    private static Response conditional(Call call, long lastModified, Document.Content content) {
        String date = HttpDate.of(lastModified);
        if (date.equals(call.request().findHeader("if-modified-since"))) {
            return new Response(
                    304, Headers.of("last-modified", date, "cache-control", PRIVATE, "vary", VARY), Body.empty());
        }
        return new Response(
                200,
                Headers.of(
                        "content-type", Response.JSON, "last-modified", date, "cache-control", PRIVATE, "vary", VARY),
                content.open());
    }
}
