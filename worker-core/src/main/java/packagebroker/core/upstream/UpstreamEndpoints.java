package packagebroker.core.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.ApiBody;
import packagebroker.core.access.Call;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.composer.PackagePattern;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Random;
import packagebroker.core.port.Row;
import packagebroker.core.port.Urls.Url;
import packagebroker.core.text.Hex;

/** Upstreams over HTTP: created, listed, changed, tested, deleted. A credential goes in and never comes out. */
public final class UpstreamEndpoints {
    private static final String EXPIRY = "credential_expires_at";
    private static final String[] FIELDS = {
        "name",
        "url",
        "kind",
        "priority",
        "patterns",
        "exclusive",
        "enabled",
        "mode",
        "auth",
        EXPIRY,
        "repositories",
        "organisations"
    };
    private static final int MAX_PATTERNS = 200;

    private final UpstreamStore store;
    private final CredentialStore credentialStore;
    private final UrlGuard guard;
    private final Credentials credentials;
    private final Probe probe;
    private final Random random;

    /** What the endpoints change. */
    public record Stores(UpstreamStore upstreams, CredentialStore credentials) {}

    /** Creates the endpoints. */
    public UpstreamEndpoints(Stores stores, UrlGuard guard, Credentials credentials, Probe probe, Random random) {
        this.store = stores.upstreams();
        this.credentialStore = stores.credentials();
        this.guard = guard;
        this.credentials = credentials;
        this.probe = probe;
        this.random = random;
    }

    /** Creates an upstream: {@code POST /api/upstreams}. */
    public Response create(Call call) {
        JsonObject body = ApiBody.read(call).allowOnly(FIELDS);
        String kind = kind(body, Source.COMPOSER);
        GitKind git = GitKind.find(kind);
        String url = git == null ? "" : git.api();
        if ((!body.has("url") && url.isEmpty()) || !body.has("name") || !body.has("patterns")) {
            throw HttpError.unprocessable("expected name, url and patterns");
        }
        Source blank = new Source(
                Hex.of(random.bytes(8)),
                "",
                kind,
                url,
                100,
                List.of(),
                false,
                true,
                Source.Mode.REWRITE,
                null,
                Features.UNKNOWN,
                false);
        Source source = guarded(merged(call, blank, body), body);
        Selection selection = selection(source, Selection.NONE, body);
        store.save(
                source,
                change(blank, source, body),
                selection,
                event(call, Action.CREATE_UPSTREAM, source, selection, body));
        probe.soon(source);
        return Response.json(201, Json.write(shown(source, selection)));
    }

    /** Lists the upstreams by priority: {@code GET /api/upstreams}. */
    public Response list(Call call) {
        List<Object> sources = new ArrayList<>();
        for (Source source : store.listed()) {
            sources.add(shown(source));
        }
        return Response.json(200, Json.write(Json.object("upstreams", sources)));
    }

    /** Shows an upstream: {@code GET /api/upstreams/{id}}. */
    public Response show(Call call) {
        Source source = require(call);
        Map<String, @Nullable Object> shown = shown(source, store.selection(source.id()));
        Row credential = credentialStore.find(source.id());
        if (credential != null) {
            shown.put("credential", shown(credential));
        }
        return Response.json(200, Json.write(shown));
    }

    private static Object shown(Row credential) {
        return Json.object(
                "changed_at",
                credential.number("changed_at"),
                EXPIRY,
                credential.number("expires_at"),
                "seen_expires_at",
                credential.number("seen_expires_at"),
                "ok_at",
                credential.number("ok_at"),
                "failed_at",
                credential.number("failed_at"),
                "problem",
                credential.text("problem"));
    }

    /** Changes the fields that are given: {@code PATCH /api/upstreams/{id}}. */
    public Response change(Call call) {
        Source before = require(call);
        JsonObject body = ApiBody.read(call).allowOnly(FIELDS);
        Source after = merged(call, before, body);
        Selection selection = selection(after, store.selection(before.id()), body);
        store.save(
                after,
                change(before, after, body),
                selection,
                event(call, Action.CHANGE_UPSTREAM, after, selection, body));
        if (!after.isPublished()) {
            probe.soon(after);
        }
        return Response.json(200, Json.write(shown(after, selection)));
    }

    /** Deletes an upstream: {@code DELETE /api/upstreams/{id}}. What was mirrored from it stays, but with {@code ?purge=true}. */
    public Response delete(Call call) {
        Source source = require(call);
        boolean purge = call.request().hasFlag("purge");
        AuditEvent event = call.change(Action.DELETE_UPSTREAM, source.id(), "name", source.name(), "purge", purge);
        store.delete(source.id(), purge, event);
        probe.forget();
        return Response.noContent();
    }

    /** Asks an upstream for its root and says how that went, in a word: {@code POST /api/upstreams/{id}/test}. */
    public Response test(Call call) {
        Source source = require(call);
        call.about(source.id());
        try {
            if (!source.isPublished()) {
                probe.test(source);
            }
            return Response.json(200, Json.write(Json.object("ok", true)));
        } catch (UpstreamException e) {
            return Response.json(
                    200, Json.write(Json.object("ok", false, "problem", e.kind().word())));
        }
    }

    private Source require(Call call) {
        Source source = store.find(call.parameter(0));
        if (source == null) {
            throw HttpError.notFound();
        }
        return source;
    }

    /** Returns a source with the fields that a body gives; what it does not give stays. */
    private Source merged(Call call, Source before, JsonObject body) {
        try {
            if (before.isPublished() && (body.has("url") || body.has("mode") || body.has("auth") || body.has("kind"))) {
                throw HttpError.unprocessable(
                        "expected only name, priority, patterns, exclusive and enabled: these packages are published here");
            }
            String url = body.has("url") ? url(body.text("url", 2_000), before.kind()) : before.url();
            if (!before.isPublished()
                    && origin(url).equals(origin(call.principal().baseUrl()))) {
                throw HttpError.unprocessable("expected another server than this one at $.url");
            }
            if (!kind(body, before.kind()).equals(before.kind())) {
                throw HttpError.unprocessable("expected " + before.kind() + " at $.kind: it does not change");
            }
            return new Source(
                    before.id(),
                    body.has("name") ? body.text("name", 100) : before.name(),
                    before.kind(),
                    url,
                    (int) body.number("priority", 0, 1_000_000, before.priority()),
                    body.has("patterns") ? patterns(body.findTexts("patterns", 255)) : before.patterns(),
                    body.flag("exclusive", before.exclusive()),
                    body.flag("enabled", before.enabled()),
                    body.has("mode") ? mode(body.text("mode", 20)) : before.mode(),
                    credential(before, url, body),
                    url.equals(before.url()) ? before.features() : Features.UNKNOWN,
                    before.frozen());
        } catch (JsonException e) {
            throw ApiBody.refusal(e);
        }
    }

    private static String kind(JsonObject body, String otherwise) {
        try {
            String kind = body.has("kind") ? body.text("kind", 20) : otherwise;
            if (!kind.equals(otherwise) && !kind.equals(Source.COMPOSER) && GitKind.find(kind) == null) {
                throw HttpError.unprocessable("expected composer or a git host at $.kind, such as github");
            }
            return kind;
        } catch (JsonException e) {
            throw ApiBody.refusal(e);
        }
    }

    /** Returns which repositories of a git host are wanted, with what a body says about it. */
    private static Selection selection(Source source, Selection before, JsonObject body) {
        try {
            if (GitKind.find(source.kind()) != null) {
                return before.with(body);
            }
        } catch (JsonException e) {
            throw ApiBody.refusal(e);
        }
        if (body.has("repositories") || body.has("organisations")) {
            throw HttpError.unprocessable("expected no repositories and organisations: this is no git host");
        }
        return before;
    }

    /**
     * Returns a new source as exclusive unless told otherwise or made for any name: who lists names of their own means them to
     * come from nowhere else, and forgetting to say so must not open them to others.
     */
    private static Source guarded(Source source, JsonObject body) {
        boolean exclusive = body.has("exclusive") ? source.exclusive() : !source.servesAnyName();
        return new Source(
                source.id(),
                source.name(),
                source.kind(),
                source.url(),
                source.priority(),
                source.patterns(),
                exclusive,
                source.enabled(),
                source.mode(),
                source.credential(),
                source.features(),
                source.frozen());
    }

    private static Source.Mode mode(String word) {
        Source.Mode mode = Source.Mode.find(word);
        if (mode == null) {
            throw HttpError.unprocessable("expected rewrite or mirror at $.mode");
        }
        return mode;
    }

    private Source.@Nullable SealedCredential credential(Source before, String url, JsonObject body) {
        JsonObject auth = body.findObject("auth");
        if (auth == null) {
            Source.SealedCredential kept = before.credential();
            // A credential is bound to its origin: it does not follow the URL to another one.
            return kept != null && kept.origin().equals(origin(url)) ? kept : null;
        }
        String kind = auth.text("type", 20);
        if (kind.equals("none")) {
            return null;
        }
        Credentials.Field field = Credentials.field(auth, kind);
        return new Source.SealedCredential(kind, origin(url), credentials.seal(before.id(), field));
    }

    /** Returns what becomes of the credential: one that is kept is not written, for it may have been sealed anew meanwhile. */
    private static CredentialStore.Change change(Source before, Source after, JsonObject body) {
        try {
            Long expiresAt = body.has(EXPIRY) ? body.number(EXPIRY, 0, 1L << 52, 0) : null;
            if (expiresAt != null && after.credential() == null) {
                throw HttpError.unprocessable("expected an upstream with a credential at $." + EXPIRY);
            }
            return new CredentialStore.Change(!Objects.equals(before.credential(), after.credential()), expiresAt);
        } catch (JsonException e) {
            throw ApiBody.refusal(e);
        }
    }

    private String origin(String url) {
        Url parsed = guard.findUpstream(url);
        return parsed == null ? "" : parsed.origin();
    }

    private String url(String text, String kind) {
        Url url = guard.findUpstream(text);
        if (url == null) {
            throw HttpError.unprocessable(
                    "expected an https URL with a public host name, without user, query and fragment, at $.url");
        }
        String href = url.href();
        String file = "/packages.json";
        String trimmed = href.endsWith(file) ? href.substring(0, href.length() - file.length()) : href;
        while (trimmed.endsWith("/")) {
            trimmed = trimmed.substring(0, trimmed.length() - 1);
        }
        GitKind git = GitKind.find(kind);
        return git == null ? trimmed : git.apiUrl(url, trimmed);
    }

    private static List<PackagePattern> patterns(@Nullable List<String> texts) {
        if (texts == null || texts.isEmpty() || texts.size() > MAX_PATTERNS) {
            throw HttpError.unprocessable("expected 1 to " + MAX_PATTERNS + " package patterns at $.patterns");
        }
        List<PackagePattern> patterns = new ArrayList<>();
        for (String text : texts) {
            PackagePattern pattern = PackagePattern.find(text);
            if (pattern == null) {
                throw HttpError.unprocessable("expected *, vendor/*, vendor/prefix-* or vendor/name at $.patterns");
            }
            patterns.add(pattern);
        }
        return patterns;
    }

    private static AuditEvent event(Call call, String action, Source source, Selection selection, JsonObject body) {
        return call.change(
                action,
                source.id(),
                "name",
                source.name(),
                "url",
                source.url(),
                "priority",
                source.priority(),
                "patterns",
                UpstreamStore.texts(source.patterns()),
                "exclusive",
                source.exclusive(),
                "enabled",
                source.enabled(),
                "mode",
                source.mode().word(),
                "auth",
                body.has("auth") ? "(set)" : "(kept)",
                EXPIRY,
                body.has(EXPIRY) ? body.number(EXPIRY, 0, 1L << 52, 0) : null,
                "selection",
                selection.equals(Selection.NONE) ? null : selection.shown());
    }

    private static Map<String, @Nullable Object> shown(Source source, Selection selection) {
        Map<String, @Nullable Object> shown = shown(source);
        if (!selection.equals(Selection.NONE)) {
            shown.putAll(selection.shown());
        }
        return shown;
    }

    private static Map<String, @Nullable Object> shown(Source source) {
        Source.SealedCredential credential = source.credential();
        return Json.object(
                "id",
                source.id(),
                "name",
                source.name(),
                "kind",
                source.kind(),
                "url",
                source.url(),
                "priority",
                source.priority(),
                "patterns",
                UpstreamStore.texts(source.patterns()),
                "exclusive",
                source.exclusive(),
                "enabled",
                source.enabled(),
                "mode",
                source.mode().word(),
                "auth",
                credential == null ? "none" : credential.kind());
    }
}
