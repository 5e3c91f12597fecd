package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.BASE;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.testing.TestApp;
import packagebroker.core.testing.VouchingKeys;

/** {@code POST /oidc/token}: what a CI provider vouches for, exchanged for a token of fifteen minutes. */
class OidcTest extends JobScene {
    @Test
    void aJobGetsATokenOfFifteenMinutes() {
        rule(app.admin(), RULE);
        app.addUpstream("*");
        app.publish("acme/tool", TestApp.version("acme/tool", "1.0.0", "a".repeat(40), ""));
        Response minted = exchange(PAIR.sign(claims("j1")));
        assertThat(minted.status()).isEqualTo(201);
        JsonObject made = json(minted);
        String token = made.text("token", 100);
        assertThat(token).startsWith("pkbc_");
        assertThat(app.as(token).get("/p2/acme/tool.json").status()).isEqualTo(200);
        assertThat(app.as(token).get("/p2/globex/tool.json").status()).isEqualTo(404);
        assertThat(app.as(token).get("/api/tokens").status()).isEqualTo(403);
        app.clock().advance(Duration.ofMinutes(15));
        assertThat(app.as(token).get("/packages.json").status()).isEqualTo(401);
        assertThat(app.rows("SELECT detail FROM audit WHERE action = 'mint.token'")
                        .get(0)
                        .text("detail"))
                .contains("acme/widgets")
                .doesNotContain("pkbc_");
        assertThat(text(app.admin().get("/api/tokens"))).doesNotContain("\"kind\":\"ci\"");
    }

    @Test
    void whatNoRuleIsForIsRefused() {
        refused(PAIR.sign(claims("j1")), "issuer");
        rule(app.admin(), RULE);
        for (Map<String, String> other : List.of(
                Map.of(
                        "repository_owner_id",
                        "8"), // The account was taken over by somebody else: the names are the same.
                Map.of("repository_id", "43"),
                Map.of("ref", "refs/heads/main-evil"),
                Map.of("ref", "refs/tags/main"),
                Map.of("ref", "refs/pull/1/merge"),
                Map.of("event_name", "pull_request"),
                Map.of("event_name", "pull_request_target"),
                Map.of("repository_id", ""))) {
            Map<String, Object> claims = claims("j1");
            claims.putAll(other);
            refused(PAIR.sign(claims), "no rule is for this job");
        }
        for (String missing : List.of("repository_id", "repository_owner_id", "ref")) {
            Map<String, Object> claims = claims("j1");
            claims.remove(missing);
            refused(PAIR.sign(claims), "no rule is for this job");
        }
    }

    @Test
    void anEnvironmentThatTheRuleNamesMustBeThere() {
        rule(app.admin(), RULE.replace("\"kind\"", "\"environment\":\"release\",\"kind\""));
        refused(PAIR.sign(claims("j1")), "no rule is for this job");
        Map<String, Object> claims = claims("j1");
        claims.put("environment", "Release");
        refused(PAIR.sign(claims), "no rule is for this job");
        claims.put("environment", "release");
        assertThat(exchange(PAIR.sign(claims)).status()).isEqualTo(201);
    }

    @Test
    void anyTagMayBeMeantAndNoBranchWithIt() {
        rule(app.admin(), RULE.replace("refs/heads/main", "refs/tags/*").replace("\"read\"", "\"publish\""));
        refused(PAIR.sign(claims("j1")), "no rule is for this job");
        Map<String, Object> claims = claims("j1");
        claims.put("ref", "refs/tags/v1.2.3");
        Response minted = exchange(PAIR.sign(claims));
        assertThat(text(minted)).contains("\"rights\":[\"read\",\"publish\"]");
    }

    @ParameterizedTest
    @CsvSource({
        "iss, https://token.actions.githubusercontent.com.evil.example.net, issuer",
        "iss, https://token.actions.githubusercontent.com/, issuer",
        "iss, '', form",
        "aud, https://other.example.org, audience",
        "aud, https://packages.example.org/, audience",
        "jti, '', form"
    })
    void aTokenForAnotherOrOfAnotherIsRefused(String claim, String value, String reason) {
        rule(app.admin(), RULE);
        Map<String, Object> claims = claims("j1");
        claims.put(claim, value);
        refused(PAIR.sign(claims), reason);
    }

    @Test
    void aTokenForUsAndAnotherIsRefused() {
        rule(app.admin(), RULE);
        Map<String, Object> claims = claims("j1");
        claims.put("aud", List.of(BASE, "https://other.example.org"));
        refused(PAIR.sign(claims), "audience");
        claims.put("aud", List.of());
        refused(PAIR.sign(claims), "audience");
        claims.put("aud", List.of(BASE));
        assertThat(exchange(PAIR.sign(claims)).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({"exp, -31", "nbf, 31", "iat, 31", "exp, 43200", "iat, -25200"})
    void aTokenOutOfItsTimeOrForTooLongIsRefused(String claim, long seconds) {
        rule(app.admin(), RULE);
        Map<String, Object> claims = claims("j1");
        claims.put(claim, app.clock().millis() / 1000 + seconds);
        refused(PAIR.sign(claims), "time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "iat", "jti", "aud", "iss"})
    void aTokenThatLeavesSomethingOutIsRefused(String claim) {
        rule(app.admin(), RULE);
        Map<String, Object> claims = claims("j1");
        claims.remove(claim);
        refused(PAIR.sign(claims), "");
    }

    @Test
    void fewSecondsBesideTheTimeAreTaken() {
        rule(app.admin(), RULE);
        Map<String, Object> claims = claims("j1");
        claims.put("exp", app.clock().millis() / 1000 - 29);
        assertThat(exchange(PAIR.sign(claims)).status()).isEqualTo(201);
    }

    @Test
    void aTokenOfAnotherFormIsRefused() {
        rule(app.admin(), RULE);
        String good = PAIR.sign(claims("j1"));
        String[] parts = good.split("\\.", -1);
        Map<String, Object> evil = claims("j1");
        evil.put("repository_id", "43");
        String payload = VouchingKeys.part(Json.write(evil));
        for (String bad : List.of(
                "",
                "...",
                "....",
                parts[0] + "." + parts[1],
                good + ".x",
                "x".repeat(102_400),
                VouchingKeys.part("{\"alg\":\"none\",\"kid\":\"k1\"}") + "." + parts[1] + ".",
                VouchingKeys.part("{\"alg\":\"HS256\",\"kid\":\"k1\"}") + "." + parts[1] + "." + parts[2],
                VouchingKeys.part("{\"alg\":\"rs256\",\"kid\":\"k1\"}") + "." + parts[1] + "." + parts[2],
                VouchingKeys.part("{\"alg\":\"RS256\",\"kid\":\"k1\",\"alg\":\"RS256\"}") + "." + parts[1] + "."
                        + parts[2],
                VouchingKeys.part("{\"alg\":\"RS256\"}") + "." + parts[1] + "." + parts[2],
                parts[0] + "." + VouchingKeys.part("[]") + "." + parts[2],
                parts[0] + "." + VouchingKeys.part("no json") + "." + parts[2])) {
            refused(bad, "form");
        }
        for (String member : List.of("jku", "jwk", "x5u", "x5c", "crit")) {
            Map<String, Object> header =
                    new HashMap<>(Map.of("alg", "RS256", "kid", "k1", member, "https://evil.example.net"));
            refused(PAIR.sign(header, claims("j1")), "form");
        }
        refused(parts[0] + "." + payload + "." + parts[2], "signature");
        refused(parts[0] + "." + parts[1] + "." + VouchingKeys.part("x".repeat(256)), "signature");
        refused(parts[0] + "." + parts[1] + ".", "signature");
        refused(OTHER.sign(claims("j1")), "signature");
        refused(new VouchingKeys("k2").sign(claims("j1")), "signature");
        for (Map.Entry<String, Object> odd : Map.<String, Object>of("exp", "soon", "iss", 1L, "repository_id", 42L)
                .entrySet()) {
            Map<String, Object> claims = claims("j1");
            claims.put(odd.getKey(), odd.getValue());
            refused(PAIR.sign(claims), "form");
        }
    }

    @Test
    void aTokenIsExchangedOnce() {
        rule(app.admin(), RULE);
        String token = PAIR.sign(claims("j1"));
        assertThat(exchange(token).status()).isEqualTo(201);
        assertThat(text(exchange(token))).contains("it was used before");
        assertThat(text(exchange(PAIR.sign(claims("j1"))))).contains("it was used before");
        app.clock().advance(Duration.ofSeconds(329));
        assertThat(text(exchange(token))).contains("it was used before");
        app.clock().advance(Duration.ofSeconds(1));
        assertThat(text(exchange(token))).contains("time");
        assertThat(app.count("token WHERE kind = 'ci'")).isEqualTo(1);
    }

    @Test
    void ofFiftyAtATimeOneIsExchanged() throws Exception {
        rule(app.admin(), RULE);
        String body = Json.write(Json.object("token", PAIR.sign(claims("j1"))));
        List<Callable<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            TestApp.Caller own = app.anonymous().at(app.isolate());
            calls.add(() -> own.send("POST", "/oidc/token", body).status());
        }
        List<Integer> statuses = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(20);
        for (Future<Integer> answer : threads.invokeAll(calls)) {
            statuses.add(answer.get());
        }
        threads.shutdown();
        assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
        assertThat(statuses).filteredOn(status -> status == 401).hasSize(49);
        assertThat(app.count("token WHERE kind = 'ci'")).isEqualTo(1);
    }

    @Test
    void gitLabJobsAreKnownByTheirOwnIds() {
        String issuer = "https://gitlab.example.com";
        app.serve(issuer + "/oauth/discovery/keys", "{\"keys\":[" + OTHER.jwk() + "]}");
        rule(app.admin(), RULE.replace("\"github\"", "\"gitlab\",\"issuer\":\"https://gitlab.example.com\""));
        Map<String, Object> claims = claims("j1");
        claims.put("iss", issuer);
        claims.put("project_id", "42");
        claims.put("namespace_id", "7");
        claims.put("ref_path", "refs/heads/main");
        claims.put("ref", "main");
        claims.put("pipeline_source", "merge_request_event");
        refused(OTHER.sign(claims), "no rule is for this job");
        claims.put("pipeline_source", "push");
        refused(PAIR.sign(claims), "signature");
        assertThat(exchange(OTHER.sign(claims)).status()).isEqualTo(201);
    }

    @Test
    void aRuleAndItsTokensEndWithWhoMadeIt() {
        JsonObject maker = json(
                app.admin().send("POST", "/api/tokens", "{\"name\":\"m\",\"role\":\"admin\",\"patterns\":[\"*\"]}"));
        rule(app.as(maker.text("token", 100)), RULE);
        String minted = json(exchange(PAIR.sign(claims("j1")))).text("token", 100);
        assertThat(app.as(minted).get("/packages.json").status()).isEqualTo(200);
        app.admin().send("DELETE", "/api/tokens/" + maker.text("id", 50), "{}");
        assertThat(app.as(minted).get("/packages.json").status()).isEqualTo(401);
        assertThat(exchange(PAIR.sign(claims("j2"))).status()).isEqualTo(401);
    }

    @Test
    void aRuleIsNoWiderThanItsMaker() {
        TestApp.Caller maker = app.as(json(app.admin()
                        .send(
                                "POST",
                                "/api/tokens",
                                "{\"name\":\"m\",\"rights\":[\"read\",\"manage_tokens\"],\"patterns\":[\"acme/*\"]}"))
                .text("token", 100));
        rule(maker, RULE);
        for (String wider : List.of(RULE.replace("acme/*", "*"), RULE.replace("\"read\"", "\"publish\""))) {
            assertThat(maker.send("POST", "/api/oidc-rules", wider).status()).isEqualTo(403);
        }
        String hidden = rule(app.admin(), RULE.replace("acme/*", "globex/*"));
        assertThat(maker.send("DELETE", "/api/oidc-rules/" + hidden, "{}").status())
                .isEqualTo(404);
    }

    @Test
    void aDeletedRuleGivesNothing() {
        String id = rule(app.admin(), RULE);
        assertThat(text(app.admin().get("/api/oidc-rules"))).contains(id).contains("\"repository_id\":\"42\"");
        assertThat(app.admin().send("DELETE", "/api/oidc-rules/" + id, "{}").status())
                .isEqualTo(204);
        refused(PAIR.sign(claims("j1")), "issuer");
        assertThat(app.admin().send("DELETE", "/api/oidc-rules/" + id, "{}").status())
                .isEqualTo(404);
        assertThat(app.count("audit WHERE action = 'delete.rule'")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "\"github\", \"travis\"",
        "\"42\", \"acme/widgets\"",
        "\"42\", 42",
        "\"42\", \"\"",
        "refs/heads/main, main",
        "refs/heads/main, refs/heads/*",
        "refs/heads/main, ''",
        "refs/heads/main, refs/tags/v*",
        "\"read\", \"admin\"",
        "\"github\", '\"github\",\"issuer\":\"http://gitlab.example.com\"'",
        "\"github\", '\"github\",\"issuer\":\"https://127.0.0.1\"'",
        "\"github\", '\"github\",\"issuer\":\"https://gitlab.example.com/\"'",
        "acme/*, ac*e/*"
    })
    void aRuleOfAnotherFormIsNotMade(String part, String other) {
        assertThat(app.admin()
                        .send("POST", "/api/oidc-rules", RULE.replace(part, other))
                        .status())
                .isEqualTo(422);
        assertThat(app.count("oidc_rule")).isZero();
    }
}
