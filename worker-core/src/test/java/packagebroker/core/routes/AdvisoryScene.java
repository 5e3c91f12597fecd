package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.testing.TestApp;

/** Upstreams that have advisories, and somebody who asks for them. */
class AdvisoryScene {
    static final String API = UPSTREAM + "/api/advisories";
    static final String OTHER = "https://other.example.com";
    static final String OTHER_API = OTHER + "/advisories";
    static final String A = "a".repeat(40);

    TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start("META_CACHE_SECONDS", "10");
    }

    @AfterEach
    void close() {
        app.close();
    }

    static String advisory(String id, String more) {
        return "{\"advisoryId\":\"" + id
                + "\",\"packageName\":\"x\",\"affectedVersions\":\">=1.0,<1.5\",\"title\":\"bad\","
                + "\"sources\":[{\"name\":\"s\",\"remoteId\":\"" + id + "\"}],\"reportedAt\":\"2026-01-01 00:00:00\""
                + more
                + "}";
    }

    String upstreamWithApi(String pattern) {
        String id = app.addUpstream(pattern);
        app.serveRoot(UPSTREAM, ",\"security-advisories\":{\"metadata\":true,\"api-url\":\"/api/advisories\"}");
        app.drain();
        return id;
    }

    String otherWithApi(String pattern, int priority, boolean exclusive) {
        String id = app.addUpstream(OTHER, pattern, priority, exclusive);
        app.serveRoot(OTHER, ",\"security-advisories\":{\"api-url\":\"/advisories\"}");
        app.drain();
        return id;
    }

    void own(String name, String upstream) {
        app.database()
                .update(packagebroker.core.port.Statement.of(
                        "INSERT INTO package (name, upstream, owned_at) VALUES (?, ?, 1)", name, upstream));
    }

    void answers(String url, String advisories) {
        app.serve(url, "{\"advisories\":" + advisories + "}");
    }

    Response post(TestApp.Caller caller, String form) {
        return caller.send(
                "POST",
                "/security-advisories",
                "application/x-www-form-urlencoded",
                form.getBytes(StandardCharsets.UTF_8));
    }

    String asked(String... names) {
        List<String> fields = new ArrayList<>();
        for (String name : names) {
            fields.add("packages[]=" + name);
        }
        Response response = post(app.admin(), String.join("&", fields));
        assertThat(response.status()).isEqualTo(200);
        return text(response);
    }

    List<String> forms(String url) {
        List<String> forms = new ArrayList<>();
        for (Request request : app.upstream().requestsTo(url)) {
            forms.add(new String(request.body().bytes(1_000_000), StandardCharsets.UTF_8));
        }
        return forms;
    }

    static String document(String advisories) {
        return "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "1.0.0", A, "") + "]},\"security-advisories\":"
                + advisories + "}";
    }
}
