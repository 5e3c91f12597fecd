package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;

import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.testing.RawZip;
import packagebroker.core.testing.TestApp;

/** An instance that somebody publishes to. */
final class PublishScene {
    static final String TOOL = "/api/packages/acme/tool/";

    private PublishScene() {}

    /** Returns the archive of a version of acme/tool. */
    static byte[] zip(String more) {
        return RawZip.of("{\"name\":\"acme/tool\",\"description\":\"a tool\",\"require\":{\"php\":\">=8.1\"}" + more
                        + "}")
                .bytes();
    }

    /** Returns the archive of one that differs from others by a word. */
    static byte[] other(String word) {
        return zip(",\"extra\":{\"word\":\"" + word + "\"}");
    }

    /** Makes a token and returns who has it. */
    static TestApp.Caller publisher(TestApp app, String kind, String pattern) {
        Response made = app.admin()
                .send(
                        "POST",
                        "/api/tokens",
                        Json.write(Json.object("name", "p", "kind", kind, "patterns", java.util.List.of(pattern))));
        assertThat(made.status()).isEqualTo(201);
        return app.as(json(made).text("token", 100));
    }

    /** Publishes acme/tool as who deployed the instance. */
    static Response publish(TestApp app, String version, byte[] zip) {
        return put(app.admin(), TOOL + version, zip);
    }

    static Response put(TestApp.Caller caller, String path, byte[] zip) {
        return caller.send("PUT", path, "application/octet-stream", zip);
    }
}
