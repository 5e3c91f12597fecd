package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.testing.TestApp;

/** {@code /api/setup}, {@code /api/tokens}, {@code /api/upstreams}, {@code /packages.json}. */
class AdministrationTest {
    private static final String REFERENCE = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String SETUP =
            "{\"secret\":\"setup-secret-of-the-test\",\"base_url\":\"" + TestApp.BASE + "\"}";

    @Test
    void onlyTheFirstSetupWins() {
        try (TestApp app = TestApp.fresh()) {
            int won = 0;
            for (int i = 0; i < 100; i++) {
                int status = app.anonymous().send("POST", "/api/setup", SETUP).status();
                assertThat(status).isIn(201, 409);
                won += status == 201 ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
            assertThat(app.count("token WHERE kind <> 'break_glass'")).isEqualTo(1);
            assertThat(app.count("audit")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"secret\":\"wrong\",\"base_url\":\"https://a.example\"} | 401",
                "{\"base_url\":\"https://a.example\"} | 422",
                "{\"secret\":\"setup-secret-of-the-test\"} | 422",
                "{\"secret\":\"setup-secret-of-the-test\",\"base_url\":\"ftp://a.example\"} | 422",
                "{\"secret\":\"setup-secret-of-the-test\",\"base_url\":\"https://u:p@a.example\"} | 422",
                "{\"secret\":\"setup-secret-of-the-test\",\"base_url\":\"https://a.example/?x\"} | 422",
                "{\"secret\":\"setup-secret-of-the-test\",\"base_url\":\"nonsense\"} | 422",
                "[] | 422",
                "{ | 400",
            })
    void aSetupThatIsNotRightSetsNothingUp(String body, int status) {
        try (TestApp app = TestApp.fresh()) {
            assertThat(app.anonymous().send("POST", "/api/setup", body).status())
                    .isEqualTo(status);
            assertThat(app.count("token WHERE kind <> 'break_glass'")).isZero();
            assertThat(app.count("setting")).isZero();
        }
    }

    @Test
    void withoutASecretThereIsNoSetup() {
        try (TestApp app = TestApp.fresh("SETUP_SECRET", "")) {
            assertThat(app.anonymous()
                            .send("POST", "/api/setup", SETUP.replace("setup-secret-of-the-test", "x"))
                            .status())
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | 400",
                "nul | 400",
                "{'name':'x'} | 400",
                "{\"a\":01} | 400",
                "{\"a\":NaN} | 400",
                "{} {} | 400",
                "\"x\" | 422",
                "0 | 422",
                "{\"name\":\"\",\"kind\":\"read\",\"patterns\":[\"*\"]} | 422",
                "{\"name\":\"x\",\"name\":\"y\",\"kind\":\"read\",\"patterns\":[\"*\"]} | 400",
                "{\"name\":\"x\",\"kind\":\"read\",\"patterns\":[\"*\"],\"role\":\"owner\"} | 422",
                "{\"name\":\"x\",\"kind\":\"read\",\"patterns\":[\"*\"],\"hash\":\"00\"} | 422",
                "{\"name\":\"x\",\"kind\":\"root\",\"patterns\":[\"*\"]} | 422",
                "{\"name\":\"x\",\"kind\":\"read\",\"patterns\":\"*\"} | 422",
                "{\"name\":\"x\",\"kind\":\"read\",\"patterns\":[\"*\",null]} | 422",
                "{\"name\":\"x\",\"kind\":\"read\",\"patterns\":[]} | 422",
                "{\"name\":\"x\",\"kind\":\"read\",\"patterns\":[\"**\"]} | 422",
                "{\"name\":\"x\",\"kind\":\"read\",\"patterns\":[\"*\"],\"expires_at\":1e309} | 422",
                "{\"name\":\"x\",\"kind\":\"read\",\"patterns\":[\"*\"],\"expires_at\":-1} | 422",
                "{\"name\":\"x\",\"kind\":\"read\",\"patterns\":[\"*\"],\"expires_in_days\":367} | 422",
                "{\"name\":\"x\",\"kind\":\"read\",\"patterns\":[\"*\"],\"expires_in_days\":0} | 422",
                "{\"name\":\"\\ud800\",\"kind\":\"read\",\"patterns\":[\"*\"]} | 422",
                "{\"name\":\"a\\u0000b\",\"kind\":\"read\",\"patterns\":[\"*\"]} | 422",
                "{\"name\":\"\\u202Egpj.exe\",\"kind\":\"read\",\"patterns\":[\"*\"]} | 422",
            })
    void aTokenIsNotMadeFromABadBody(String body, int status) {
        try (TestApp app = TestApp.start()) {
            assertThat(app.admin().send("POST", "/api/tokens", body).status()).isEqualTo(status);
            assertThat(app.count("token WHERE kind <> 'break_glass'")).isEqualTo(1);
        }
    }

    @Test
    void deepAndHugeBodiesAreRefused() {
        try (TestApp app = TestApp.start()) {
            assertThat(app.admin()
                            .send("POST", "/api/tokens", "[".repeat(100_000))
                            .status())
                    .isEqualTo(400);
            assertThat(app.admin()
                            .send("POST", "/api/tokens", "{\"a\":" + "9".repeat(300_000) + "}")
                            .status())
                    .isEqualTo(413);
            assertThat(app.admin()
                            .send("POST", "/api/tokens", "{\"a\":[" + "1,".repeat(20_000) + "1]}")
                            .status())
                    .isEqualTo(400);
        }
    }

    @Test
    void aTokenIsShownOnceAndKeptAsAHash() {
        try (TestApp app = TestApp.start()) {
            String token = app.token("acme/*");
            assertThat(token).matches("pkbr_[0-9A-Za-z]{49}");
            assertThat(text(app.admin().get("/api/tokens")))
                    .doesNotContain(token)
                    .contains("acme/*");
            assertThat(app.rows("SELECT hash FROM token"))
                    .noneMatch(row -> row.text("hash").contains(token));
        }
    }

    @Test
    void aTokenEnds() {
        try (TestApp app = TestApp.start()) {
            String token = app.token("*");
            assertThat(app.as(token).get("/packages.json").status()).isEqualTo(200);
            app.clock().advance(Duration.ofDays(91));
            Response response = app.as(token).get("/packages.json");
            assertThat(response.status()).isEqualTo(401);
            assertThat(text(response)).contains("token_expired").contains("\"warning\"");
        }
    }

    @Test
    void aRevokedTokenIsRefusedAtOnceInTheSameIsolateAlthoughItWasRemembered() {
        try (TestApp app = TestApp.start("AUTH_CACHE_SECONDS", "60", "META_CACHE_SECONDS", "10")) {
            String token = app.token("*");
            assertThat(app.as(token).get("/packages.json").status()).isEqualTo(200);
            String id =
                    app.rows("SELECT id FROM token WHERE kind = 'read'").get(0).text("id");
            assertThat(app.admin().send("DELETE", "/api/tokens/" + id, "{}").status())
                    .isEqualTo(204);
            assertThat(text(app.as(token).get("/packages.json"))).contains("token_revoked");
            assertThat(app.admin().send("DELETE", "/api/tokens/" + id, "{}").status())
                    .isEqualTo(404);
        }
    }

    @Test
    void useIsNotedOnceAnHourAndCostsARememberedTokenNothing() {
        try (TestApp app = TestApp.start("AUTH_CACHE_SECONDS", "60", "META_CACHE_SECONDS", "10")) {
            String token = app.token("*");
            app.as(token).get("/packages.json");
            app.drain();
            long before = app.counts().of("d1_round_trips");
            for (int i = 0; i < 10; i++) {
                assertThat(app.as(token).get("/packages.json").status()).isEqualTo(200);
            }
            assertThat(app.counts().of("d1_round_trips")).isEqualTo(before);
            app.drain();
            assertThat(app.rows("SELECT last_used FROM token WHERE kind = 'read'")
                            .get(0)
                            .number("last_used"))
                    .isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"basic\",\"username\":\"u\",\"password\":\"s3cr3t-pw\"}",
                "{\"type\":\"bearer\",\"token\":\"s3cr3t-pw\"}",
                "{\"type\":\"header\",\"name\":\"X-Key\",\"value\":\"s3cr3t-pw\"}"
            })
    void aCredentialGoesInAndToItsOriginAndNowhereElse(String auth) {
        try (TestApp app = TestApp.start()) {
            app.log().forbid("s3cr3t-pw");
            String id = app.addUpstream("acme/*");
            Response changed = app.admin().send("PATCH", "/api/upstreams/" + id, "{\"auth\":" + auth + "}");
            assertThat(text(changed)).doesNotContain("s3cr3t-pw");
            assertThat(app.rows("SELECT sealed FROM credential").get(0).text("sealed"))
                    .doesNotContain("s3cr3t-pw");
            app.publish("acme/tool", version("acme/tool", "1.0.0", REFERENCE, ""));
            app.upstream()
                    .serves(
                            UPSTREAM + "/p2/acme/tool.json",
                            request -> new Response(
                                    302, Headers.of("location", "https://cdn.example.com/tool.json"), Body.empty()));
            app.serve(
                    "https://cdn.example.com/tool.json",
                    "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "1.0.0", REFERENCE, "") + "]}}");
            assertThat(app.admin().get("/p2/acme/tool.json").status()).isEqualTo(200);
            String field = auth.contains("X-Key") ? "x-key" : "authorization";
            assertThat(app.upstream()
                            .requestsTo(UPSTREAM + "/p2/acme/tool.json")
                            .get(0)
                            .findHeader(field))
                    .isNotNull();
            assertThat(app.upstream()
                            .requestsTo("https://cdn.example.com/tool.json")
                            .get(0)
                            .findHeader(field))
                    .isNull();
            app.serveRoot("https://other.example.com");
            app.admin().send("PATCH", "/api/upstreams/" + id, "{\"url\":\"https://other.example.com\"}");
            assertThat(app.count("credential")).isZero();
        }
    }

    @Test
    void testingAnUpstreamTellsAWordAndNoMore() {
        try (TestApp app = TestApp.start()) {
            String id = app.addUpstream("acme/*");
            app.serveStatus(UPSTREAM + "/p2/package-broker/connection-test.json", 404);
            assertThat(text(app.admin().send("POST", "/api/upstreams/" + id + "/test", "{}")))
                    .isEqualTo("{\"ok\":true}");
            for (Map.Entry<Integer, String> row :
                    Map.of(401, "denied", 500, "failing", 404, "untrusted").entrySet()) {
                app.serveStatus(UPSTREAM + "/packages.json", row.getKey());
                assertThat(text(app.admin().send("POST", "/api/upstreams/" + id + "/test", "{}")))
                        .isEqualTo("{\"ok\":false,\"problem\":\"" + row.getValue() + "\"}");
            }
        }
    }

    @Test
    void anUpstreamIsListedChangedAndDeleted() {
        try (TestApp app = TestApp.start()) {
            String id = app.addUpstream("acme/*");
            assertThat(text(app.admin().get("/api/upstreams"))).contains(id).contains("\"auth\":\"none\"");
            String change = Json.write(Json.object("name", "renamed", "priority", 3));
            assertThat(text(app.admin().send("PATCH", "/api/upstreams/" + id, change)))
                    .contains("renamed");
            assertThat(json(app.admin().get("/api/upstreams/" + id)).number("priority", 0, 100, 0))
                    .isEqualTo(3);
            assertThat(app.admin().send("DELETE", "/api/upstreams/" + id, "{}").status())
                    .isEqualTo(204);
            assertThat(app.admin().get("/api/upstreams/" + id).status()).isEqualTo(404);
        }
    }

    @Test
    void theRootNamesPatternsUnlessAnyNameMayBeHereAndChangesWithThem() {
        try (TestApp app = TestApp.start()) {
            app.addUpstream("acme/*");
            Response root = app.admin().get("/packages.json");
            String date = "" + root.findHeader("last-modified");
            assertThat(text(root)).endsWith(",\"available-package-patterns\":[\"acme/*\"]}");
            assertThat(app.admin()
                            .get("/packages.json", "if-modified-since", date)
                            .status())
                    .isEqualTo(304);
            app.clock().advance(Duration.ofSeconds(2));
            app.addUpstream("https://second.example.com", "*", 20, false);
            Response after = app.admin().get("/packages.json", "if-modified-since", date);
            assertThat(after.status()).isEqualTo(200);
            assertThat(text(after)).doesNotContain("available-package-patterns");
        }
    }

    @Test
    void packagesAreListedInPagesAndShown() {
        try (TestApp app = TestApp.start()) {
            app.addUpstream("acme/*");
            for (String name : new String[] {"acme/a", "acme/b", "acme/c"}) {
                app.publish(name, version(name, "1.0.0", REFERENCE, ""));
                app.admin().get("/p2/" + name + ".json");
            }
            assertThat(text(app.admin().get("/api/packages?limit=2")))
                    .contains("acme/b")
                    .contains("\"next\":\"acme/b\"");
            assertThat(text(app.admin().get("/api/packages?limit=2&after=acme%2Fb")))
                    .contains("acme/c")
                    .contains("\"next\":null");
            assertThat(text(app.admin().get("/api/packages/acme/a"))).contains("\"upstream_name\":\"u\"");
            assertThat(app.admin().get("/api/packages/acme/none").status()).isEqualTo(404);
            assertThat(app.admin().get("/api/packages?limit=0").status()).isEqualTo(400);
        }
    }

    @Test
    void whatIsLargerThanTheInstanceTakesInIsRefusedWithAClearWord() {
        try (TestApp app = TestApp.start("MAX_DOCUMENT_BYTES", "400")) {
            app.addUpstream("acme/*");
            app.publish("acme/tool", version("acme/tool", "1.0.0", REFERENCE, ",\"x\":\"" + "y".repeat(400) + "\""));
            Response response = app.admin().get("/p2/acme/tool.json");
            assertThat(response.status()).isEqualTo(503);
            assertThat(text(response)).contains("\"over_limit\"").contains("\"warning\"");
        }
    }
}
