package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.testing.TestApp;
import packagebroker.core.testing.VouchingKeys;

/** People: signed in by Cloudflare Access, with roles by their groups or by hand. */
class PeopleTest extends PeopleScene {
    @Test
    void aGroupGivesARole() {
        String auditor = signIn("ann", "staff", "security");
        assertThat(as(auditor, "GET", "/api/tokens", "").status()).isEqualTo(200);
        assertThat(as(auditor, "POST", "/api/tokens", "{}").status()).isEqualTo(403);
        String owner = signIn("boss");
        assertThat(text(as(owner, "GET", "/api/people", "")))
                .contains("\"email\":\"ann@example.com\",\"role\":\"auditor\"")
                .contains("\"role\":\"owner\"");
        assertThat(text(as(owner, "GET", "/api/session", ""))).contains("\"actor\":\"person:");
    }

    @Test
    void whoHasNoGroupOfOursDoesNotComeIn() {
        assertThat(present(PAIR.sign(claims("eve", "others"))).status()).isEqualTo(403);
        assertThat(app.count("person")).isZero();
    }

    @Test
    void groupsMayBeWrittenAsObjects() {
        Map<String, Object> claims = claims("ann");
        claims.put("groups", List.of(Map.of("id", "1", "name", "security")));
        claims.remove("custom");
        assertThat(present(PAIR.sign(claims)).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({
        "iss, https://acme.cloudflareaccess.com.evil.example.net",
        "iss, https://acme.cloudflareaccess.com/",
        "iss, https://other.cloudflareaccess.com",
        "aud, other",
        "sub, ''"
    })
    void anAssertionForAnotherOrOfAnotherIsRefused(String claim, String value) {
        Map<String, Object> claims = claims("ann", "platform");
        claims.put(claim, value);
        assertThat(present(PAIR.sign(claims)).status()).isIn(401, 403);
        assertThat(app.count("session")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"exp, -31", "nbf, 60", "iat, 60"})
    void anAssertionOutOfItsTimeIsRefused(String claim, long seconds) {
        Map<String, Object> claims = claims("ann", "platform");
        claims.put(claim, app.clock().millis() / 1000 + seconds);
        assertThat(text(present(PAIR.sign(claims))))
                .contains("identity_refused")
                .contains("time");
    }

    @Test
    void anAssertionThatOursDidNotSignIsRefused() {
        String good = PAIR.sign(claims("ann", "platform"));
        String[] parts = good.split("\\.", -1);
        String payload = VouchingKeys.part("{\"email\":\"boss@example.com\"}");
        for (String bad : List.of(
                OTHER.sign(claims("ann", "platform")),
                parts[0] + "." + payload + "." + parts[2],
                VouchingKeys.part("{\"alg\":\"none\"}") + "." + parts[1] + ".",
                VouchingKeys.part("{\"alg\":\"HS256\",\"kid\":\"k1\"}") + "." + parts[1] + "." + parts[2],
                good + ".",
                parts[0] + "." + parts[1],
                "",
                "x")) {
            assertThat(present(bad).status()).isEqualTo(401);
        }
        assertThat(app.count("person")).isZero();
    }

    @Test
    void theHeaderWithTheAddressIsIgnored() {
        Response response = app.anonymous()
                .send("POST", "/api/session/access", "{}", "cf-access-authenticated-user-email", "boss@example.com");
        assertThat(response.status()).isEqualTo(401);
    }

    @Test
    void withoutATeamNobodyComesInThisWay() {
        try (TestApp teamless = TestApp.start()) {
            Response response = teamless.anonymous()
                    .send(
                            "POST",
                            "/api/session/access",
                            "{}",
                            "cf-access-jwt-assertion",
                            PAIR.sign(claims("ann", "platform")));
            assertThat(response.status()).isEqualTo(401);
        }
    }

    @Test
    void keysAreFetchedOnceAndForAnUnknownOneAtMostOnceAMinute() {
        signIn("ann", "platform");
        signIn("ann", "platform");
        VouchingKeys next = new VouchingKeys("k2");
        for (int i = 0; i < 5; i++) {
            assertThat(present(next.sign(claims("ann", "platform"))).status()).isEqualTo(401);
        }
        assertThat(app.upstream().requests()).hasSize(1);
        app.serve(KEYS, "{\"keys\":[" + PAIR.jwk() + "," + next.jwk() + "]}");
        app.clock().advance(Duration.ofMinutes(1));
        assertThat(present(next.sign(claims("ann", "platform"))).status()).isEqualTo(201);
        assertThat(app.upstream().requests()).hasSize(2);
    }

    @Test
    void aSuspendedPersonsSessionsAndTokensOpenNothingAtOnce() {
        signIn("boss");
        String cookie = signIn("ann", "platform");
        String token = json(as(
                        cookie, "POST", "/api/tokens", "{\"name\":\"t\",\"role\":\"owner\",\"patterns\":[\"*\"]}"))
                .text("token", 100);
        TestApp.Caller child = app.as(json(app.as(token)
                        .send("POST", "/api/tokens", "{\"name\":\"t\",\"kind\":\"read\",\"patterns\":[\"*\"]}"))
                .text("token", 100));
        assertThat(child.get("/packages.json").status()).isEqualTo(200);
        Response suspended = app.admin().send("PATCH", "/api/people/" + id("ann"), "{\"suspended\":true}");
        assertThat(suspended.status()).isEqualTo(200);
        assertThat(as(cookie, "GET", "/api/tokens", "").status()).isEqualTo(401);
        assertThat(text(app.as(token).get("/api/tokens"))).contains("\"person_suspended\"");
        assertThat(child.at(app.isolate()).get("/packages.json").status()).isEqualTo(401);
        assertThat(present(PAIR.sign(claims("ann", "platform"))).status()).isEqualTo(401);
        app.admin().send("PATCH", "/api/people/" + id("ann"), "{\"suspended\":false}");
        assertThat(child.get("/packages.json").status()).isEqualTo(200);
        assertThat(as(cookie, "GET", "/api/tokens", "").status()).isEqualTo(401);
        assertThat(app.count("audit WHERE action = 'change.person'")).isEqualTo(2);
    }

    @Test
    void aDemotedPersonsSessionsAndTokensNarrowAtOnce() {
        signIn("boss");
        String cookie = signIn("ann", "platform");
        String token = json(as(
                        cookie, "POST", "/api/tokens", "{\"name\":\"t\",\"role\":\"admin\",\"patterns\":[\"*\"]}"))
                .text("token", 100);
        app.admin().send("PATCH", "/api/people/" + id("ann"), "{\"role\":\"viewer\"}");
        for (int status : new int[] {
            as(cookie, "GET", "/api/tokens", "").status(),
            app.as(token).get("/api/tokens").status()
        }) {
            assertThat(status).isEqualTo(403);
        }
        assertThat(app.as(token).get("/packages.json").status()).isEqualTo(200);
        signIn("ann", "platform");
        assertThat(text(app.admin().get("/api/people"))).contains("\"role\":\"viewer\",\"role_source\":\"hand\"");
    }

    @Test
    void aPersonWhoseGroupsChangedHasTheNewRoleAtTheNextSignIn() {
        signIn("boss");
        String old = signIn("ann", "platform");
        signIn("ann", "staff");
        assertThat(as(old, "GET", "/api/tokens", "").status()).isEqualTo(403);
    }

    @Test
    void theLastOwnerStays() {
        signIn("ann", "platform");
        String ann = "/api/people/" + id("ann");
        assertThat(text(app.admin().send("PATCH", ann, "{\"role\":\"viewer\"}")))
                .contains("\"last_owner\"");
        assertThat(app.admin().send("PATCH", ann, "{\"suspended\":true}").status())
                .isEqualTo(409);
        assertThat(app.admin().send("DELETE", ann, "{}").status()).isEqualTo(409);
        String cookie = signIn("ann", "staff");
        assertThat(as(cookie, "GET", "/api/people", "").status()).isEqualTo(200);
        assertThat(app.count("audit WHERE action IN ('change.person', 'delete.person')"))
                .isZero();
        signIn("boss");
        assertThat(app.admin().send("PATCH", ann, "{\"suspended\":true}").status())
                .isEqualTo(200);
        assertThat(app.admin()
                        .send("PATCH", "/api/people/" + id("boss"), "{\"role\":\"admin\"}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void nobodyChangesHisOwnRole() {
        signIn("boss");
        String cookie = signIn("ann", "platform");
        String ann = "/api/people/" + id("ann");
        String token = json(as(
                        cookie, "POST", "/api/tokens", "{\"name\":\"t\",\"role\":\"owner\",\"patterns\":[\"*\"]}"))
                .text("token", 100);
        assertThat(as(cookie, "PATCH", ann, "{\"role\":\"admin\"}").status()).isEqualTo(403);
        assertThat(app.as(token).send("PATCH", ann, "{\"suspended\":true}").status())
                .isEqualTo(403);
        assertThat(as(cookie, "PATCH", "/api/people/" + id("boss"), "{\"role\":\"admin\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whoManagesPeopleGivesNoMoreThanHeHas() {
        signIn("boss");
        signIn("ann", "staff");
        TestApp.Caller clerk = app.as(json(app.admin()
                        .send(
                                "POST",
                                "/api/tokens",
                                "{\"name\":\"t\",\"rights\":[\"manage_people\",\"read\",\"browse\",\"read_status\"],\"patterns\":[\"*\"]}"))
                .text("token", 100));
        assertThat(clerk.send("PATCH", "/api/people/" + id("ann"), "{\"role\":\"owner\"}")
                        .status())
                .isEqualTo(403);
        assertThat(clerk.send("PATCH", "/api/people/" + id("boss"), "{\"suspended\":true}")
                        .status())
                .isEqualTo(403);
        assertThat(clerk.send("PATCH", "/api/people/" + id("ann"), "{\"suspended\":true}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whoIsForgottenLosesTokensForGood() {
        signIn("boss");
        String cookie = signIn("ann", "platform");
        String token = json(as(
                        cookie, "POST", "/api/tokens", "{\"name\":\"t\",\"kind\":\"read\",\"patterns\":[\"*\"]}"))
                .text("token", 100);
        assertThat(app.admin().send("DELETE", "/api/people/" + id("ann"), "{}").status())
                .isEqualTo(204);
        assertThat(as(cookie, "GET", "/api/people", "").status()).isEqualTo(401);
        signIn("ann", "platform");
        assertThat(text(app.as(token).get("/packages.json"))).contains("\"token_revoked\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"role\":\"root\"}",
                "{\"role\":\"viewer\",\"suspended\":true}",
                "{\"suspended\":1}",
                "{\"email\":\"x\"}"
            })
    void aPersonIsNotChangedByABadBody(String body) {
        signIn("ann", "staff");
        assertThat(app.admin().send("PATCH", "/api/people/" + id("ann"), body).status())
                .isEqualTo(422);
        assertThat(app.admin()
                        .send("PATCH", "/api/people/none", "{\"suspended\":true}")
                        .status())
                .isEqualTo(404);
    }
}
