package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.BASE;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** {@code /api/reviews}: who may do what is frozen, decided about, and done. */
class ReviewsTest {
    private final TestApp app = TestApp.start("AUTH_CACHE_SECONDS", "60");
    private String reader = "";

    @BeforeEach
    void start() {
        reader = app.token("acme/*");
        app.database().update(Statement.of("""
                        INSERT INTO person (id, email, role, role_source, created_at, last_seen)
                        VALUES ('o1', 'o1@example.com', 'owner', 'hand', 0, 0), ('o2', 'o2@example.com', 'owner', 'hand', 0, 0),
                          ('v', 'v@example.com', 'viewer', 'groups', 0, 0)
                        """));
        app.database().update(Statement.of("""
                        INSERT INTO oidc_rule (id, name, provider, issuer, repository, namespace, ref, environment, rights, patterns,
                          created_at, created_by, person)
                        VALUES ('r', 'widgets', 'github', 'i', '1', '2', 'refs/heads/main', '', 'read', 'acme/*', 0, 'token:x', '')
                        """));
    }

    @AfterEach
    void close() {
        app.close();
    }

    private JsonObject begin() {
        Response begun = app.admin().send("POST", "/api/reviews", "{}");
        assertThat(begun.status()).isEqualTo(201);
        return json(begun);
    }

    private String id(String name) {
        return app.rows("SELECT id FROM token WHERE name = '" + name + "'")
                .get(0)
                .text("id");
    }

    private Response decide(String review, String... decisions) {
        return app.admin()
                .send(
                        "POST",
                        "/api/reviews/" + review + "/decisions",
                        "{\"decisions\":[" + String.join(",", decisions) + "]}");
    }

    private static String decision(String item, String id, String word) {
        return "{\"item\":\"" + item + "\",\"id\":\"" + id + "\",\"decision\":\"" + word + "\",\"reason\":\"why\"}";
    }

    private List<String> keepAll(String review) {
        List<String> decisions = new ArrayList<>();
        for (JsonObject entry : json(app.admin().get("/api/reviews/" + review)).objects("entries")) {
            JsonObject was = entry.findObject("was");
            decisions.add(decision(was.text("item", 10), was.text("id", 50), "keep"));
        }
        return decisions;
    }

    @Test
    void aSnapshotHoldsWhoMayDoWhatAndStaysAsItWas() {
        String id = begin().text("id", 50);
        String shown = text(app.admin().get("/api/reviews/" + id));
        assertThat(shown)
                .contains("\"item\":\"person\",\"id\":\"o1\",\"email\":\"o1@example.com\",\"role\":\"owner\"")
                .contains("\"item\":\"token\"", "\"patterns\":[\"acme/*\"]", "\"rights\":[\"read\"]", "\"last_used\":")
                .contains("\"item\":\"rule\",\"id\":\"r\",\"name\":\"widgets\"")
                .contains("\"decision\":null")
                .doesNotContain(reader);
        app.admin().send("PATCH", "/api/people/v", "{\"role\":\"admin\"}");
        app.admin().send("DELETE", "/api/tokens/" + id("t"), "{}");
        assertThat(text(app.admin().get("/api/reviews/" + id))).isEqualTo(shown);
    }

    @Test
    void theSnapshotIsSigned() throws NoSuchAlgorithmException {
        JsonObject review = begin();
        String id = review.text("id", 50);
        String snapshot = text(app.admin().get("/api/reviews/" + id + "/snapshot"));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(snapshot.getBytes(StandardCharsets.UTF_8));
        String sha256 = HexFormat.of().formatHex(digest);
        assertThat(review.text("sha256", 64)).isEqualTo(sha256);
        assertThat(snapshot).startsWith("{\"review\":\"" + id + "\",\"instance\":\"" + BASE + "\"");
        assertThat(review.rawText("note"))
                .startsWith("package.broker/review\n" + id + "\n" + app.clock().millis() + "\n" + sha256
                        + "\n\n\u2014 package.broker/audit ");
        assertThat(app.count("audit WHERE action = 'start.review' AND instr(detail, '" + sha256 + "') > 0"))
                .isEqualTo(1);
    }

    @Test
    void whatIsRevokedEndsAndWhatIsKeptStays() {
        TestApp.Caller kept = app.as(app.token("globex/*"));
        TestApp.Caller revoked = app.as(reader);
        assertThat(revoked.get("/packages.json").status()).isEqualTo(200);
        String token = app.rows("SELECT id FROM token WHERE patterns = 'acme/*'")
                .get(0)
                .text("id");
        String id = begin().text("id", 50);
        Response decided = decide(
                id,
                decision("token", token, "revoke"),
                decision("person", "v", "revoke"),
                decision("rule", "r", "revoke"),
                decision("person", "o1", "keep"));
        assertThat(decided.status()).isEqualTo(200);
        JsonObject review = json(decided);
        assertThat(review.number("decided", 0, 9, 0)).isEqualTo(4);
        assertThat(review.number("revoked", 0, 9, 0)).isEqualTo(3);
        assertThat(revoked.get("/packages.json").status()).isEqualTo(401);
        assertThat(kept.get("/packages.json").status()).isEqualTo(200);
        assertThat(app.count("person WHERE suspended_at IS NOT NULL")).isEqualTo(1);
        assertThat(app.count("oidc_rule")).isZero();
        assertThat(app.count("audit WHERE action = 'decide.review' AND detail LIKE '%" + token + "%'"))
                .isEqualTo(1);
    }

    @Test
    void whatWasRevokedStaysSo() {
        String id = begin().text("id", 50);
        decide(id, decision("person", "v", "keep"));
        decide(id, decision("person", "v", "revoke"));
        JsonObject review = json(decide(id, decision("person", "v", "keep")));
        assertThat(review.number("revoked", 0, 9, 0)).isEqualTo(1);
        assertThat(app.count("person WHERE id = 'v' AND suspended_at IS NOT NULL"))
                .isEqualTo(1);
    }

    @Test
    void somebodyStillOwnsTheInstanceAfterwardsOrNothingHappens() {
        String id = begin().text("id", 50);
        Response both = decide(
                id,
                decision("rule", "r", "revoke"),
                decision("person", "o1", "revoke"),
                decision("person", "o2", "revoke"));
        assertThat(both.status()).isEqualTo(409);
        assertThat(text(both)).contains("\"last_owner\"");
        assertThat(app.count("review_decision")).isZero();
        assertThat(app.count("oidc_rule")).isEqualTo(1);
        assertThat(app.count("audit WHERE action = 'decide.review'")).isZero();
        assertThat(decide(id, decision("person", "o1", "revoke")).status()).isEqualTo(200);
        assertThat(decide(id, decision("person", "o2", "revoke")).status()).isEqualTo(409);
        assertThat(app.count("person WHERE suspended_at IS NOT NULL")).isEqualTo(1);
    }

    @Test
    void nobodyRevokesWhatHeCameWith() {
        String first = app.rows("SELECT value FROM setting WHERE name = 'set_up'")
                .get(0)
                .text("value");
        String id = begin().text("id", 50);
        assertThat(decide(id, decision("token", first, "revoke")).status()).isEqualTo(403);
        Response made =
                app.admin().send("POST", "/api/tokens", "{\"name\":\"child\",\"role\":\"owner\",\"patterns\":[\"*\"]}");
        TestApp.Caller child = app.as(json(made).text("token", 100));
        assertThat(child.send(
                                "POST",
                                "/api/reviews/" + id + "/decisions",
                                "{\"decisions\":[" + decision("token", first, "revoke") + "]}")
                        .status())
                .isEqualTo(403);
        assertThat(decide(id, decision("token", first, "keep")).status()).isEqualTo(200);
    }

    @Test
    void whoIsNarrowerThanAnOwnerRevokesNothing() {
        Response made = app.admin()
                .send(
                        "POST",
                        "/api/tokens",
                        "{\"name\":\"c\",\"rights\":[\"manage_people\",\"manage_tokens\",\"read_audit\"],\"patterns\":[\"*\"]}");
        TestApp.Caller clerk = app.as(json(made).text("token", 100));
        String id = begin().text("id", 50);
        String path = "/api/reviews/" + id + "/decisions";
        assertThat(clerk.send("POST", path, "{\"decisions\":[" + decision("person", "o1", "revoke") + "]}")
                        .status())
                .isEqualTo(403);
        assertThat(clerk.send("POST", path, "{\"decisions\":[" + decision("person", "o1", "keep") + "]}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aReviewIsClosedOnceEverythingIsDecidedAndThenStands() {
        String id = begin().text("id", 50);
        String path = "/api/reviews/" + id + "/close";
        Response early = app.admin().send("POST", path, "{}");
        assertThat(early.status()).isEqualTo(409);
        assertThat(text(early)).contains("\"undecided\"");
        assertThat(decide(id, keepAll(id).toArray(new String[0])).status()).isEqualTo(200);
        JsonObject closed = json(app.admin().send("POST", path, "{}"));
        assertThat(closed.number("closed_at", 0, 1L << 52, 0))
                .isEqualTo(app.clock().millis());
        assertThat(app.admin().send("POST", path, "{}").status()).isEqualTo(409);
        Response late = decide(id, decision("person", "v", "revoke"));
        assertThat(late.status()).isEqualTo(409);
        assertThat(text(late)).contains("\"review_closed\"");
        assertThat(app.count("person WHERE suspended_at IS NOT NULL")).isZero();
        assertThat(text(app.admin().get("/api/reviews"))).contains(id);
    }

    @Test
    void aMissingReviewRaisesAnAlertAndAnotherOneAfterEachFurther90Days() {
        app.runJobs();
        app.clock().advance(Duration.ofDays(89));
        app.runJobs();
        assertThat(app.count("alert WHERE kind = 'review'")).isZero();
        app.clock().advance(Duration.ofDays(2));
        app.runJobs();
        app.clock().advance(Duration.ofDays(2));
        app.runJobs();
        assertThat(app.count("alert WHERE kind = 'review'")).isEqualTo(1);
        assertThat(app.count("audit WHERE action = 'miss.review'")).isEqualTo(1);
        app.clock().advance(Duration.ofDays(90));
        app.runJobs();
        assertThat(app.count("alert WHERE kind = 'review'")).isEqualTo(2);
    }

    @Test
    void aReviewThatIsLeftOpenRaisesAnAlert() {
        begin();
        app.clock().advance(Duration.ofDays(10));
        app.as(app.breakGlass()).send("POST", "/api/reviews", "{}");
        app.clock().advance(Duration.ofDays(81));
        app.runJobs();
        assertThat(app.rows("SELECT subject FROM alert WHERE kind = 'review'")
                        .get(0)
                        .text("subject"))
                .startsWith("open since");
        assertThat(app.count("alert WHERE kind = 'review'")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"decisions\":[]}",
                "{\"decisions\":[{}]}",
                "{\"decisions\":[{\"item\":\"person\",\"id\":\"v\",\"decision\":\"drop\"}]}",
                "{\"decisions\":[{\"item\":\"person\",\"id\":\"w\",\"decision\":\"keep\"}]}",
                "{\"decisions\":[{\"item\":\"token\",\"id\":\"v\",\"decision\":\"keep\"}]}",
                "{\"decisions\":[{\"item\":\"person\",\"id\":\"v\",\"decision\":\"keep\"},"
                        + "{\"item\":\"person\",\"id\":\"v\",\"decision\":\"revoke\"}]}",
                "{\"decisions\":[{\"item\":\"person\",\"id\":\"v\",\"decision\":\"keep\",\"by\":\"x\"}]}"
            })
    void whatIsNoDecisionAboutAnItemIsRefused(String body) {
        String id = begin().text("id", 50);
        assertThat(app.admin()
                        .send("POST", "/api/reviews/" + id + "/decisions", body)
                        .status())
                .isEqualTo(422);
        assertThat(app.count("review_decision")).isZero();
    }

    @Test
    void aLargeInstanceFits() {
        app.database().update(Statement.of("""
                        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
                        INSERT INTO token (hash, id, name, kind, patterns, created_at, created_by, expires_at, purpose)
                        SELECT 'h' || i, 'id-' || i, 'größe', 'read', '*', i, 'x', 99999999999999, 'p' FROM n
                        """));
        JsonObject review = begin();
        String id = review.text("id", 50);
        assertThat(app.count("review_page")).isGreaterThan(2);
        assertThat(review.number("items", 0, 9_999, 0)).isEqualTo(3_000 + 3 + 1 + 3);
        assertThat(text(app.admin().get("/api/reviews/" + id)))
                .contains("\"id-1\"", "\"id-3000\"", "größe")
                .endsWith("}]}");
    }
}
