package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** {@code POST /api/tokens/revoke}: many credentials at once. */
class RevocationTest {
    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
    }

    @AfterEach
    void close() {
        app.close();
    }

    private TestApp.Caller make(TestApp.Caller maker, String name, String fields, String pattern) {
        Response made = maker.send(
                "POST", "/api/tokens", "{\"name\":\"" + name + "\"," + fields + ",\"patterns\":[\"" + pattern + "\"]}");
        assertThat(made.status()).as(name).isEqualTo(201);
        return app.as(json(made).text("token", 100));
    }

    private static JsonObject revoke(TestApp.Caller caller, String body) {
        Response response = caller.send("POST", "/api/tokens/revoke", body);
        String text = text(response);
        assertThat(response.status()).as(text).isEqualTo(200);
        return packagebroker.core.json.Json.read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private List<String> revoked() {
        List<String> names = new ArrayList<>();
        for (Row row : app.rows("SELECT name FROM token WHERE revoked_at IS NOT NULL ORDER BY name")) {
            names.add(row.text("name"));
        }
        return names;
    }

    private void fixtures() {
        make(app.admin(), "a", "\"kind\":\"read\",\"owner\":\"ann\",\"purpose\":\"x\"", "acme/*");
        make(app.admin(), "b", "\"kind\":\"publish\",\"owner\":\"bob\"", "acme/tool");
        make(app.admin(), "c", "\"kind\":\"admin\",\"owner\":\"bob\"", "*");
        make(app.admin(), "d's", "\"kind\":\"read\",\"owner\":\"ann\"", "globex/*");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"owner\":\"ann\"}|a,d's",
                "{\"owner\":\"ann\",\"package\":\"acme/tool\"}|a",
                "{\"package\":\"acme/tool\"}|a,b,c",
                "{\"pattern\":\"acme/*\"}|a,b",
                "{\"pattern\":\"*\",\"kind\":\"read\"}|a,d's",
                "{\"kind\":\"publish\"}|b",
                "{\"name\":\"'\"}|d's",
                "{\"owner\":\"nobody\"}|",
                "{\"owner\":\"ANN\"}|",
                "{\"name\":\"%\"}|",
                "{\"all\":true}|a,b,c,d's",
                "{\"all\":true,\"owner\":\"bob\"}|b,c"
            })
    void filtersNameTokensAndAllOfThemMustFit(String body, String expected) {
        fixtures();
        JsonObject answer = revoke(app.admin(), body);
        List<String> names = expected == null ? List.of() : List.of(expected.split(","));
        assertThat(revoked()).isEqualTo(names);
        assertThat(answer.number("revoked", 0, 100, -1)).isEqualTo(names.size());
        assertThat(app.admin().get("/packages.json").status()).isEqualTo(200);
    }

    @Test
    void aCustomerNamesHisTokens() {
        for (String customer : List.of("order 1", "order 2")) {
            Response made = app.admin()
                    .send(
                            "POST",
                            "/api/tokens",
                            "{\"name\":\"" + customer + "\",\"kind\":\"customer\",\"customer\":\"" + customer
                                    + "\",\"limits\":[{\"pattern\":\"acme/*\"}]}");
            assertThat(made.status()).isEqualTo(201);
        }
        revoke(app.admin(), "{\"kind\":\"customer\",\"customer\":\"order 1\"}");
        assertThat(revoked()).containsExactly("order 1");
    }

    @Test
    void timesNameTokens() {
        TestApp.Caller used = make(app.admin(), "old and used", "\"kind\":\"read\"", "*");
        make(app.admin(), "old", "\"kind\":\"read\"", "*");
        app.clock().advance(Duration.ofDays(1));
        long day = app.clock().millis();
        used.get("/packages.json");
        app.drain();
        make(app.admin(), "new", "\"kind\":\"read\"", "*");
        revoke(app.admin(), "{\"kind\":\"read\",\"created_before\":" + day + ",\"last_used_before\":" + day + "}");
        assertThat(revoked()).containsExactly("old");
        revoke(app.admin(), "{\"kind\":\"read\",\"created_before\":" + day + "}");
        assertThat(revoked()).containsExactly("old", "old and used");
    }

    @Test
    void whatWasMadeWithThemGoesAsWell() {
        TestApp.Caller maker = make(app.admin(), "maker", "\"role\":\"admin\"", "*");
        TestApp.Caller child = make(maker, "child", "\"role\":\"admin\"", "*");
        TestApp.Caller grandchild = make(child, "grandchild", "\"kind\":\"read\"", "acme/*");
        Response session = grandchild.send("POST", "/api/session", "{}");
        String cookie = session.findHeader("set-cookie");
        JsonObject answer = revoke(app.admin(), "{\"name\":\"maker\"}");
        assertThat(answer.number("revoked", 0, 9, 0)).isEqualTo(3);
        assertThat(answer.number("sessions", 0, 9, 0)).isEqualTo(1);
        assertThat(grandchild.get("/packages.json").status()).isEqualTo(401);
        assertThat(app.anonymous()
                        .get("/api/session", "cookie", cookie.substring(0, cookie.indexOf(';')))
                        .status())
                .isEqualTo(401);
        assertThat(app.count("session")).isZero();
    }

    @Test
    void aDryRunTellsTheSameAndChangesNothing() {
        fixtures();
        String body = "{\"owner\":\"ann\",\"dry_run\":true}";
        Response dry = app.admin().send("POST", "/api/tokens/revoke", body);
        String told = text(dry);
        assertThat(told).contains("\"dry_run\":true", "\"revoked\":2", "\"name\":\"a\"", "\"name\":\"d's\"");
        assertThat(revoked()).isEmpty();
        assertThat(app.count("audit WHERE action = 'revoke.tokens' AND detail LIKE '%\"dry_run\":true%'"))
                .isEqualTo(1);
        String done = text(app.admin().send("POST", "/api/tokens/revoke", "{\"owner\":\"ann\"}"));
        assertThat(done).isEqualTo(told.replace("\"dry_run\":true", "\"dry_run\":false"));
    }

    @Test
    void theCallersOwnTokenAndThoseItComesFromStayUnlessItSaysSo() {
        TestApp.Caller maker = make(app.admin(), "maker", "\"role\":\"owner\"", "*");
        TestApp.Caller own = make(maker, "own", "\"role\":\"owner\"", "*");
        make(own, "child", "\"kind\":\"read\"", "*");
        make(maker, "sister", "\"kind\":\"read\"", "*");
        JsonObject answer = revoke(own, "{\"all\":true}");
        assertThat(revoked()).containsExactly("child", "sister");
        assertThat(answer.findObject("kept").number("own", 0, 9, 0)).isEqualTo(3);
        assertThat(own.get("/packages.json").status()).isEqualTo(200);
        revoke(own, "{\"name\":\"own\",\"own\":true,\"reason\":\"it was seen in a log\"}");
        assertThat(own.get("/packages.json").status()).isEqualTo(401);
        assertThat(maker.get("/packages.json").status()).isEqualTo(200);
    }

    @Test
    void theTokenInTheSafeStaysUnlessItsKindIsNamed() {
        revoke(app.admin(), "{\"all\":true}");
        assertThat(app.as(app.breakGlass()).get("/packages.json").status()).isEqualTo(200);
        revoke(app.admin(), "{\"kind\":\"break_glass\"}");
        assertThat(app.as(app.breakGlass()).get("/packages.json").status()).isEqualTo(401);
    }

    @Test
    void nothingWiderThanTheCallerIsRevokedAndNothingItMayNotSeeIsCounted() {
        fixtures();
        TestApp.Caller admin = make(app.admin(), "admin", "\"role\":\"admin\"", "*");
        make(app.admin(), "owner", "\"role\":\"owner\"", "*");
        JsonObject answer = revoke(admin, "{\"all\":true}");
        assertThat(answer.findObject("kept").number("wider", 0, 9, 0)).isEqualTo(1);
        assertThat(revoked()).containsExactly("a", "b", "c", "d's");
        fixtures();
        TestApp.Caller acme =
                make(app.admin(), "acme", "\"rights\":[\"read\",\"publish\",\"manage_tokens\"]", "acme/*");
        String told = text(acme.send("POST", "/api/tokens/revoke", "{\"all\":true}"));
        assertThat(told).contains("\"revoked\":2", "\"own\":1", "\"wider\":0").doesNotContain("d's");
        assertThat(app.count("token WHERE name IN ('c', 'd''s') AND revoked_at IS NULL"))
                .isEqualTo(2);
    }

    @Test
    void sessionsOfPeopleGoAndTheCallersOwnStays() {
        app.database().update(Statement.of("""
                        INSERT INTO person (id, email, role, role_source, created_at, last_seen)
                        VALUES ('o', 'o@example.com', 'owner', 'hand', 0, 0), ('v', 'v@example.com', 'viewer', 'hand', 0, 0)
                        """));
        app.database().update(Statement.of("""
                        INSERT INTO session (hash, token, person, created_at, ends_at, seen_at)
                        VALUES ('1', '', 'o', 1, 9, 1), ('2', '', 'v', 2, 9, 2), ('3', '', 'v', 3, 9, 3)
                        """));
        TestApp.Caller admin = make(app.admin(), "admin", "\"role\":\"admin\"", "*");
        assertThat(text(admin.send("POST", "/api/tokens/revoke", "{\"kind\":\"read\"}")))
                .contains("\"sessions\":0");
        assertThat(text(admin.send("POST", "/api/tokens/revoke", "{\"person\":\"v\",\"created_before\":3}")))
                .contains("\"sessions\":1");
        assertThat(text(admin.send("POST", "/api/tokens/revoke", "{\"kind\":\"session\"}")))
                .contains("\"sessions\":1,");
        assertThat(app.rows("SELECT hash FROM session").get(0).text("hash"))
                .as("an admin closes no session of an owner")
                .isEqualTo("1");
        revoke(app.admin(), "{\"all\":true}");
        assertThat(app.count("session")).isZero();
    }

    @Test
    void thousandsAreRevokedInOneBatchAndEachIsNamedInTheLog() {
        app.database().update(Statement.of("""
                        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
                        INSERT INTO token (hash, id, name, kind, patterns, created_at, created_by, expires_at)
                        SELECT 'h' || i, 'id-' || i, 'bulk', 'read', '*', i, 'x', 99999999999999 FROM n
                        """));
        JsonObject answer = revoke(app.admin(), "{\"name\":\"bulk\",\"reason\":\"drill\"}");
        assertThat(answer.number("revoked", 0, 9_999, 0)).isEqualTo(1_200);
        assertThat(answer.objects("tokens")).hasSize(200);
        assertThat(revoked()).hasSize(1_200);
        List<Row> rows = app.rows("SELECT detail FROM audit WHERE action = 'revoke.tokens' ORDER BY seq");
        assertThat(rows).hasSize(3);
        assertThat(rows.get(2).text("detail")).contains("\"id-1200\"", "\"reason\":\"drill\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"all\":false}",
                "{\"dry_run\":true}",
                "{\"own\":true}",
                "{\"owner\":\"\"}",
                "{\"owner\":7}",
                "{\"all\":\"yes\"}",
                "{\"kind\":\"reed\"}",
                "{\"package\":\"acme\"}",
                "{\"pattern\":\"a*e/tool\"}",
                "{\"created_before\":-1}",
                "{\"nmae\":\"x\"}",
                "{\"owner\":\"a\\u0000b\"}"
            })
    void whatNamesNothingRevokesNothing(String body) {
        fixtures();
        assertThat(app.admin().send("POST", "/api/tokens/revoke", body).status())
                .isEqualTo(422);
        assertThat(revoked()).isEmpty();
        assertThat(app.count("audit WHERE action = 'revoke.tokens'")).isZero();
    }
}
