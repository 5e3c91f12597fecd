package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.testing.TestApp;

/** Makes audit logs and reads them. */
final class AuditLogs {
    static final String SETTINGS = "{\"base_url\":\"" + TestApp.BASE + "\"}";

    private AuditLogs() {}

    /** Lets a quarter of an hour pass, with the background's work before and after: the first only makes the jobs. */
    static void work(TestApp app) {
        app.product().scheduled();
        app.clock().advance(Duration.ofMinutes(15));
        app.product().scheduled();
    }

    static List<JsonObject> lines(Response export) {
        assertThat(export.status()).isEqualTo(200);
        return text(export)
                .lines()
                .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    static List<String> types(List<JsonObject> lines) {
        return lines.stream().map(line -> line.text("type", 10)).toList();
    }

    /** Makes a log of some days: each day ten changes and ten reads, all sealed. */
    static void days(TestApp app, int days) {
        for (int day = 0; day < days; day++) {
            for (int i = 0; i < 5; i++) {
                app.admin().send("PATCH", "/api/settings", SETTINGS);
                app.admin().get("/packages.json");
                app.drain();
                work(app);
                app.clock().advance(Duration.ofHours(4));
            }
            app.clock().advance(Duration.ofHours(4));
            app.drain();
            work(app);
        }
    }

    static JsonObject verified(TestApp app) {
        Response response = app.admin().get("/api/audit/verify");
        assertThat(response.status()).isEqualTo(200);
        return json(response);
    }
}
