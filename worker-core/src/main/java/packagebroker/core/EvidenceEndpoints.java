package packagebroker.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.Call;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.port.Row;
import packagebroker.core.upstream.Freeze;
import packagebroker.core.upstream.FreezeStore;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamStore;

/** What an auditor wants to see of the configuration, and what we would point out ourselves. */
final class EvidenceEndpoints {
    private static final int LONG_MEMORY_SECONDS = 60;

    private final Deployment deployment;
    private final Settings settings;
    private final UpstreamStore upstreams;
    private final FreezeStore freezes;

    EvidenceEndpoints(Deployment deployment, Settings settings, UpstreamStore upstreams, FreezeStore freezes) {
        this.deployment = deployment;
        this.settings = settings;
        this.upstreams = upstreams;
        this.freezes = freezes;
    }

    /** Shows the configuration, its history and what is remarkable about it: {@code GET /api/evidence/config}. */
    Response config(Call call) {
        List<Object> history = new ArrayList<>();
        for (Row row : deployment.store().list()) {
            history.add(Json.object(
                    "at", row.number("at"), "build", row.text("build"), "config_sha256", row.text("config")));
        }
        List<Source> sources = upstreams.listed();
        List<Object> shown = new ArrayList<>();
        for (Source source : sources) {
            shown.add(shown(source));
        }
        Freeze freeze = freezes.find();
        return Response.json(
                200,
                Json.write(Json.object(
                        "at",
                        call.startedAt(),
                        "base_url",
                        call.principal().baseUrl(),
                        "build",
                        deployment.build(),
                        "config",
                        deployment.config(),
                        "config_sha256",
                        deployment.digest(),
                        "frozen",
                        freeze != null,
                        "upstreams",
                        shown,
                        "deployments",
                        history,
                        "findings",
                        findings(call.principal().baseUrl(), sources, freeze))));
    }

    private static Object shown(Source source) {
        Source.SealedCredential credential = source.credential();
        List<String> patterns = new ArrayList<>();
        source.patterns().forEach(pattern -> patterns.add(pattern.text()));
        return Json.object(
                "id",
                source.id(),
                "name",
                source.name(),
                "url",
                source.url(),
                "tls",
                isTls(source),
                "auth",
                credential == null ? "none" : credential.kind(),
                "auth_origin",
                credential == null ? null : credential.origin(),
                "auth_bound",
                credential == null || isBound(source, credential),
                "patterns",
                patterns,
                "exclusive",
                source.exclusive(),
                "enabled",
                source.enabled(),
                "mode",
                source.mode().word());
    }

    private static boolean isTls(Source source) {
        return source.url().startsWith("https:");
    }

    private static boolean isBound(Source source, Source.SealedCredential credential) {
        return source.url().equals(credential.origin()) || source.url().startsWith(credential.origin() + "/");
    }

    private List<String> findings(String baseUrl, List<Source> sources, @Nullable Freeze freeze) {
        List<String> findings = new ArrayList<>();
        note(findings, !baseUrl.startsWith("https:"), "base_url is not HTTPS");
        note(findings, !settings.upstreamAllow().isEmpty(), "UPSTREAM_ALLOW lets upstreams be plain HTTP or local");
        note(findings, settings.authCacheSeconds() > LONG_MEMORY_SECONDS, "AUTH_CACHE_SECONDS delays revocations");
        note(findings, settings.authFailuresPerMinute() == 0, "AUTH_FAILURES_PER_MINUTE lets anybody guess for ever");
        note(
                findings,
                settings.setupSecret() != null,
                "SETUP_SECRET is still there, although it is not needed any more");
        note(findings, settings.accessTeam() == null, "no ACCESS_TEAM: nobody signs in as a person");
        note(
                findings,
                settings.audit().receivers().anchor().isEmpty()
                        && settings.audit().receivers().webhook().isEmpty(),
                "neither AUDIT_ANCHOR_URL nor AUDIT_WEBHOOK_URL: nobody else keeps checkpoints");
        note(findings, deployment.build().isEmpty(), "the deployment does not say which build it is");
        note(findings, freeze != null, "the instance is frozen");
        Row newest = deployment.store().findNewest();
        note(
                findings,
                newest == null || !newest.text("config").equals(deployment.digest()),
                "the configuration is another one than the log last saw: wait for the cron, or look who changed it");
        for (Source source : sources) {
            String name = "upstream " + source.name();
            Source.SealedCredential credential = source.credential();
            note(findings, !isTls(source), name + " is reached without TLS");
            note(
                    findings,
                    credential != null && !isBound(source, credential),
                    name + " has a credential for another origin");
        }
        return findings;
    }

    private static void note(List<String> findings, boolean found, String text) {
        if (found) {
            findings.add(text);
        }
    }
}
