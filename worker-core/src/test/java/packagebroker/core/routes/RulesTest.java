package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;
import packagebroker.core.text.Utf8;

/** How long a rule for CI jobs holds, and for which jobs it is not. */
class RulesTest extends JobScene {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM oidc_rule",
                "UPDATE token SET revoked_at = 1 WHERE name = 'm'",
                "UPDATE person SET suspended_at = 1",
                "DELETE FROM person"
            })
    void aRuleThatEndsWhileAJobIsLookedAtGivesNothing(String end) {
        app.database().update(Statement.of("""
                        INSERT INTO person (id, email, role, role_source, created_at, last_seen)
                        VALUES ('p', 'a@example.com', 'owner', 'hand', 0, 0)
                        """));
        JsonObject maker = json(
                app.admin().send("POST", "/api/tokens", "{\"name\":\"m\",\"role\":\"admin\",\"patterns\":[\"*\"]}"));
        rule(app.as(maker.text("token", 100)), RULE);
        app.database().update(Statement.of("UPDATE oidc_rule SET person = 'p'"));
        // The keys are asked for after the rules were read and before anything is stored.
        app.upstream().serves(ISSUER + "/.well-known/jwks", request -> {
            app.database().update(Statement.of(end));
            return new Response(200, Headers.of(), Body.of(Utf8.encode("{\"keys\":[" + PAIR.jwk() + "]}")));
        });
        String token = PAIR.sign(claims("j1"));
        refused(token, "no rule is for this job");
        assertThat(app.count("oidc_used")).isZero();
    }

    @Test
    void tokensOfJobsThatEndedGoWhenAnotherIsMade() {
        rule(app.admin(), RULE);
        for (int i = 0; i < 3; i++) {
            assertThat(exchange(PAIR.sign(claims("a" + i))).status()).isEqualTo(201);
        }
        app.clock().advance(Duration.ofMinutes(74));
        assertThat(exchange(PAIR.sign(claims("b"))).status()).isEqualTo(201);
        assertThat(app.count("token WHERE kind = 'ci'")).isEqualTo(4);
        app.clock().advance(Duration.ofMinutes(2));
        assertThat(exchange(PAIR.sign(claims("c"))).status()).isEqualTo(201);
        assertThat(app.count("token WHERE kind = 'ci'")).isEqualTo(2);
    }

    @Test
    void aRememberedTokenThatWasRevokedMakesNoRule() {
        try (TestApp remembering = TestApp.start("AUTH_CACHE_SECONDS", "60")) {
            JsonObject made = json(remembering
                    .admin()
                    .send("POST", "/api/tokens", "{\"name\":\"m\",\"role\":\"admin\",\"patterns\":[\"*\"]}"));
            TestApp.Caller maker = remembering.as(made.text("token", 100)).at(remembering.isolate());
            assertThat(maker.get("/api/tokens").status()).isEqualTo(200);
            remembering.admin().send("DELETE", "/api/tokens/" + made.text("id", 50), "{}");
            assertThat(maker.send("POST", "/api/oidc-rules", RULE).status()).isEqualTo(401);
            assertThat(remembering.count("oidc_rule")).isZero();
            assertThat(remembering.count("audit WHERE action = 'create.rule'")).isZero();
        }
    }

    @Test
    void aJobThatDoesNotSayWhyItRunsIsRefused() {
        rule(app.admin(), RULE);
        Map<String, Object> claims = claims("j1");
        claims.remove("event_name");
        refused(PAIR.sign(claims), "no rule is for this job");
        claims.put("event_name", "push");
        assertThat(exchange(PAIR.sign(claims)).status()).isEqualTo(201);
    }

    @Test
    void anEnvironmentOfGitLabCountsWithARefOrProtectionOnly() {
        app.serve("https://gitlab.com/oauth/discovery/keys", "{\"keys\":[" + PAIR.jwk() + "]}");
        String byEnvironment = RULE.replace("\"github\"", "\"gitlab\"")
                .replace("\"ref\":\"refs/heads/main\"", "\"environment\":\"release\"");
        rule(app.admin(), byEnvironment);
        Map<String, Object> claims = claims("j1");
        claims.putAll(Map.of("iss", "https://gitlab.com", "project_id", "42", "namespace_id", "7"));
        claims.putAll(Map.of("ref_path", "refs/heads/mine", "environment", "release", "ref_protected", "false"));
        refused(PAIR.sign(claims), "no rule is for this job");
        claims.put("pipeline_source", "push");
        refused(PAIR.sign(claims), "no rule is for this job");
        claims.put("environment_protected", "true");
        assertThat(exchange(PAIR.sign(claims)).status()).isEqualTo(201);
        claims.putAll(Map.of("jti", "j2", "environment_protected", "false", "ref_protected", "true"));
        assertThat(exchange(PAIR.sign(claims)).status()).isEqualTo(201);
        claims.putAll(Map.of("jti", "j3", "ref_protected", "false"));
        rule(app.admin(), byEnvironment.replace("\"environment\"", "\"ref\":\"refs/heads/mine\",\"environment\""));
        assertThat(exchange(PAIR.sign(claims)).status()).isEqualTo(201);
    }

    @Test
    void anIssuerIsOneProvidersOnly() {
        String gitlab = RULE.replace("\"github\"", "\"gitlab\",\"issuer\":\"" + ISSUER + "\"");
        assertThat(app.admin().send("POST", "/api/oidc-rules", gitlab).status()).isEqualTo(422);
        String own = "\"github\",\"issuer\":\"https://ci.example.com\"";
        rule(app.admin(), RULE.replace("\"github\"", own));
        Response other = app.admin()
                .send("POST", "/api/oidc-rules", RULE.replace("\"github\"", own.replace("github", "gitlab")));
        assertThat(other.status()).isEqualTo(409);
        assertThat(text(other)).contains("\"issuer_taken\"");
        app.database().update(Statement.of("""
                        INSERT INTO oidc_rule (id, name, provider, issuer, repository, namespace, ref, environment, rights, patterns,
                          created_at, created_by, person)
                        VALUES ('old', 'r', 'gitlab', 'https://ci.example.com', '1', '1', 'refs/heads/main', '', 'read', '*', 0, '', '')
                        """));
        app.serve("https://ci.example.com/oauth/discovery/keys", "{\"keys\":[" + PAIR.jwk() + "]}");
        Map<String, Object> claims = claims("j1");
        claims.putAll(Map.of("iss", "https://ci.example.com", "project_id", "42", "namespace_id", "7"));
        claims.putAll(Map.of("ref_path", "refs/heads/main", "pipeline_source", "push"));
        refused(PAIR.sign(claims), "no rule is for this job");
    }
}
