package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.BASE;
import static packagebroker.core.testing.TestApp.text;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.testing.TestApp;

/** {@code /api/session}: a token exchanged for a cookie. */
class SessionsTest {
    private static final String TOKEN = "{\"name\":\"t\",\"kind\":\"read\",\"patterns\":[\"*\"]}";
    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
    }

    @AfterEach
    void close() {
        app.close();
    }

    private String open(TestApp.Caller caller) {
        Response opened = caller.send("POST", "/api/session", "{}");
        assertThat(opened.status()).isEqualTo(201);
        String cookie = opened.findHeader("set-cookie");
        assertThat(cookie)
                .startsWith("__Host-session=pkbs_")
                .contains("; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict")
                .doesNotContain("Domain");
        return cookie.substring(0, cookie.indexOf(';'));
    }

    private int read(String cookie) {
        return app.anonymous().get("/api/tokens", "cookie", cookie).status();
    }

    private Response change(String cookie, String... headers) {
        String[] fields = new String[headers.length + 2];
        fields[0] = "cookie";
        fields[1] = cookie;
        System.arraycopy(headers, 0, fields, 2, headers.length);
        return app.anonymous().send("POST", "/api/tokens", TOKEN, fields);
    }

    @Test
    void aSessionOpensWhatItsTokenOpens() {
        String cookie = open(app.admin());
        assertThat(read("theme=dark; " + cookie + "; x=y")).isEqualTo(200);
        assertThat(change(cookie, "origin", BASE).status()).isEqualTo(201);
        assertThat(text(app.anonymous().get("/api/session", "cookie", cookie))).contains("\"actor\":\"token:");
        String reader = open(app.as(app.token("acme/*")));
        assertThat(read(reader)).isEqualTo(403);
    }

    @Test
    void theCookieIsNotStored() {
        String cookie = open(app.admin());
        String text = cookie.substring(cookie.indexOf('=') + 1);
        assertThat(app.rows("SELECT hash FROM session").get(0).text("hash"))
                .hasSize(64)
                .isNotEqualTo(text);
        assertThat(app.rows("SELECT detail FROM audit WHERE action = 'open.session'")
                        .get(0)
                        .text("detail"))
                .doesNotContain("pkbs_");
    }

    @Test
    void aChangeNeedsAPageOfOursAndJson() {
        String cookie = open(app.admin());
        long before = app.count("token");
        assertThat(change(cookie).status()).isEqualTo(403);
        for (String origin : new String[] {
            "https://evil.example.net",
            "null",
            "https://packages.example.org.evil.example.net",
            "http://packages.example.org",
            "https://packages.example.org:8443",
            ""
        }) {
            assertThat(change(cookie, "origin", origin).status()).as(origin).isEqualTo(403);
        }
        assertThat(change(cookie, "origin", BASE, "sec-fetch-site", "cross-site")
                        .status())
                .isEqualTo(403);
        for (String type : new String[] {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"}) {
            assertThat(app.anonymous()
                            .send(
                                    "POST",
                                    "/api/tokens",
                                    type,
                                    TOKEN.getBytes(StandardCharsets.UTF_8),
                                    "cookie",
                                    cookie,
                                    "origin",
                                    BASE)
                            .status())
                    .isEqualTo(403);
        }
        assertThat(app.count("token")).isEqualTo(before);
        assertThat(change(cookie, "origin", BASE, "sec-fetch-site", "same-origin")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aChangeWithATokenDoesNotComeFromAForeignPageEither() {
        long before = app.count("token");
        for (String origin : new String[] {"https://evil.example.net", "null", BASE + ".evil.example.net", ""}) {
            assertThat(app.admin()
                            .send("POST", "/api/tokens", TOKEN, "origin", origin)
                            .status())
                    .as(origin)
                    .isEqualTo(403);
        }
        assertThat(app.admin()
                        .send("POST", "/api/tokens", TOKEN, "sec-fetch-site", "cross-site")
                        .status())
                .isEqualTo(403);
        assertThat(app.count("token")).isEqualTo(before);
        assertThat(app.admin()
                        .send("POST", "/api/tokens", TOKEN, "origin", BASE)
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aSessionEndsAfterHalfAnHourWithoutARequest() {
        String cookie = open(app.admin());
        for (int i = 0; i < 5; i++) {
            app.clock().advance(Duration.ofMinutes(29));
            assertThat(read(cookie)).isEqualTo(200);
            app.drain();
        }
        app.clock().advance(Duration.ofMinutes(30));
        assertThat(text(app.anonymous().get("/api/tokens", "cookie", cookie))).contains("\"session_ended\"");
    }

    @Test
    void whatWasRefusedDoesNotKeepASessionAlive() {
        String cookie = open(app.admin());
        app.clock().advance(Duration.ofMinutes(20));
        assertThat(change(cookie, "origin", "https://evil.example.net").status())
                .isEqualTo(403);
        app.drain();
        app.clock().advance(Duration.ofMinutes(10));
        assertThat(read(cookie)).isEqualTo(401);
    }

    @Test
    void aSessionEndsAfterTwelveHoursWhateverHappens() {
        String cookie = open(app.admin());
        for (int i = 0; i < 48; i++) {
            assertThat(read(cookie)).isEqualTo(200);
            app.drain();
            app.clock().advance(Duration.ofMinutes(15));
        }
        assertThat(read(cookie)).isEqualTo(401);
    }

    @Test
    void aSessionEndsWithItsToken() {
        Response made = app.admin().send("POST", "/api/tokens", TOKEN.replace("\"read\"", "\"admin\""));
        var token = TestApp.json(made);
        String cookie = open(app.as(token.text("token", 100)));
        assertThat(read(cookie)).isEqualTo(200);
        app.admin().send("DELETE", "/api/tokens/" + token.text("id", 50), "{}");
        assertThat(text(app.anonymous().get("/api/tokens", "cookie", cookie))).contains("\"token_revoked\"");
    }

    @Test
    void aClosedSessionOpensNothing() {
        String cookie = open(app.admin());
        assertThat(app.anonymous()
                        .send("DELETE", "/api/session", "{}", "cookie", cookie)
                        .status())
                .isEqualTo(403);
        Response closed = app.anonymous().send("DELETE", "/api/session", "{}", "cookie", cookie, "origin", BASE);
        assertThat(closed.status()).isEqualTo(204);
        assertThat(closed.findHeader("set-cookie")).contains("Max-Age=0");
        assertThat(read(cookie)).isEqualTo(401);
        assertThat(app.count("audit WHERE action = 'close.session'")).isEqualTo(1);
    }

    @Test
    void aSessionDoesNotProlongItself() {
        String cookie = open(app.admin());
        assertThat(app.anonymous()
                        .send("POST", "/api/session", "{}", "cookie", cookie, "origin", BASE)
                        .status())
                .isEqualTo(403);
        assertThat(app.admin().send("DELETE", "/api/session", "{}").status()).isEqualTo(404);
    }

    @Test
    void aCookieIsNoTokenAndATokenNoCookie() {
        String cookie = open(app.admin());
        String text = cookie.substring(cookie.indexOf('=') + 1);
        assertThat(app.as(text).get("/api/tokens").status()).isEqualTo(401);
        assertThat(app.withAuthorization(cookie).get("/api/tokens").status()).isEqualTo(401);
        assertThat(read("__Host-session=" + app.breakGlass())).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../../x", "pkbs_", "pkbs_0000000000000000000000000000000000000000000000000", "a=b"})
    void aCookieOfAnotherFormOpensNothingAndCostsNoQuery(String value) {
        app.drain();
        long before = app.counts().of("d1_round_trips");
        assertThat(read("__Host-session=" + value)).isEqualTo(401);
        assertThat(app.counts().of("d1_round_trips")).isEqualTo(before);
    }

    @Test
    void onlyACookieOfThatVeryNameIsASession() {
        String cookie = open(app.admin());
        for (String other : new String[] {
            "x" + cookie,
            "x_" + cookie + "; a=b",
            "theme=" + cookie,
            "a=\"" + cookie + "\"",
            "a=b " + cookie,
            "a=b," + cookie
        }) {
            assertThat(read(other)).as(other).isEqualTo(401);
        }
        assertThat(read("x" + cookie.substring(0, 30) + ";" + cookie + " ;theme=dark"))
                .isEqualTo(200);
    }

    @Test
    void ofTwoSessionsInOneRequestNoneIsTaken() {
        String cookie = open(app.admin());
        for (String other : new String[] {cookie, open(app.admin()), "__Host-session="}) {
            assertThat(read(cookie + "; " + other)).isEqualTo(401);
            assertThat(read(other + ";a=b;" + cookie)).isEqualTo(401);
        }
    }

    @Test
    void aTokenGoesBeforeACookie() {
        String cookie = open(app.admin());
        assertThat(app.as(app.token("*")).get("/api/tokens", "cookie", cookie).status())
                .isEqualTo(403);
        assertThat(app.admin()
                        .get("/packages.json", "cookie", "__Host-session=../../x")
                        .status())
                .isEqualTo(200);
    }
}
