package packagebroker.core.dist;

import org.jspecify.annotations.Nullable;
import packagebroker.core.access.Call;
import packagebroker.core.audit.Action;
import packagebroker.core.composer.Limits;
import packagebroker.core.http.Headers;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.mirror.Mirror;
import packagebroker.core.port.Joined;

/** Archives over HTTP. */
public final class DistEndpoints {
    private final Dists dists;

    /** Creates the endpoints. */
    public DistEndpoints(Dists dists) {
        this.dists = dists;
    }

    /** Returns the read that shares the token's round trip. */
    public @Nullable Joined lookup(Call call) {
        DistPath path = path(call);
        return path == null ? null : dists.lookup(path, call.startedAt());
    }

    private static @Nullable DistPath path(Call call) {
        return DistPath.find(call.parameter(0), call.parameter(1), call.parameter(2), call.parameter(3));
    }

    /** Hands out an archive: {@code GET /dist/{vendor}/{name}/{version}/{file}}. Same URL, same bytes, for ever (P49). */
    public Response download(Call call) {
        DistPath path = path(call);
        if (path == null) {
            throw HttpError.notFound();
        }
        call.about(path.toString());
        if (!call.principal().maySee(path.name())) {
            throw HttpError.notFound();
        }
        Mirror.Ask ask =
                new Mirror.Ask(path.name(), false, call.principal().baseUrl(), call.event(Action.READ_DIST, 200));
        Limits.Opening opening = call.principal().limits().of(path.name());
        Dists.Archive archive = dists.open(path, ask, opening, call.rows());
        if (archive == null) {
            throw HttpError.notFound();
        }
        String type = path.type().equals("zip") ? "application/zip" : "application/octet-stream";
        return new Response(
                200,
                Headers.of(
                        "content-type",
                        type,
                        "content-length",
                        "" + archive.size(),
                        "content-disposition",
                        "attachment",
                        // Whoever published it wrote it: a browser that opens it all the same lets it do nothing.
                        "content-security-policy",
                        "default-src 'none'; frame-ancestors 'none'; sandbox",
                        "cache-control",
                        "private, max-age=31536000, immutable"),
                archive.body());
    }
}
