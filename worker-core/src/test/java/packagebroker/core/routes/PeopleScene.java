package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.BASE;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import packagebroker.core.http.Response;
import packagebroker.core.testing.TestApp;
import packagebroker.core.testing.VouchingKeys;

/** An instance whose people come by Cloudflare Access. */
abstract class PeopleScene {
    static final String ISSUER = "https://acme.cloudflareaccess.com";
    static final String KEYS = ISSUER + "/cdn-cgi/access/certs";
    static final VouchingKeys PAIR = new VouchingKeys("k1");
    static final VouchingKeys OTHER = new VouchingKeys("k1");

    TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start(
                "ACCESS_TEAM",
                "acme",
                "ACCESS_AUD",
                "tag",
                "ACCESS_ROLES",
                "platform=owner, security=auditor, boss@example.com=owner, staff=viewer");
        app.serve(KEYS, "{\"keys\":[" + PAIR.jwk() + "],\"public_cert\":{},\"public_certs\":[]}");
    }

    @AfterEach
    void close() {
        app.close();
    }

    Map<String, Object> claims(String subject, String... groups) {
        long now = app.clock().millis() / 1000;
        Map<String, Object> claims = new HashMap<>();
        claims.put("iss", ISSUER);
        claims.put("aud", List.of("tag"));
        claims.put("sub", subject);
        claims.put("email", subject + "@example.com");
        claims.put("iat", now);
        claims.put("nbf", now);
        claims.put("exp", now + 3600);
        claims.put("type", "app");
        claims.put("custom", Map.of("groups", List.of(groups)));
        return claims;
    }

    Response present(String assertion) {
        return app.anonymous().send("POST", "/api/session/access", "{}", "cf-access-jwt-assertion", assertion);
    }

    String signIn(String subject, String... groups) {
        Response opened = present(PAIR.sign(claims(subject, groups)));
        assertThat(opened.status()).as(subject).isEqualTo(201);
        String cookie = opened.findHeader("set-cookie");
        return cookie.substring(0, cookie.indexOf(';'));
    }

    Response as(String cookie, String method, String path, String body) {
        return method.equals("GET")
                ? app.anonymous().get(path, "cookie", cookie)
                : app.anonymous().send(method, path, body, "cookie", cookie, "origin", BASE);
    }

    String id(String subject) {
        return app.rows("SELECT id FROM person WHERE email = '" + subject + "@example.com'")
                .get(0)
                .text("id");
    }
}
