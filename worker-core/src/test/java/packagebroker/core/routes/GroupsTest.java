package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** What groups give, change and take when somebody signs in, and what is left of whoever is forgotten. */
class GroupsTest extends PeopleScene {
    private static final String RULE =
            "{\"name\":\"widgets\",\"provider\":\"github\",\"repository_id\":\"42\",\"owner_id\":\"7\","
                    + "\"ref\":\"refs/heads/main\",\"kind\":\"read\",\"patterns\":[\"acme/*\"]}";

    @Test
    void whatASignInChangesIsAudited() {
        signIn("boss");
        signIn("ann", "platform");
        signIn("ann", "platform");
        signIn("ann", "staff");
        app.admin().send("PATCH", "/api/people/" + id("ann"), "{\"role\":\"admin\"}");
        signIn("ann", "platform");
        List<String> changes = new ArrayList<>();
        for (Row row : app.rows("SELECT action, actor, target, detail FROM audit WHERE target = '" + id("ann")
                + "' AND actor NOT LIKE 'token:%' ORDER BY seq")) {
            assertThat(row.text("actor")).isEqualTo("person:" + id("ann"));
            changes.add(row.text("action") + " " + row.text("detail"));
        }
        assertThat(changes)
                .containsExactly(
                        "create.person {\"old_role\":null,\"role\":\"owner\",\"by\":\"groups\"}",
                        "change.person {\"old_role\":\"owner\",\"role\":\"viewer\",\"by\":\"groups\"}");
        assertThat(app.rows("SELECT detail FROM audit WHERE action = 'open.session' ORDER BY seq DESC")
                        .get(0)
                        .text("detail"))
                .isEqualTo("{\"email\":\"ann@example.com\",\"role\":\"admin\"}");
    }

    @Test
    void whoIsForgottenLeavesNoRuleBehind() {
        signIn("boss");
        String cookie = signIn("ann", "platform");
        assertThat(as(cookie, "POST", "/api/oidc-rules", RULE).status()).isEqualTo(201);
        assertThat(app.admin().send("POST", "/api/oidc-rules", RULE).status()).isEqualTo(201);
        app.admin().send("DELETE", "/api/people/" + id("ann"), "{}");
        signIn("ann", "platform");
        assertThat(app.count("oidc_rule")).isEqualTo(1);
        assertThat(app.count("oidc_rule WHERE person <> ''")).isZero();
    }

    @Test
    void whomNoGroupGivesARoleAnyMoreIsAsIfSuspendedUntilOneDoes() {
        signIn("boss");
        String cookie = signIn("ann", "platform");
        TestApp.Caller token = app.as(
                json(as(cookie, "POST", "/api/tokens", "{\"name\":\"t\",\"kind\":\"read\",\"patterns\":[\"*\"]}"))
                        .text("token", 100));
        assertThat(token.get("/packages.json").status()).isEqualTo(200);
        for (int i = 0; i < 2; i++) {
            assertThat(present(PAIR.sign(claims("ann", "others"))).status()).isEqualTo(403);
            assertThat(as(cookie, "GET", "/api/tokens", "").status()).isEqualTo(401);
            assertThat(text(token.get("/packages.json"))).contains("\"person_suspended\"");
        }
        assertThat(text(app.admin().get("/api/people"))).contains("\"role\":null,\"role_source\":\"groups\"");
        assertThat(app.rows("SELECT detail FROM audit WHERE action = 'change.person'"))
                .extracting(row -> row.text("detail"))
                .containsExactly("{\"old_role\":\"owner\",\"role\":\"\",\"by\":\"groups\"}");
        app.admin().send("PATCH", "/api/people/" + id("ann"), "{\"suspended\":false}");
        assertThat(token.get("/packages.json").status()).isEqualTo(401);
        signIn("ann", "staff");
        assertThat(token.get("/packages.json").status()).isEqualTo(200);
        assertThat(as(cookie, "GET", "/api/tokens", "").status()).isEqualTo(401);
    }

    @Test
    void aRoleGivenByHandAndTheLastOwnersStayWithoutAGroup() {
        String boss = signIn("boss");
        String ann = signIn("ann", "staff");
        app.admin().send("PATCH", "/api/people/" + id("ann"), "{\"role\":\"auditor\"}");
        assertThat(present(PAIR.sign(claims("ann", "others"))).status()).isEqualTo(403);
        assertThat(as(ann, "GET", "/api/tokens", "").status()).isEqualTo(200);
        Map<String, Object> claims = claims("boss");
        claims.put("email", "chief@example.com");
        assertThat(present(PAIR.sign(claims)).status()).isEqualTo(403);
        assertThat(as(boss, "GET", "/api/people", "").status()).isEqualTo(200);
        assertThat(app.count("audit WHERE action = 'change.person'")).isEqualTo(1);
    }

    @Test
    void aRememberedTokenOfAForgottenPersonMakesNothing() {
        try (TestApp remembering = TestApp.start("AUTH_CACHE_SECONDS", "60")) {
            TestApp.Caller maker = remembering
                    .as(json(remembering
                                    .admin()
                                    .send(
                                            "POST",
                                            "/api/tokens",
                                            "{\"name\":\"t\",\"role\":\"admin\",\"patterns\":[\"*\"]}"))
                            .text("token", 100))
                    .at(remembering.isolate());
            remembering.database().update(Statement.of("""
                            INSERT INTO person (id, email, role, role_source, created_at, last_seen)
                            VALUES ('p', 'a@example.com', 'owner', 'hand', 0, 0)
                            """));
            remembering.database().update(Statement.of("UPDATE token SET person = 'p' WHERE name = 't'"));
            assertThat(maker.send("POST", "/api/tokens", "{\"name\":\"t\",\"role\":\"admin\",\"patterns\":[\"*\"]}")
                            .status())
                    .isEqualTo(201);
            remembering.database().update(Statement.of("DELETE FROM person"));
            assertThat(maker.get("/packages.json").status()).isEqualTo(200);
            assertThat(maker.send("POST", "/api/tokens", "{\"name\":\"t\",\"role\":\"admin\",\"patterns\":[\"*\"]}")
                            .status())
                    .isEqualTo(401);
        }
    }
}
