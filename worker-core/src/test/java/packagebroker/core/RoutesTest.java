package packagebroker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.testing.TestApp;

/** Walks the table of contents: no route forgets its permission. */
class RoutesTest {
    private static final String MALFORMED = "pkbr_00000000000000000000000000000000000000000000000000";

    static List<String> protectedRoutes() {
        return routes().stream().filter(row -> !row.endsWith("PUBLIC")).toList();
    }

    static List<String> routesBeyondReading() {
        return routes().stream()
                .filter(row -> !row.endsWith("PUBLIC")
                        && !row.endsWith(" READ")
                        && !row.endsWith("TOKEN")
                        && !row.endsWith("SETUP"))
                .toList();
    }

    private static List<String> routes() {
        return List.of(
                "GET /packages.json READ",
                "GET / READ",
                "GET /p2/{vendor}/{file} READ",
                "GET /list.json READ",
                "GET /search.json READ",
                "GET /providers/{vendor}/{file} READ",
                "POST /downloads READ",
                "GET /dist/{vendor}/{name}/{version}/{file} READ",
                "GET /metadata/changes.json READ",
                "POST /oidc/token PUBLIC",
                "GET /api/session TOKEN",
                "POST /api/session TOKEN",
                "POST /api/session/access PUBLIC",
                "DELETE /api/session TOKEN",
                "POST /security-advisories READ",
                "GET /filter/summary.json READ",
                "POST /filter/entries READ",
                "POST /api/lock READ",
                "GET /api/health PUBLIC",
                "GET /api/health/details READ_STATUS",
                "POST /api/setup PUBLIC",
                "GET /api/settings READ_STATUS",
                "PATCH /api/settings MANAGE_SETTINGS",
                "GET /api/upstreams READ_STATUS",
                "POST /api/upstreams MANAGE_UPSTREAMS",
                "GET /api/upstreams/{id} READ_STATUS",
                "PATCH /api/upstreams/{id} MANAGE_UPSTREAMS",
                "DELETE /api/upstreams/{id} MANAGE_UPSTREAMS",
                "POST /api/upstreams/{id}/test MANAGE_UPSTREAMS",
                "GET /api/upstreams/{id}/repositories READ_STATUS",
                "POST /api/upstreams/{id}/sync MANAGE_UPSTREAMS",
                "GET /api/tokens READ_AUDIT",
                "POST /api/tokens MANAGE_TOKENS",
                "PATCH /api/tokens/{id} MANAGE_TOKENS",
                "POST /api/tokens/{id}/rotate MANAGE_TOKENS",
                "DELETE /api/tokens/{id} MANAGE_TOKENS",
                "GET /api/jobs READ_STATUS",
                "GET /api/customers MANAGE_TOKENS",
                "GET /api/customers/{id} MANAGE_TOKENS",
                "DELETE /api/customers/{id} MANAGE_TOKENS",
                "GET /api/keys READ_AUDIT",
                "POST /api/keys MANAGE_KEYS",
                "POST /api/keys/{id}/activate MANAGE_KEYS",
                "POST /api/keys/{id}/retire MANAGE_KEYS",
                "GET /api/oidc-rules READ_AUDIT",
                "POST /api/oidc-rules MANAGE_TOKENS",
                "DELETE /api/oidc-rules/{id} MANAGE_TOKENS",
                "GET /api/people READ_AUDIT",
                "PATCH /api/people/{id} MANAGE_PEOPLE",
                "DELETE /api/people/{id} MANAGE_PEOPLE",
                "GET /api/packages BROWSE",
                "GET /api/packages/{vendor}/{name} BROWSE",
                "GET /api/packages/{vendor}/{name}/stats BROWSE",
                "DELETE /api/packages/{vendor}/{name} MANAGE_PACKAGES",
                "PUT /api/packages/{vendor}/{name}/{version} PUBLISH",
                "DELETE /api/packages/{vendor}/{name}/{version} MANAGE_PACKAGES",
                "POST /api/packages/{vendor}/{name}/{version}/yank PUBLISH",
                "DELETE /api/packages/{vendor}/{name}/{version}/yank PUBLISH",
                "GET /api/alerts READ_STATUS",
                "POST /api/alerts/{id}/accept MANAGE_PACKAGES",
                "POST /api/alerts/{id}/dismiss MANAGE_PACKAGES",
                "GET /api/advisories BROWSE",
                "POST /api/advisories MANAGE_PACKAGES",
                "GET /api/advisories/{id} BROWSE",
                "PATCH /api/advisories/{id} MANAGE_PACKAGES",
                "DELETE /api/advisories/{id} MANAGE_PACKAGES",
                "GET /api/audit READ_AUDIT",
                "GET /api/audit/export READ_AUDIT",
                "GET /api/audit/checkpoints READ_AUDIT",
                "GET /api/audit/verify READ_AUDIT",
                "GET /api/audit/key TOKEN",
                "GET /api/evidence/access READ_AUDIT",
                "GET /api/evidence/config READ_AUDIT",
                "GET /api/evidence/ledger READ_AUDIT",
                "GET /api/reviews READ_AUDIT",
                "POST /api/reviews MANAGE_PEOPLE",
                "GET /api/reviews/{id} READ_AUDIT",
                "GET /api/reviews/{id}/snapshot READ_AUDIT",
                "POST /api/reviews/{id}/decisions MANAGE_PEOPLE",
                "POST /api/reviews/{id}/close MANAGE_PEOPLE",
                "GET /api/freeze READ_STATUS",
                "POST /api/freeze MANAGE_SETTINGS",
                "DELETE /api/freeze MANAGE_SETTINGS",
                "POST /api/tokens/revoke MANAGE_TOKENS",
                "GET /api/backup BACKUP",
                "GET /api/backup/rows BACKUP",
                "GET /api/backup/objects/{room}/{object} BACKUP",
                "POST /api/backup BACKUP",
                "POST /api/backup/drills BACKUP",
                "POST /api/restore SETUP",
                "DELETE /api/restore SETUP",
                "GET /api/restore/rows SETUP",
                "POST /api/restore/rows SETUP",
                "GET /api/restore/objects/{room}/{object} SETUP",
                "PUT /api/restore/objects/{room}/{object} SETUP",
                "POST /api/restore/finish SETUP");
    }

    private static Response call(TestApp.Caller caller, String row) {
        String[] parts = row.split(" ", -1);
        String path = parts[1].replace("{file}", "tool.json")
                .replace("{vendor}", "acme")
                .replace("{name}", "tool");
        path = path.replace("{version}", "1.0.0.0").replace("{id}", "none");
        path = path.replace("{room}", "artifact").replace("{object}", "none");
        return parts[0].equals("GET") ? caller.get(path) : caller.send(parts[0], path, "{}");
    }

    @Test
    void theTableIsTheOneThatIsTestedHere() {
        try (TestApp app = TestApp.start()) {
            assertThat(app.product().routes()).containsExactlyInAnyOrderElementsOf(routes());
        }
    }

    @ParameterizedTest
    @MethodSource("protectedRoutes")
    void answers401WithoutAGoodToken(String row) {
        try (TestApp app = TestApp.start()) {
            TestApp.Caller stranger = app.as(tokenOfAnotherInstance());
            for (TestApp.Caller caller : List.of(app.anonymous(), app.as("nonsense"), app.as(MALFORMED), stranger)) {
                Response response = call(caller, row);
                assertThat(response.status()).isEqualTo(401);
                assertThat(response.findHeader("www-authenticate")).startsWith("Basic ");
                assertThat(response.findHeader("content-type")).isEqualTo("application/json");
            }
        }
    }

    private static String tokenOfAnotherInstance() {
        try (TestApp other = TestApp.start()) {
            return other.token("*");
        }
    }

    @ParameterizedTest
    @MethodSource("protectedRoutes")
    void asksNoDatabaseWithoutAWellFormedToken(String row) {
        try (TestApp app = TestApp.start()) {
            app.drain();
            long before = app.counts().of("d1_round_trips");
            for (TestApp.Caller caller : List.of(app.anonymous(), app.as("nonsense"), app.as(MALFORMED))) {
                assertThat(call(caller, row).status()).isEqualTo(401);
            }
            assertThat(app.counts().of("d1_round_trips")).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void answers405WithWhatThePathHasAnd401First(String row) {
        try (TestApp app = TestApp.start()) {
            String other = "TRACE" + row.substring(row.indexOf(' '));
            assertThat(call(app.anonymous(), other).status()).isEqualTo(401);
            Response response = call(app.admin(), other);
            assertThat(response.status()).isEqualTo(405);
            assertThat(TestApp.text(response)).contains(row.substring(0, row.indexOf(' ')));
        }
    }

    @ParameterizedTest
    @MethodSource("routesBeyondReading")
    void answers403ToAReader(String row) {
        try (TestApp app = TestApp.start()) {
            assertThat(call(app.as(app.token("*")), row).status()).isEqualTo(403);
        }
    }

    @Test
    void asksNothingAboutAMalformedToken() {
        try (TestApp app = TestApp.start()) {
            app.drain();
            long before = app.counts().of("d1_round_trips");
            for (String token : List.of("", "x", MALFORMED, "pkbr_" + "é".repeat(49), "a".repeat(900))) {
                assertThat(app.as(token).get("/packages.json").status()).isEqualTo(401);
            }
            assertThat(app.counts().of("d1_round_trips")).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x",
                "/api",
                "/api/nothing",
                "/p2/acme",
                "/p2//tool.json",
                "/dist/a/b/c",
                "/x/packages.json",
                "/x/p2/acme/tool.json",
                "/packages.json/",
                "//packages.json",
                "/p/acme/tool$abc.json",
                "/p/acme/tool%24abc.json",
                "/p/provider-latest$abc.json"
            })
    void hidesWhatIsNotThereBehindTheToken(String path) {
        try (TestApp app = TestApp.start()) {
            assertThat(app.anonymous().get(path).status()).isEqualTo(401);
            assertThat(app.admin().get(path).status()).isEqualTo(404);
        }
    }

    @Test
    void answers405ToAMethodThatARouteDoesNotHave() {
        try (TestApp app = TestApp.start()) {
            assertThat(app.admin().send("DELETE", "/packages.json", "{}").status())
                    .isEqualTo(405);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "{}",
                "{\"k2\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}",
                "{\"k1\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\"}",
                "{\"k1\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
                "{\"k1\":\"!\"}"
            })
    void answers503ToEverythingButHealthWithABadKeyRing(String ring) {
        try (TestApp app = TestApp.fresh("ENCRYPTION_KEYS", ring)) {
            Response health = app.anonymous().get("/api/health");
            assertThat(health.status()).isEqualTo(503);
            assertThat(TestApp.text(health)).contains("\"status\":\"failing\"").contains("\"database\":\"ok");
            for (String row : routes()) {
                Response response = row.contains("/api/health ") ? null : call(app.anonymous(), row);
                if (response != null) {
                    assertThat(response.status()).as(row).isEqualTo(503);
                    assertThat(TestApp.text(response)).contains("\"bad_key\"");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "!",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void answers503ToEverythingButHealthWithABadSigningKey(String key) {
        try (TestApp app = TestApp.fresh("AUDIT_SIGNING_KEY", key)) {
            Response health = app.anonymous().get("/api/health");
            assertThat(health.status()).isEqualTo(503);
            assertThat(TestApp.text(health)).contains("AUDIT_SIGNING_KEY");
            for (String row : routes()) {
                Response response = row.contains("/api/health ") ? null : call(app.anonymous(), row);
                if (response != null) {
                    assertThat(response.status()).as(row).isEqualTo(503);
                }
            }
            app.product().scheduled();
            assertThat(app.count("seal")).isZero();
        }
    }

    @Test
    void aRequestForAnotherHostIsForNobodyHere() {
        try (TestApp app = TestApp.start()) {
            Response changed =
                    app.admin().send("PATCH", "/api/settings", "{\"base_url\":\"https://other.example.org\"}");
            assertThat(changed.status()).isEqualTo(200);
            assertThat(app.admin().get("/packages.json").status()).isEqualTo(404);
            Response back = app.admin().send("PATCH", "/api/settings", "{\"base_url\":\"" + TestApp.BASE + "\"}");
            assertThat(back.status()).isEqualTo(200);
            assertThat(app.admin().get("/packages.json").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void aBaseUrlBelowAnAddressOfOursIsRefused(String row) {
        try (TestApp app = TestApp.start()) {
            String pattern = row.split(" ", -1)[1];
            String first = pattern.split("/", -1)[1];
            for (String path : List.of("/" + first, "/x/" + first)) {
                String body = "{\"base_url\":\"" + TestApp.BASE + path + "\"}";
                if (pattern.contains("{")) {
                    assertThat(app.admin().send("PATCH", "/api/settings", body).status())
                            .as(path)
                            .isEqualTo(422);
                }
            }
        }
    }

    @Test
    void aChangeLeavesOneAuditRowAndARefusalNone() {
        try (TestApp app = TestApp.start()) {
            long before = app.count("audit");
            app.addUpstream("acme/*");
            app.token("*");
            assertThat(app.count("audit")).isEqualTo(before + 2);
            app.admin().send("POST", "/api/tokens", "{\"name\":\"x\"}");
            app.admin().send("DELETE", "/api/tokens/none", "{}");
            assertThat(app.count("audit")).isEqualTo(before + 2);
        }
    }

    @Test
    void readsAreRecordedInSegmentsWithoutGaps() {
        try (TestApp app = TestApp.start()) {
            app.drain();
            long before = app.rows("SELECT SUM(events) AS n FROM audit_segment")
                    .get(0)
                    .number("n");
            for (int i = 0; i < 3; i++) {
                app.admin().get("/packages.json");
            }
            app.anonymous().get("/packages.json");
            app.drain();
            assertThat(app.rows("SELECT SUM(events) AS n FROM audit_segment")
                            .get(0)
                            .number("n"))
                    .isEqualTo(before + 4);
            String body = app.rows("SELECT body FROM audit_segment ORDER BY first DESC")
                    .get(0)
                    .text("body");
            assertThat(body).contains("read.root").contains("anonymous").contains("\t401\t");
        }
    }
}
