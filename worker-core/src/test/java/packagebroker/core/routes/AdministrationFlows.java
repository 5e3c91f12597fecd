package packagebroker.core.routes;

import static packagebroker.core.routes.FlowScene.DIST;
import static packagebroker.core.routes.FlowScene.alert;
import static packagebroker.core.routes.FlowScene.get;
import static packagebroker.core.routes.FlowScene.made;
import static packagebroker.core.routes.FlowScene.mirrored;
import static packagebroker.core.routes.FlowScene.send;
import static packagebroker.core.routes.FlowScene.silentUpstream;
import static packagebroker.core.testing.TestApp.UPSTREAM;

import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import packagebroker.core.App;
import packagebroker.core.audit.Action;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** What administrators do to the instance, its upstreams and what came from them. */
final class AdministrationFlows {
    private static final String UPSTREAMS = "/api/upstreams";
    private static final String ADVISORY =
            "{\"packageName\":\"acme/tool\",\"affectedVersions\":\"<1.5\",\"title\":\"bad\"}";

    private AdministrationFlows() {}

    static List<Flow> all() {
        return List.of(
                Flow.of(
                                "POST /api/setup",
                                201,
                                Action.SETUP,
                                app -> () -> app.setUp(app.product()).status())
                        .inNewInstance(),
                Flow.of(
                        "PATCH /api/settings",
                        200,
                        Action.CHANGE_SETTINGS,
                        app -> () ->
                                send(app, "PATCH", "/api/settings", "{\"base_url\":\"https://other.example.org\"}")),
                Flow.of(
                                "PATCH /api/settings",
                                200,
                                Action.CHANGE_SETTINGS,
                                app -> () -> send(app, "PATCH", "/api/settings", "{\"packagist\":false}"))
                        .when("packagist off")
                        .with("PACKAGIST_URL", "https://repo.packagist.org"),
                Flow.of(
                        "POST /api/freeze",
                        200,
                        Action.FREEZE,
                        app -> () -> send(app, "POST", "/api/freeze", "{\"reason\":\"x\"}")),
                Flow.of("DELETE /api/freeze", 204, Action.THAW, app -> {
                    send(app, "POST", "/api/freeze", "{\"reason\":\"x\"}");
                    return () -> send(app, "DELETE", "/api/freeze", "{}");
                }),
                Flow.of("POST /api/keys", 201, "", AdministrationFlows::addKey)
                        .logging(Action.ADD_KEY, Action.ACTIVATE_KEY),
                Flow.of("POST /api/keys/{id}/activate", 200, Action.ACTIVATE_KEY, AdministrationFlows::activateKey),
                Flow.of("POST /api/keys/{id}/retire", 200, Action.RETIRE_KEY, app -> {
                    activateKey(app).run();
                    return () -> post(app, twoKeys(app), "/api/keys/k1/retire", "{}");
                }),
                Flow.of("POST /api/upstreams", 201, Action.CREATE_UPSTREAM, app -> {
                    app.serveStatus(UPSTREAM + "/packages.json", 500);
                    String body = "{\"name\":\"u\",\"url\":\"" + UPSTREAM + "\",\"patterns\":[\"acme/*\"],"
                            + "\"auth\":{\"type\":\"bearer\",\"token\":\"secret-of-it\"}}";
                    return () -> send(app, "POST", UPSTREAMS, body);
                }),
                patched(
                        "with everything",
                        "{\"name\":\"other\",\"priority\":3,\"patterns\":[\"acme/*\",\"b/*\"],"
                                + "\"auth\":{\"type\":\"bearer\",\"token\":\"another-secret\"},\"mode\":\"mirror\"}"),
                patched("switched off", "{\"enabled\":false}"),
                patched("without its credential", "{\"auth\":{\"type\":\"none\"}}"),
                Flow.of("DELETE /api/upstreams/{id}", 204, Action.DELETE_UPSTREAM, app -> {
                    String id = silentUpstream(app);
                    return () -> send(app, "DELETE", UPSTREAMS + "/" + id, "{}");
                }),
                Flow.of("DELETE /api/upstreams/{id}", 204, Action.DELETE_UPSTREAM, app -> {
                            String id = mirrored(app);
                            return () -> send(app, "DELETE", UPSTREAMS + "/" + id + "?purge=true", "{}");
                        })
                        .when("with a purge"),
                Flow.of("POST /api/upstreams/{id}/test", 200, Action.NOTE_FEATURES, app -> {
                    String id = silentUpstream(app);
                    app.drain();
                    app.serveRoot(UPSTREAM);
                    app.serveStatus(UPSTREAM + "/p2/package-broker/connection-test.json", 404);
                    return () -> send(app, "POST", UPSTREAMS + "/" + id + "/test", "{}");
                }),
                Flow.of("POST /api/upstreams/{id}/sync", 204, Action.SYNC_UPSTREAM, app -> {
                    String body =
                            "{\"name\":\"hub\",\"kind\":\"github\",\"patterns\":[\"acme/*\"],\"repositories\":[\"acme/tool\"]}";
                    String id = made(app, UPSTREAMS, body);
                    app.database().batch(List.of(Statement.of("""
                            INSERT INTO repository (upstream, id, path, url, default_branch, archived, stamp, etag, stage)
                            VALUES (?, '1', 'acme/tool', '', 'main', 0, '', 'e', 'idle')
                            """, id)));
                    return () -> send(app, "POST", UPSTREAMS + "/" + id + "/sync", "{}");
                }),
                Flow.of("DELETE /api/packages/{vendor}/{name}", 204, Action.RELEASE_PACKAGE, app -> {
                    mirrored(app);
                    return () -> send(app, "DELETE", "/api/packages/acme/tool", "{}");
                }),
                Flow.of("DELETE /api/packages/{vendor}/{name}", 204, "", app -> {
                            mirrored(app);
                            return () -> send(app, "DELETE", "/api/packages/acme/tool?purge=true", "{}");
                        })
                        .when("with a purge")
                        .logging(Action.PURGE_PACKAGE, Action.PURGE_DISTS)
                        .inStages(2),
                Flow.of("POST /api/alerts/{id}/accept", 200, Action.ACCEPT_ALERT, app -> {
                    String id = alert(app);
                    return () -> send(app, "POST", "/api/alerts/" + id + "/accept", "{\"reason\":\"told so\"}");
                }),
                Flow.of("POST /api/alerts/{id}/dismiss", 200, Action.DISMISS_ALERT, app -> {
                    String id = alert(app);
                    return () -> send(app, "POST", "/api/alerts/" + id + "/dismiss", "{}");
                }),
                Flow.of("POST /api/advisories", 201, Action.PUBLISH_ADVISORY, app -> {
                    mirrored(app);
                    return () -> send(app, "POST", "/api/advisories", ADVISORY);
                }),
                Flow.of("PATCH /api/advisories/{id}", 200, Action.CHANGE_ADVISORY, app -> {
                    String id = advisory(app);
                    return () -> send(app, "PATCH", "/api/advisories/" + id, "{\"title\":\"worse\"}");
                }),
                Flow.of("DELETE /api/advisories/{id}", 204, Action.WITHDRAW_ADVISORY, app -> {
                    String id = advisory(app);
                    return () -> send(app, "DELETE", "/api/advisories/" + id, "{}");
                }));
    }

    private static Flow patched(String what, String body) {
        return Flow.of("PATCH /api/upstreams/{id}", 200, Action.CHANGE_UPSTREAM, app -> {
                    String id = silentUpstream(app);
                    return () -> send(app, "PATCH", UPSTREAMS + "/" + id, body);
                })
                .when(what);
    }

    private static String advisory(TestApp app) {
        mirrored(app);
        String id = made(app, "/api/advisories", ADVISORY);
        get(app, DIST);
        return id;
    }

    /** Returns a deployment that has a second key. */
    static App twoKeys(TestApp app) {
        byte[] second = new byte[32];
        Arrays.fill(second, (byte) 2);
        String ring = "{\"k1\":\"" + Base64.getEncoder().encodeToString(new byte[32]) + "\",\"k2\":\""
                + Base64.getEncoder().encodeToString(second) + "\"}";
        return app.isolate("ENCRYPTION_KEYS", ring);
    }

    private static int post(TestApp app, App isolate, String path, String body) {
        return app.admin().at(isolate).send("POST", path, body).status();
    }

    private static Flow.Act addKey(TestApp app) {
        App both = twoKeys(app);
        return () -> post(app, both, "/api/keys", "{\"id\":\"k2\"}");
    }

    static Flow.Act activateKey(TestApp app) {
        addKey(app).run();
        app.clock().advance(Duration.ofMinutes(10));
        App both = twoKeys(app);
        return () -> post(app, both, "/api/keys/k2/activate", "{}");
    }
}
