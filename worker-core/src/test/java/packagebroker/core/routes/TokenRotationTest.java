package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Response;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** {@code POST /api/tokens/{id}/rotate}: whose token may be rotated, and what is left of the old text. */
class TokenRotationTest {
    private static final String ADMIN = "\"role\":\"admin\",\"patterns\":[\"*\"]";
    private static final long DAY = 86_400_000;
    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start("AUTH_CACHE_SECONDS", "60");
    }

    @AfterEach
    void close() {
        app.close();
    }

    private static JsonObject made(TestApp.Caller maker, String fields) {
        Response made = maker.send("POST", "/api/tokens", "{\"name\":\"t\"," + fields + "}");
        assertThat(made.status()).as(fields).isEqualTo(201);
        return json(made);
    }

    private TestApp.Caller as(JsonObject token) {
        return app.as(token.text("token", 100));
    }

    private static Response rotate(TestApp.Caller caller, JsonObject token, String body) {
        return caller.send("POST", "/api/tokens/" + token.text("id", 50) + "/rotate", body);
    }

    private void revoke(JsonObject token) {
        assertThat(app.admin()
                        .send("DELETE", "/api/tokens/" + token.text("id", 50), "{}")
                        .status())
                .isEqualTo(204);
    }

    @Test
    void whoRotatesHasMadeTheTokenHoweverFarUp() {
        JsonObject parent = made(app.admin(), ADMIN);
        JsonObject child = made(as(parent), ADMIN);
        JsonObject grandchild = made(as(child), ADMIN);
        JsonObject sibling = made(app.admin(), ADMIN);
        for (JsonObject foreign : new JsonObject[] {sibling, parent}) {
            assertThat(rotate(as(child), foreign, "{}").status()).isEqualTo(403);
            assertThat(as(foreign).get("/api/tokens").status()).isEqualTo(200);
        }
        assertThat(rotate(as(parent), grandchild, "{}").status()).isEqualTo(201);
        assertThat(rotate(app.admin(), child, "{}").status()).isEqualTo(201);
        assertThat(app.count("audit WHERE action = 'rotate.token'")).isEqualTo(2);
    }

    @Test
    void whatARevokedTokenHadRotatedEndsWithIt() {
        JsonObject thief = made(app.admin(), ADMIN);
        JsonObject child = made(as(thief), ADMIN);
        JsonObject taken = json(rotate(as(thief), child, "{}"));
        JsonObject victim = made(app.admin(), ADMIN);
        rotate(as(thief), victim, "{}");
        revoke(thief);
        assertThat(as(taken).get("/api/tokens").status()).isEqualTo(401);
        assertThat(as(victim).get("/api/tokens").status()).isEqualTo(200);
    }

    @Test
    void aPersonRotatesTokensOfHisOwnAndHisTokensOnlyThemselves() {
        app.database().update(Statement.of("""
                        INSERT INTO person (id, email, role, role_source, created_at, last_seen)
                        VALUES ('p', 'a@example.com', 'owner', 'hand', 0, 0)
                        """));
        JsonObject one = made(app.admin(), ADMIN);
        JsonObject two = made(app.admin(), ADMIN);
        JsonObject others = made(app.admin(), ADMIN);
        String cookie = session(app.admin());
        app.database().update(Statement.of("UPDATE session SET token = '', person = 'p'"));
        for (JsonObject token : new JsonObject[] {one, two}) {
            app.database()
                    .update(Statement.of(
                            "UPDATE token SET person = 'p', created_by = 'person:p' WHERE id = ?",
                            token.text("id", 50)));
        }
        assertThat(rotate(as(one), two, "{}").status()).isEqualTo(403);
        assertThat(overSession(cookie, one, "/rotate").status()).isEqualTo(201);
        assertThat(overSession(cookie, others, "/rotate").status()).isEqualTo(403);
        assertThat(as(one).get("/api/tokens").status()).isEqualTo(401);
    }

    private static String session(TestApp.Caller caller) {
        String cookie = caller.send("POST", "/api/session", "{}").findHeader("set-cookie");
        return cookie.substring(0, cookie.indexOf(';'));
    }

    private Response overSession(String cookie, JsonObject token, String rest) {
        String path = "/api/tokens/" + token.text("id", 50) + rest;
        return app.anonymous().send("POST", path, "{}", "cookie", cookie, "origin", TestApp.BASE);
    }

    @Test
    void anOldTextThatIsStillRememberedChangesNothing() {
        JsonObject token = made(app.admin(), ADMIN);
        JsonObject child = made(as(token), ADMIN);
        TestApp.Caller old = as(token).at(app.isolate());
        assertThat(old.get("/packages.json").status()).isEqualTo(200);
        assertThat(rotate(app.admin(), token, "{}").status()).isEqualTo(201);
        assertThat(old.get("/packages.json").status()).isEqualTo(200);
        long audit = app.count("audit WHERE action <> 'rotate.token'");
        assertThat(old.send("POST", "/api/tokens", "{\"name\":\"t\"," + ADMIN + "}")
                        .status())
                .isEqualTo(401);
        assertThat(old.send("DELETE", "/api/tokens/" + child.text("id", 50), "{}")
                        .status())
                .isEqualTo(401);
        TestApp.Caller again = as(token).at(app.isolate());
        assertThat(again.get("/packages.json").status()).isEqualTo(401);
        assertThat(as(child).get("/packages.json").status()).isEqualTo(200);
        assertThat(app.count("audit WHERE action <> 'rotate.token'")).isEqualTo(audit);
    }

    @Test
    void anOldTextThatIsStillRememberedRotatesNothingAndOpensNoSession() {
        JsonObject token = made(app.admin(), ADMIN);
        JsonObject child = made(as(token), ADMIN);
        TestApp.Caller old = as(token).at(app.isolate());
        assertThat(old.get("/packages.json").status()).isEqualTo(200);
        JsonObject next = json(rotate(app.admin(), token, "{}"));
        assertThat(rotate(old, token, "{}").status()).isEqualTo(401);
        assertThat(as(next).get("/packages.json").status()).isEqualTo(200);
        TestApp.Caller remembered = as(child).at(app.isolate());
        assertThat(remembered.get("/packages.json").status()).isEqualTo(200);
        rotate(app.admin(), child, "{}");
        assertThat(remembered.send("POST", "/api/session", "{}").status()).isEqualTo(401);
        assertThat(app.count("session")).isZero();
        assertThat(app.count("audit WHERE action = 'open.session'")).isZero();
    }

    @Test
    void aTokenDoesNotProlongItself() {
        JsonObject token = made(app.admin(), "\"expires_in_days\":3," + ADMIN);
        app.clock().advance(Duration.ofDays(1));
        for (int i = 0; i < 3; i++) {
            token = json(rotate(as(token), token, i == 1 ? "{\"expires_in_days\":366}" : "{}"));
            assertThat(token.number("expires_at", 0, 1L << 50, 0))
                    .isEqualTo(app.clock().millis() + 3 * DAY);
            app.clock().advance(Duration.ofDays(2));
        }
        JsonObject shorter = json(rotate(as(token), token, "{\"expires_in_days\":1}"));
        assertThat(shorter.number("expires_at", 0, 1L << 50, 0))
                .isEqualTo(app.clock().millis() + DAY);
        JsonObject longer = json(rotate(app.admin(), token, "{\"expires_in_days\":200}"));
        assertThat(longer.number("expires_at", 0, 1L << 50, 0))
                .isEqualTo(app.clock().millis() + 200 * DAY);
    }

    @Test
    void theTokenOfAJobIsNotRotated() {
        JsonObject token = made(app.admin(), "\"kind\":\"read\",\"patterns\":[\"*\"]");
        app.database().update(Statement.of("UPDATE token SET kind = 'ci' WHERE id = ?", token.text("id", 50)));
        assertThat(rotate(app.admin(), token, "{}").status()).isEqualTo(403);
    }

    @Test
    void theAnswerShowsBeginningAndUsesAsTheyAre() {
        long begin = app.clock().millis() + 5_000;
        JsonObject token =
                made(app.admin(), "\"kind\":\"read\",\"patterns\":[\"*\"],\"max_uses\":7,\"not_before\":" + begin);
        app.clock().advance(Duration.ofSeconds(5));
        assertThat(as(token).get("/packages.json").status()).isEqualTo(200);
        assertThat(text(rotate(app.admin(), token, "{}")))
                .contains("\"not_before\":" + begin)
                .contains("\"uses_left\":6");
    }

    @Test
    void sessionsOfTheOldTextEnd() {
        JsonObject token = made(app.admin(), ADMIN);
        String cookie = session(as(token));
        String other = session(app.admin());
        assertThat(app.anonymous().get("/api/tokens", "cookie", cookie).status())
                .isEqualTo(200);
        assertThat(rotate(app.admin(), token, "{}").status()).isEqualTo(201);
        assertThat(app.anonymous().get("/api/tokens", "cookie", cookie).status())
                .isEqualTo(401);
        assertThat(app.anonymous().get("/api/tokens", "cookie", other).status()).isEqualTo(200);
        assertThat(app.count("session")).isEqualTo(1);
    }
}
