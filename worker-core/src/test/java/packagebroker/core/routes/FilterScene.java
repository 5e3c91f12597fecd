package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** Upstreams that have filter lists, and somebody who asks for them. */
class FilterScene {
    static final String SUMMARY = UPSTREAM + "/lists/summary.json";
    static final String API = UPSTREAM + "/lists/entries";
    static final String OTHER = "https://other.example.com";
    static final String OTHER_SUMMARY = OTHER + "/lists/summary.json";
    static final String A = "a".repeat(40);
    static final String LISTS =
            "\"metadata\":true,\"lists\":{\"malware\":{\"enabled\":true},\"cooldown\":{\"enabled\":true}}";
    static final String WITH_SUMMARY = ",\"filter\":{" + LISTS + ",\"summary-url\":\"/lists/summary.json\"}";
    static final String WITH_API = ",\"filter\":{" + LISTS + ",\"api-url\":\"/lists/entries\"}";
    static final String IN_FILES = ",\"filter\":{" + LISTS + "}";
    static final String PATH = "/filter/summary.json";

    TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start("META_CACHE_SECONDS", "10");
    }

    @AfterEach
    void close() {
        app.close();
    }

    String upstream(String pattern, String root) {
        String id = app.addUpstream(pattern);
        app.serveRoot(UPSTREAM, root);
        app.drain();
        return id;
    }

    String other(String pattern, int priority, String root) {
        String id = app.addUpstream(OTHER, pattern, priority, false);
        app.serveRoot(OTHER, root);
        app.drain();
        return id;
    }

    void own(String name, String upstream) {
        app.database()
                .update(Statement.of(
                        "INSERT INTO package (name, upstream, owned_at) VALUES (?, ?, 1)", name, upstream));
    }

    void summary(String url, String filter) {
        app.serve(url, "{\"filter\":" + filter + "}");
    }

    String shown() {
        Response response = app.admin().get(PATH);
        assertThat(response.status()).isEqualTo(200);
        return text(response);
    }

    Response post(TestApp.Caller caller, List<String> urls, List<String> lists) {
        return caller.send("POST", "/filter/entries", Json.write(Json.object("packages", urls, "lists", lists)));
    }

    String asked(String... names) {
        List<String> urls = new ArrayList<>();
        for (String name : names) {
            urls.add("pkg://composer/" + name);
        }
        Response response = post(app.admin(), urls, List.of("malware", "cooldown"));
        assertThat(response.status()).isEqualTo(200);
        return text(response);
    }

    void mirror(String filter) {
        app.serve(
                UPSTREAM + "/p2/acme/tool.json",
                "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "1.0.0", A, "") + "]},\"filter\":" + filter
                        + "}");
        assertThat(app.admin().get("/p2/acme/tool.json").status()).isEqualTo(200);
    }

    boolean first(String url) {
        return app.rows(
                        "SELECT u.url FROM filter_entry e JOIN upstream u ON u.id = e.upstream WHERE e.package = 'acme/bad' "
                                + "ORDER BY e.upstream")
                .get(0)
                .text("url")
                .equals(url.substring(0, url.indexOf("/lists")));
    }

    void mirrorAgain(String filter) {
        app.clock().advance(Duration.ofMinutes(6));
        mirror(filter);
    }
}
