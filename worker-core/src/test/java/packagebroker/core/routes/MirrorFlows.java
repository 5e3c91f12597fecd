package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.routes.FlowScene.A;
import static packagebroker.core.routes.FlowScene.B;
import static packagebroker.core.routes.FlowScene.DIST;
import static packagebroker.core.routes.FlowScene.TOOL;
import static packagebroker.core.routes.FlowScene.get;
import static packagebroker.core.routes.FlowScene.knownUpstream;
import static packagebroker.core.routes.FlowScene.mirrored;
import static packagebroker.core.routes.FlowScene.offersLater;
import static packagebroker.core.routes.FlowScene.send;
import static packagebroker.core.testing.TestApp.BASE;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.util.Arrays;
import java.util.List;
import packagebroker.core.audit.Action;
import packagebroker.core.testing.TestApp;

/** What comes in because a client asks for it. */
final class MirrorFlows {
    private static final String METADATA = "GET /p2/{vendor}/{file}";
    private static final String ARCHIVE = "GET /dist/{vendor}/{name}/{version}/{file}";

    private MirrorFlows() {}

    static List<Flow> all() {
        return List.of(
                Flow.of(METADATA, 200, Action.MIRROR_DOCUMENT, app -> {
                            knownUpstream(app);
                            return () -> get(app, TOOL);
                        })
                        .when("a new package"),
                Flow.of(METADATA, 200, Action.MIRROR_DOCUMENT, app -> {
                            mirrored(app);
                            offersLater(
                                    app, version("acme/tool", "1.1.0", B, ""), version("acme/tool", "1.0.0", A, ""));
                            return () -> get(app, TOOL);
                        })
                        .when("a new version"),
                Flow.of(METADATA, 200, Action.REFUSE_RETAG, app -> {
                            mirrored(app);
                            offersLater(app, version("acme/tool", "1.0.0", B, ""));
                            return () -> get(app, TOOL);
                        })
                        .when("a tag that was moved")
                        .logging(Action.MIRROR_DOCUMENT, Action.REFUSE_RETAG),
                Flow.of(METADATA, 200, "", app -> {
                            knownUpstream(app);
                            String branch = version("acme/tool", "dev-main", B, "");
                            app.serve(
                                    UPSTREAM + "/p2/acme/tool~dev.json",
                                    "{\"packages\":{\"acme/tool\":[" + branch + "]}}");
                            return () -> get(app, "/p2/acme/tool~dev.json");
                        })
                        .when("branches first")
                        .logging(Action.MIRROR_DOCUMENT, Action.MIRROR_DOCUMENT)
                        .inStages(2),
                Flow.of(METADATA, 200, "", app -> {
                            mirrored(app);
                            TestApp.Caller customer = app.as(FlowScene.customer(app));
                            return () -> customer.get(TOOL).status();
                        })
                        .when("a view"),
                Flow.of(ARCHIVE, 200, Action.MIRROR_DIST, app -> {
                            knownUpstream(app);
                            get(app, TOOL);
                            return () -> get(app, DIST);
                        })
                        .when("small"),
                Flow.of(ARCHIVE, 200, Action.MIRROR_DIST, app -> {
                            knownUpstream(app);
                            get(app, TOOL);
                            app.serve(UPSTREAM + "/a/" + A + ".zip", Arrays.copyOf(zip("large"), (5 << 20) + 1));
                            return () -> get(app, DIST);
                        })
                        .when("in parts"),
                Flow.of(ARCHIVE, 502, Action.REFUSE_DIST, app -> {
                            knownUpstream(app);
                            app.publish(
                                    "acme/tool",
                                    version("acme/tool", "1.0.0", A, "")
                                            .replace("\"shasum\":\"\"", "\"shasum\":\"" + B + "\""));
                            get(app, TOOL);
                            return () -> get(app, DIST);
                        })
                        .when("wrong bytes"),
                Flow.of("POST /api/lock", 200, Action.MIRROR_DOCUMENT, app -> {
                    knownUpstream(app);
                    String dist = "{\"type\":\"zip\",\"url\":\"" + BASE + DIST + "\",\"reference\":\"" + A + "\"}";
                    String lock = "{\"packages\":[{\"name\":\"acme/tool\",\"version\":\"1.0.0\",\"dist\":" + dist
                            + "}],\"packages-dev\":[]}";
                    return () -> send(app, "POST", "/api/lock", lock);
                }),
                Flow.of("POST /downloads", 200, "", app -> {
                            mirrored(app);
                            String body = "{\"downloads\":[{\"name\":\"acme/tool\",\"version\":\"1.0.0.0\"}]}";
                            return () -> send(app, "POST", "/downloads", body);
                        })
                        .watching("tally"),
                Flow.of("POST /security-advisories", 200, "", app -> {
                    AdvisoryScene scene = new AdvisoryScene();
                    scene.app = app;
                    scene.own("acme/tool", scene.upstreamWithApi("acme/*"));
                    scene.answers(AdvisoryScene.API, "{\"acme/tool\":[" + AdvisoryScene.advisory("PKSA-1", "") + "]}");
                    return () -> scene.post(app.admin(), "packages[]=acme/tool").status();
                }),
                Flow.of("POST /filter/entries", 200, "", app -> {
                    FilterScene scene = new FilterScene();
                    scene.app = app;
                    scene.own("acme/bad", scene.upstream("acme/*", FilterScene.WITH_API));
                    app.serve(
                            FilterScene.API,
                            "{\"filter\":{\"malware\":[{\"package\":\"acme/bad\",\"constraint\":\"1.0.0\"}]}}");
                    List<String> urls = List.of("pkg://composer/acme/bad");
                    return () ->
                            scene.post(app.admin(), urls, List.of("malware")).status();
                }),
                Flow.of("GET /filter/summary.json", 200, "", app -> {
                    FilterScene scene = new FilterScene();
                    scene.app = app;
                    scene.own("acme/bad", scene.upstream("acme/*", FilterScene.WITH_SUMMARY));
                    scene.summary(FilterScene.SUMMARY, "{\"malware\":{\"acme/bad\":\"1.0.0\"}}");
                    return () -> get(app, FilterScene.PATH);
                }),
                Flow.of("GET /api/audit/export", 200, "", app -> {
                            app.cutOff();
                            assertThat(app.count("seal")).isZero();
                            return () -> get(app, "/api/audit/export");
                        })
                        .when("what was not sealed")
                        .watching("seal"));
    }
}
