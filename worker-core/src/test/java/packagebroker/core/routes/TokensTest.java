package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.App;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.port.Row;
import packagebroker.core.testing.TestApp;

/** {@code /api/tokens}, and what a token opens. */
class TokensTest {
    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
    }

    @AfterEach
    void close() {
        app.close();
    }

    private String id() {
        return app.rows("SELECT id FROM token WHERE kind = 'read'").get(0).text("id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic",
                "Basic ",
                "Basic Og==",
                "Basic dG9rZW46",
                "Basic dG9rZW46AAAA",
                "Basic dG9rZW46//79",
                "Basic !!!!",
                "Basic dG9rZW4=",
                "Bearer",
                "Bearer ",
                "Bearer null",
                "Bearer a b",
                "Bearer a,b",
                "Token abc",
                "Bearer pkr_Zq3vT8mKxW1nB6rYdC0hL5sJ2fP9aGuE7oQiRkDtMwX0000000",
                "Bearer pkz_Zq3vT8mKxW1nB6rYdC0hL5sJ2fP9aGuE7oQiRkDtMwX000000",
                "Bearer pkr_zq3vt8mkxw1nb6rydc0hl5sj2fp9ague7oqirkdtmwx000000",
                "Bearer ' OR '1'='1",
                "Bearer ../../x",
                "Bearer pkr_*",
                "Bearer 0",
                "Bearer sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            })
    void whatIsNoTokenOfOursIs401AndCostsNoQuery(String authorization) {
        long before = app.counts().of("d1_round_trips");
        Response response = app.withAuthorization(authorization).get("/packages.json");
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.findHeader("www-authenticate")).startsWith("Basic ");
        assertThat(app.counts().of("d1_round_trips")).isEqualTo(before);
        String word = authorization.substring(authorization.indexOf(' ') + 1);
        if (word.length() > 4) {
            assertThat(text(response)).doesNotContain(word);
        }
    }

    @Test
    void anEndlessHeaderIs401() {
        assertThat(app.withAuthorization("Bearer " + "a".repeat(102_400))
                        .get("/packages.json")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aTokenIsTakenAsBearerAndAsPasswordOfAnyUser() {
        String token = app.token("*");
        for (String user : List.of("", "token", "größe", "a@b.c")) {
            byte[] pair = (user + ":" + token).getBytes(StandardCharsets.UTF_8);
            String header = "basic " + Base64.getEncoder().encodeToString(pair);
            assertThat(app.withAuthorization(header).get("/packages.json").status())
                    .isEqualTo(200);
        }
        for (String scheme : List.of("Bearer ", "bearer ", "BEARER  ")) {
            assertThat(app.withAuthorization(scheme + token)
                            .get("/packages.json")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aTokenInTheQueryOrTheUserNameOpensNothing() {
        String token = app.token("*");
        assertThat(app.anonymous().get("/packages.json?token=" + token).status())
                .isEqualTo(401);
        byte[] pair = (token + ":x").getBytes(StandardCharsets.UTF_8);
        assertThat(app.withAuthorization("Basic " + Base64.getEncoder().encodeToString(pair))
                        .get("/packages.json")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aWellFormedTokenThatIsUnknownIs401() {
        String token = app.token("*");
        app.database().update(packagebroker.core.port.Statement.of("DELETE FROM token WHERE kind = 'read'"));
        Response response = app.as(token).get("/packages.json");
        assertThat(response.status()).isEqualTo(401);
        assertThat(text(response)).contains("\"token_unknown\"").contains("\"warning\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "acme",
                "acme/",
                "acme/**",
                "a*e/tool",
                "acme/t*l",
                "acme/tool*x*",
                "^acme/.*$",
                "(a+)+/b",
                "acme/[a-z]",
                "acme/tool,globex/*",
                "acme/../*",
                "%/%",
                "acme/_",
                "acme/*\n",
                "acme/* globex/*",
                "*/tool",
                "acme/tool*",
                "/*"
            })
    void aPatternOfAnotherFormIsRefused(String pattern) {
        Response response = app.admin()
                .send(
                        "POST",
                        "/api/tokens",
                        Json.write(Json.object("name", "x", "kind", "read", "patterns", List.of("acme/*", pattern))));
        assertThat(response.status()).isEqualTo(422);
        assertThat(app.count("token WHERE kind <> 'break_glass'")).isEqualTo(1);
    }

    @Test
    void tooManyPatternsAreRefused() {
        for (int count : new int[] {101, 10_001}) {
            String body = Json.write(
                    Json.object("name", "x", "kind", "read", "patterns", Collections.nCopies(count, "acme/p")));
            assertThat(app.admin().send("POST", "/api/tokens", body).status()).isIn(400, 422);
        }
        assertThat(app.count("token WHERE kind <> 'break_glass'")).isEqualTo(1);
    }

    @Test
    void aTokenSeesWhatItsPatternsSayAndNothingElse() {
        app.addUpstream("*");
        for (String name : List.of("acme/tool", "acme/tool-kit", "acme/toolbox", "acmecorp/tool", "globex/x")) {
            app.publish(name, TestApp.version(name, "1.0.0", "a".repeat(40), ""));
        }
        sees("acme/*", "acme/tool", "acme/tool-kit", "acme/toolbox");
        sees("acme/tool", "acme/tool");
        sees("acme/tool-*", "acme/tool-kit");
        sees("ACME/Tool", "acme/tool");
        sees("*", "acme/tool", "acme/tool-kit", "acme/toolbox", "acmecorp/tool", "globex/x");
    }

    private void sees(String pattern, String... names) {
        TestApp.Caller reader = app.as(app.token(pattern));
        for (String name : List.of("acme/tool", "acme/tool-kit", "acme/toolbox", "acmecorp/tool", "globex/x")) {
            boolean visible = List.of(names).contains(name);
            assertThat(reader.get("/p2/" + name + ".json").status())
                    .as(pattern + " " + name)
                    .isEqualTo(visible ? 200 : 404);
        }
    }

    @Test
    void whatATokenMayNotSeeAsksNoUpstream() {
        app.addUpstream("*");
        TestApp.Caller reader = app.as(app.token("globex/*"));
        assertThat(reader.get("/p2/acme/tool.json").status()).isEqualTo(404);
        assertThat(reader.get("/dist/acme/tool/1.0.0.0/rabc.zip").status()).isEqualTo(404);
        assertThat(app.upstream().requests()).isEmpty();
    }

    @Test
    void aListShowsEverythingButTheText() {
        String token = app.token("acme/*");
        String list = text(app.admin().get("/api/tokens"));
        assertThat(list).contains(id()).contains("[\"acme/*\"]").contains("\"revoked_at\":null");
        assertThat(list).doesNotContain(token).doesNotContain("hash");
        app.admin().send("DELETE", "/api/tokens/" + id(), "{}");
        assertThat(text(app.admin().get("/api/tokens")))
                .contains("\"revoked_at\":" + app.clock().millis());
    }

    @Test
    void theTextOfATokenStandsInNoTable() {
        app.token("acme/*");
        Response rotated = app.admin().send("POST", "/api/tokens/" + id() + "/rotate", "{}");
        String token = json(rotated).text("token", 100);
        assertThat(app.as(token).get("/packages.json").status()).isEqualTo(200);
        app.drain();
        int columns = 0;
        for (Row table : app.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
            String name = table.text("name");
            for (Row column : app.rows("SELECT name FROM pragma_table_info('" + name + "')")) {
                String holding = name + " WHERE instr(" + column.text("name") + ", '" + token + "') > 0";
                assertThat(app.count(holding)).as(holding).isZero();
                columns++;
            }
        }
        assertThat(columns).isGreaterThan(100);
    }

    @Test
    void aTokenEndsWhenItWasTold() {
        long end = app.clock().millis() + 60_000;
        Response made = app.admin()
                .send(
                        "POST",
                        "/api/tokens",
                        Json.write(Json.object(
                                "name", "short", "kind", "read", "patterns", List.of("*"), "expires_at", end)));
        String token = json(made).text("token", 100);
        app.clock().advance(Duration.ofMillis(59_999));
        assertThat(app.as(token).get("/packages.json").status()).isEqualTo(200);
        app.clock().advance(Duration.ofMillis(1));
        Response response = app.as(token).get("/packages.json");
        assertThat(response.status()).isEqualTo(401);
        assertThat(text(response)).contains("\"token_expired\"");
    }

    @Test
    void aRememberedTokenEndsInTimeAsWell() {
        try (TestApp remembering = TestApp.start("AUTH_CACHE_SECONDS", "60", "META_CACHE_SECONDS", "10")) {
            long end = remembering.clock().millis() + 30_000;
            Response made = remembering
                    .admin()
                    .send(
                            "POST",
                            "/api/tokens",
                            Json.write(Json.object(
                                    "name", "x", "kind", "read", "patterns", List.of("*"), "expires_at", end)));
            TestApp.Caller reader = remembering.as(json(made).text("token", 100));
            assertThat(reader.get("/packages.json").status()).isEqualTo(200);
            remembering.clock().advance(Duration.ofSeconds(30));
            assertThat(reader.get("/packages.json").status()).isEqualTo(401);
        }
    }

    @Test
    void anotherIsolateRefusesARevokedTokenWithinTheAgeOfItsMemory() {
        try (TestApp remembering = TestApp.start("AUTH_CACHE_SECONDS", "60", "META_CACHE_SECONDS", "10")) {
            String token = remembering.token("*");
            App other = remembering.isolate();
            assertThat(remembering.as(token).at(other).get("/packages.json").status())
                    .isEqualTo(200);
            String id = remembering
                    .rows("SELECT id FROM token WHERE kind = 'read'")
                    .get(0)
                    .text("id");
            remembering.admin().send("DELETE", "/api/tokens/" + id, "{}");
            remembering.clock().advance(Duration.ofSeconds(60));
            assertThat(remembering.as(token).at(other).get("/packages.json").status())
                    .isEqualTo(401);
        }
    }

    @Test
    void withoutAMemoryARevokedTokenIsRefusedEverywhereAtOnce() {
        String token = app.token("*");
        App other = app.isolate();
        assertThat(app.as(token).at(other).get("/packages.json").status()).isEqualTo(200);
        app.admin().send("DELETE", "/api/tokens/" + id(), "{}");
        Response response = app.as(token).at(other).get("/packages.json");
        assertThat(response.status()).isEqualTo(401);
        assertThat(text(response)).contains("\"token_revoked\"");
    }

    @Test
    void useIsWrittenAtMostOnceAnHour() {
        TestApp.Caller reader = app.as(app.token("*"));
        long first = app.clock().millis();
        for (int minute = 0; minute < 60; minute++) {
            reader.get("/packages.json");
            app.drain();
            assertThat(lastUsed()).isEqualTo(first);
            app.clock().advance(Duration.ofMinutes(1).minusMillis(app.clock().millis() - first - minute * 60_000L));
        }
        app.clock().advance(Duration.ofSeconds(1));
        reader.get("/packages.json");
        app.drain();
        assertThat(lastUsed()).isEqualTo(first + 3_601_000);
    }

    private long lastUsed() {
        return app.rows("SELECT last_used FROM token WHERE kind = 'read'")
                .get(0)
                .number("last_used");
    }

    @Test
    void aReaderMayNotMakeItselfAnAdmin() {
        TestApp.Caller reader = app.as(app.token("*"));
        String body = Json.write(Json.object("name", "x", "kind", "admin", "patterns", List.of("*")));
        assertThat(reader.send("POST", "/api/tokens", body).status()).isEqualTo(403);
        assertThat(app.count("token WHERE kind <> 'break_glass'")).isEqualTo(2);
        assertThat(app.count("audit")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "%27%20OR%201=1", "..", "%2e%2e%2f", "%00"})
    void revokingWhatIsNotThereIs404(String id) {
        assertThat(app.admin().send("DELETE", "/api/tokens/" + id, "{}").status())
                .isEqualTo(404);
        assertThat(app.count("token WHERE revoked_at IS NOT NULL")).isZero();
        assertThat(app.count("audit WHERE action = 'revoke.token'")).isZero();
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        for (String base64 : List.of("eyJhIjoi/yJ9", "H4sIAAAAAAAAA6uuBQBDv6ajAgAAAA==")) {
            byte[] body = Base64.getDecoder().decode(base64);
            assertThat(app.admin()
                            .send("POST", "/api/tokens", "application/json", body)
                            .status())
                    .isEqualTo(400);
        }
        assertThat(app.admin()
                        .send("POST", "/api/tokens", "{\"a\":" + "9".repeat(1_000_000) + "}")
                        .status())
                .isEqualTo(413);
        assertThat(app.admin()
                        .send("POST", "/api/tokens", "{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000))
                        .status())
                .isIn(400, 413);
    }
}
