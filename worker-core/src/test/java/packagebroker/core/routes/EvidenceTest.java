package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** {@code /api/evidence}: what an auditor takes along. */
class EvidenceTest {
    private static final String SECRET = "a-secret-of-the-webhook";
    private final TestApp app = TestApp.start("BUILD", "0123abc+feed", "AUDIT_RETENTION_DAYS", "500");

    @AfterEach
    void close() {
        app.close();
    }

    @Test
    void theMatrixHasEveryRouteWithTheRolesThatMayCallIt() {
        JsonObject matrix = json(app.admin().get("/api/evidence/access"));
        List<String> rows = new ArrayList<>();
        for (JsonObject row : matrix.objects("routes")) {
            rows.add(row.text("method", 10) + " " + row.text("path", 100));
            List<String> roles = row.findTexts("roles", 20);
            switch (row.text("right", 30)) {
                case "none", "any", "read" -> assertThat(roles).hasSize(5);
                case "setup" -> assertThat(roles).isEmpty();
                case "manage_people" -> assertThat(roles).containsExactly("owner");
                case "read_audit" -> assertThat(roles).containsExactly("owner", "admin", "auditor");
                default -> assertThat(roles).contains("owner");
            }
            if (row.flag("change", false)) {
                assertThat(row.text("action", 40)).contains(".");
            }
        }
        List<String> listed = app.product().routes().stream()
                .map(row -> row.substring(0, row.lastIndexOf(' ')))
                .toList();
        assertThat(rows).containsExactlyElementsOf(listed);
        assertThat(matrix.findTexts("whole_instance", 30)).contains("read_audit", "manage_keys");
    }

    @Test
    void theConfigurationShowsNoSecretAndSaysWhatIsRemarkable() {
        app.addUpstream("*");
        try (TestApp other = TestApp.start(
                "UPSTREAM_ALLOW",
                "http://plain.example.com",
                "AUDIT_WEBHOOK_URL",
                "https://siem.example.com/?key=canary-of-the-url",
                "AUDIT_WEBHOOK_SECRET",
                SECRET)) {
            other.serveRoot("http://plain.example.com");
            other.addUpstream("http://plain.example.com", "acme/*", 10, true);
            String shown = text(other.admin().get("/api/evidence/config"));
            assertThat(shown)
                    .contains("\"AUDIT_WEBHOOK_URL\":true", "\"tls\":false", "is reached without TLS")
                    .contains("UPSTREAM_ALLOW lets", "\"SETUP_SECRET\":true", "does not say which build")
                    .doesNotContain("canary-of-the-url", SECRET, "setup-secret-of-the-test");
        }
        String shown = text(app.admin().get("/api/evidence/config"));
        assertThat(shown)
                .contains(
                        "\"build\":\"0123abc+feed\"",
                        "\"AUDIT_RETENTION_DAYS\":500",
                        "\"tls\":true",
                        "\"auth\":\"none\"")
                .contains("nobody else keeps checkpoints")
                .doesNotContain("without TLS");
    }

    @Test
    void eachBuildAndConfigurationLeavesOneRowWithTheCronAndNoneWithARequest() {
        app.admin().get("/packages.json");
        assertThat(app.count("deployment")).isZero();
        assertThat(text(app.admin().get("/api/evidence/config"))).contains("another one than the log last saw");
        app.work(3);
        app.isolate().scheduled();
        assertThat(app.count("deployment")).isEqualTo(1);
        assertThat(app.count("audit WHERE action = 'activate.deployment' AND target = '0123abc+feed'"))
                .isEqualTo(1);
        assertThat(text(app.admin().get("/api/evidence/config"))).doesNotContain("another one than the log last saw");
        app.database().update(Statement.of("UPDATE deployment SET build = 'older'"));
        app.isolate().scheduled();
        JsonObject config = json(app.admin().get("/api/evidence/config"));
        assertThat(config.objects("deployments")).hasSize(2);
        assertThat(config.objects("deployments").get(0).text("config_sha256", 64))
                .isEqualTo(config.text("config_sha256", 64));
    }

    @Test
    void theLedgerIsListedFromEndToEnd() {
        app.addUpstream("*");
        String a = "a".repeat(40);
        app.serve(UPSTREAM + "/a/" + a + ".zip", TestApp.zip("a"));
        app.publish("acme/tool", TestApp.version("acme/tool", "1.0.0", a, ""));
        app.admin().get("/dist/acme/tool/1.0.0.0/r" + a + ".zip").body().cancel();
        JsonObject first = json(app.admin().get("/api/evidence/ledger"));
        assertThat(first.objects("versions")).hasSize(1);
        assertThat(first.objects("versions").get(0).text("sha256", 64)).hasSize(64);
        app.database().update(Statement.of("""
                        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
                        INSERT INTO version (package, version, reference, type, artifact, sha256, sha1, size, upstream, first_seen, state)
                        SELECT 'bulk/p' || (i % 7), '1.' || i || '.0.0', 'r' || i, 'zip', 'x', 's', 's', 1, 'u', 1, 'stored' FROM n
                        """));
        int found = 0;
        String after = "";
        do {
            String page = text(app.admin().get("/api/evidence/ledger?after=" + after));
            found += page.split("\"first_seen\"", -1).length - 1;
            int next = page.indexOf("\"next\":\"");
            after = next < 0 ? "" : page.substring(next + 8, page.indexOf('"', next + 8));
        } while (!after.isEmpty());
        assertThat(found).isEqualTo(1_501);
        assertThat(app.admin().get("/api/evidence/ledger?after=x").status()).isEqualTo(400);
    }
}
