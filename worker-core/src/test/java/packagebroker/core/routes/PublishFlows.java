package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.routes.FlowScene.TOOL;
import static packagebroker.core.routes.FlowScene.get;
import static packagebroker.core.routes.FlowScene.send;
import static packagebroker.core.routes.PublishScene.other;
import static packagebroker.core.routes.PublishScene.zip;

import java.util.List;
import packagebroker.core.audit.Action;
import packagebroker.core.testing.RawZip;
import packagebroker.core.testing.TestApp;

/** What is published here. */
final class PublishFlows {
    private static final String VERSION = "/api/packages/{vendor}/{name}/{version}";
    private static final String RELEASE = PublishScene.TOOL + "1.0.0";
    private static final byte[] LARGE = RawZip.of("{\"name\":\"acme/tool\"}")
            .stored("large", new byte[5 << 20])
            .bytes();

    private PublishFlows() {}

    static List<Flow> all() {
        return List.of(
                Flow.of("PUT " + VERSION, 201, Action.PUBLISH_VERSION, app -> () -> put(app, "1.0.0", zip("")))
                        .when("the first"),
                Flow.of("PUT " + VERSION, 201, Action.PUBLISH_VERSION, app -> {
                            published(app);
                            return () -> put(app, "1.1.0", LARGE);
                        })
                        .when("one more, in parts"),
                Flow.of("PUT " + VERSION, 201, Action.PUBLISH_VERSION, app -> {
                            put(app, "dev-main", zip(""));
                            return () -> put(app, "dev-main", other("moved"));
                        })
                        .when("a branch that moves"),
                Flow.of("PUT " + VERSION, 200, Action.PUBLISH_VERSION, app -> {
                            put(app, "dev-main", zip(""));
                            put(app, "dev-main", other("moved"));
                            return () -> put(app, "dev-main", zip(""));
                        })
                        .when("a branch that moves back"),
                Flow.of("POST " + VERSION + "/yank", 204, Action.YANK_VERSION, app -> {
                    published(app);
                    return () -> send(app, "POST", RELEASE + "/yank", "{}");
                }),
                Flow.of("DELETE " + VERSION + "/yank", 204, Action.UNYANK_VERSION, app -> {
                    published(app);
                    send(app, "POST", RELEASE + "/yank", "{}");
                    get(app, TOOL);
                    return () -> send(app, "DELETE", RELEASE + "/yank", "{}");
                }),
                Flow.of("DELETE " + VERSION, 204, Action.DELETE_VERSION, app -> {
                    published(app);
                    return () -> send(app, "DELETE", RELEASE, "{}");
                }),
                Flow.of("DELETE " + VERSION, 204, Action.DELETE_VERSION, app -> {
                            published(app);
                            return () -> send(app, "DELETE", RELEASE + "?purge=true", "{}");
                        })
                        .when("with a purge"),
                Flow.of("DELETE /api/packages/{vendor}/{name}", 204, Action.RELEASE_PACKAGE, app -> {
                            published(app);
                            return () -> send(app, "DELETE", "/api/packages/acme/tool", "{}");
                        })
                        .when("one that was published"));
    }

    private static int put(TestApp app, String version, byte[] zip) {
        return PublishScene.publish(app, version, zip).status();
    }

    private static void published(TestApp app) {
        assertThat(put(app, "1.0.0", zip(""))).isEqualTo(201);
        assertThat(get(app, TOOL)).isEqualTo(200);
    }
}
