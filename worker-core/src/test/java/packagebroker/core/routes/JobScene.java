package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.BASE;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.testing.TestApp;
import packagebroker.core.testing.VouchingKeys;

/** An instance, a CI provider that vouches for its jobs, and a rule for one of them. */
abstract class JobScene {
    static final String ISSUER = "https://token.actions.githubusercontent.com";
    static final VouchingKeys PAIR = new VouchingKeys("k1");
    static final VouchingKeys OTHER = new VouchingKeys("k1");
    static final String RULE =
            "{\"name\":\"widgets\",\"provider\":\"github\",\"repository_id\":\"42\",\"owner_id\":\"7\","
                    + "\"ref\":\"refs/heads/main\",\"kind\":\"read\",\"patterns\":[\"acme/*\"]}";

    TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
        app.serve(ISSUER + "/.well-known/jwks", "{\"keys\":[" + PAIR.jwk() + "]}");
    }

    @AfterEach
    void close() {
        app.close();
    }

    static String rule(TestApp.Caller maker, String rule) {
        Response made = maker.send("POST", "/api/oidc-rules", rule);
        assertThat(made.status()).isEqualTo(201);
        return json(made).text("id", 50);
    }

    Map<String, Object> claims(String jti) {
        long now = app.clock().millis() / 1000;
        Map<String, Object> claims = new HashMap<>();
        claims.put("iss", ISSUER);
        claims.put("aud", BASE);
        claims.put("jti", jti);
        claims.put("sub", "repo:acme/widgets:ref:refs/heads/main");
        claims.put("iat", now);
        claims.put("nbf", now);
        claims.put("exp", now + 300);
        claims.put("repository", "acme/widgets");
        claims.put("repository_id", "42");
        claims.put("repository_owner_id", "7");
        claims.put("ref", "refs/heads/main");
        claims.put("event_name", "push");
        return claims;
    }

    Response exchange(String token) {
        return app.anonymous().send("POST", "/oidc/token", Json.write(Json.object("token", token)));
    }

    void refused(String token, String reason) {
        long before = app.count("token");
        Response response = exchange(token);
        assertThat(response.status()).isEqualTo(401);
        String text = text(response);
        assertThat(text).contains("\"identity_refused\"").contains(reason);
        if (token.length() > 20) {
            assertThat(text).doesNotContain(token);
        }
        assertThat(app.count("token")).isEqualTo(before);
        assertThat(app.count("audit WHERE action = 'mint.token'")).isZero();
    }
}
