package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.time.Duration;
import packagebroker.core.http.Response;
import packagebroker.core.testing.TestApp;

/** What several flows begin with. */
final class FlowScene {
    static final String A = "a".repeat(40);
    static final String B = "b".repeat(40);
    static final String TOOL = "/p2/acme/tool.json";
    static final String DIST = "/dist/acme/tool/1.0.0.0/r" + A + ".zip";

    private FlowScene() {}

    /** Sends something as the administrator and returns the status. */
    static int send(TestApp app, String method, String path, String body) {
        Response response = app.admin().send(method, path, body);
        response.body().cancel();
        return response.status();
    }

    /** Reads something as the administrator to its end and returns the status. */
    static int get(TestApp app, String path) {
        Response response = app.admin().get(path);
        response.body().bytes(20 << 20);
        return response.status();
    }

    /** Has the administrator make something and returns its id. */
    static String made(TestApp app, String path, String body) {
        Response response = app.admin().send("POST", path, body);
        assertThat(response.status()).as(path).isEqualTo(201);
        return json(response).text("id", 50);
    }

    /** Returns the id of a row. */
    static String id(TestApp app, String from) {
        return app.rows("SELECT id FROM " + from).get(0).text("id");
    }

    /** Makes an upstream that does not say what it offers. */
    static String silentUpstream(TestApp app) {
        app.serveStatus(UPSTREAM + "/packages.json", 500);
        String body = "{\"name\":\"u\",\"url\":\"" + UPSTREAM + "\",\"patterns\":[\"acme/*\"],"
                + "\"auth\":{\"type\":\"bearer\",\"token\":\"secret-of-it\"}}";
        return made(app, "/api/upstreams", body);
    }

    /** Makes an upstream of which everything is known but the package {@code acme/tool}. */
    static String knownUpstream(TestApp app) {
        String id = app.addUpstream("acme/*");
        app.publish("acme/warm", version("acme/warm", "1.0.0", A, ""));
        app.serve(UPSTREAM + "/a/" + A + ".zip", zip(A));
        assertThat(get(app, "/p2/acme/warm.json")).isEqualTo(200);
        app.drain();
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        return id;
    }

    /** Mirrors {@code acme/tool} with its archive, and returns the upstream's id. */
    static String mirrored(TestApp app) {
        String id = knownUpstream(app);
        assertThat(get(app, TOOL)).isEqualTo(200);
        assertThat(get(app, DIST)).isEqualTo(200);
        app.drain();
        return id;
    }

    /** Has the upstream offer something else, and time pass until it is asked again. */
    static void offersLater(TestApp app, String... versions) {
        app.publish("acme/tool", versions);
        app.clock().advance(Duration.ofMinutes(6));
    }

    /** Has a tag moved, which raises an alert; returns its id. */
    static String alert(TestApp app) {
        mirrored(app);
        offersLater(app, version("acme/tool", "1.0.0", B, ""));
        assertThat(get(app, TOOL)).isEqualTo(200);
        return id(app, "alert");
    }

    /** Sells a token, and returns its text. */
    static String customer(TestApp app) {
        Response sold = CustomerScene.make(app.admin(), "order 1", CustomerScene.limit("acme/*", "^1"));
        assertThat(sold.status()).isEqualTo(201);
        return json(sold).text("token", 100);
    }

    /** Puts people there. */
    static void people(TestApp app) {
        app.database().update(packagebroker.core.port.Statement.of("""
                INSERT INTO person (id, email, role, role_source, created_at, last_seen)
                VALUES ('o', 'o@example.com', 'owner', 'hand', 0, 0), ('v', 'v@example.com', 'viewer', 'groups', 0, 0)
                """));
    }
}
