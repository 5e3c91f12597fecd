package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** What a token may do, and how it is bounded by who made it. */
class RightsTest {
    private static final String ALL = "\"patterns\":[\"*\"]";
    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
    }

    @AfterEach
    void close() {
        app.close();
    }

    private static Response make(TestApp.Caller maker, String fields) {
        return maker.send("POST", "/api/tokens", "{\"name\":\"t\"," + fields + "}");
    }

    private TestApp.Caller made(TestApp.Caller maker, String fields) {
        Response made = make(maker, fields);
        assertThat(made.status()).as(fields).isEqualTo(201);
        return app.as(json(made).text("token", 100));
    }

    private String newestId() {
        return app.rows("SELECT id FROM token WHERE name = 't' ORDER BY rowid_of DESC"
                        .replace("rowid_of", "created_at"))
                .get(0)
                .text("id");
    }

    @ParameterizedTest
    @CsvSource({
        "owner, 200, 200, 201, 201",
        "admin, 200, 200, 201, 201",
        "publisher, 200, 403, 403, 403",
        "auditor, 200, 200, 403, 403",
        "viewer, 200, 403, 403, 403"
    })
    void aRoleOpensWhatItSays(String role, int upstreams, int tokens, int makesTokens, int makesUpstreams) {
        TestApp.Caller caller = made(app.admin(), "\"role\":\"" + role + "\"," + ALL);
        assertThat(caller.get("/packages.json").status()).isEqualTo(200);
        assertThat(caller.get("/api/upstreams").status()).isEqualTo(upstreams);
        assertThat(caller.get("/api/tokens").status()).isEqualTo(tokens);
        assertThat(make(caller, "\"kind\":\"read\"," + ALL).status()).isEqualTo(makesTokens);
        app.serve("https://u.example.com/packages.json", "{\"packages\":[]}");
        assertThat(caller.send(
                                "POST",
                                "/api/upstreams",
                                "{\"name\":\"u\",\"url\":\"https://u.example.com\",\"patterns\":[\"acme/*\"]}")
                        .status())
                .isEqualTo(makesUpstreams);
    }

    @Test
    void singleRightsOpenNothingElse() {
        TestApp.Caller browser = made(app.admin(), "\"rights\":[\"browse\"]," + ALL);
        assertThat(browser.get("/api/packages").status()).isEqualTo(200);
        assertThat(browser.get("/packages.json").status()).isEqualTo(403);
        assertThat(text(browser.get("/packages.json"))).contains("expected the right read");
        assertThat(browser.get("/api/upstreams").status()).isEqualTo(403);
        assertThat(browser.get("/nothing").status()).isEqualTo(404);
        assertThat(browser.send("PUT", "/packages.json", "{}").status()).isEqualTo(405);
    }

    @Test
    void aRightOfTheWholeInstanceIsNothingToWhomOnlySomePackagesAreOpen() {
        TestApp.Caller admin = made(app.admin(), "\"role\":\"owner\",\"patterns\":[\"acme/*\"]");
        assertThat(admin.get("/api/upstreams").status()).isEqualTo(403);
        assertThat(admin.send("PATCH", "/api/settings", "{\"base_url\":\"https://evil.example.org\"}")
                        .status())
                .isEqualTo(403);
        assertThat(make(admin, "\"kind\":\"read\",\"patterns\":[\"acme/tool\"]").status())
                .isEqualTo(201);
    }

    @Test
    void theCatalogueShowsTheCallersPackagesOnly() {
        app.addUpstream("*");
        for (String name : List.of("acme/a", "acme/b-x", "acme/bx", "globex/a", "zeta/z")) {
            app.publish(name, TestApp.version(name, "1.0.0", "a".repeat(40), ""));
            assertThat(app.admin().get("/p2/" + name + ".json").status()).isEqualTo(200);
        }
        TestApp.Caller browser =
                made(app.admin(), "\"rights\":[\"browse\"],\"patterns\":[\"acme/b-*\",\"acme/a\",\"zeta/*\"]");
        String first = text(browser.get("/api/packages?limit=2"));
        assertThat(first)
                .contains("acme/a", "acme/b-x", "\"next\":\"acme/b-x\"")
                .doesNotContain("globex");
        String second = text(browser.get("/api/packages?limit=2&after=acme/b-x"));
        assertThat(second)
                .contains("zeta/z", "\"next\":null")
                .doesNotContain("globex")
                .doesNotContain("acme/bx");
        assertThat(browser.get("/api/packages/globex/a").status()).isEqualTo(404);
        assertThat(browser.get("/api/packages/acme/a").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"role\":\"owner\",\"patterns\":[\"acme/*\"]",
                "\"rights\":[\"read\",\"manage_people\"],\"patterns\":[\"acme/*\"]",
                "\"kind\":\"read\",\"patterns\":[\"*\"]",
                "\"kind\":\"read\",\"patterns\":[\"acme/tool\",\"globex/*\"]",
                "\"kind\":\"read\",\"patterns\":[\"acmecorp/*\"]"
            })
    void noTokenIsMadeWiderThanItsMaker(String fields) {
        TestApp.Caller maker = made(app.admin(), "\"rights\":[\"read\",\"manage_tokens\"],\"patterns\":[\"acme/*\"]");
        long before = app.count("token");
        assertThat(make(maker, fields).status()).isEqualTo(403);
        assertThat(app.count("token")).isEqualTo(before);
    }

    @Test
    void anAdminMakesNoOwner() {
        TestApp.Caller admin = made(app.admin(), "\"role\":\"admin\"," + ALL);
        assertThat(make(admin, "\"role\":\"owner\"," + ALL).status()).isEqualTo(403);
        assertThat(make(admin, "\"rights\":[\"manage_keys\"]," + ALL).status()).isEqualTo(403);
        assertThat(make(admin, "\"role\":\"admin\"," + ALL).status()).isEqualTo(201);
    }

    @Test
    void anAdminRevokesAndRotatesNoOwner() {
        TestApp.Caller admin = made(app.admin(), "\"role\":\"admin\"," + ALL);
        String owner = app.rows("SELECT value FROM setting WHERE name = 'set_up'")
                .get(0)
                .text("value");
        assertThat(admin.send("DELETE", "/api/tokens/" + owner, "{}").status()).isEqualTo(403);
        assertThat(admin.send("POST", "/api/tokens/" + owner + "/rotate", "{}").status())
                .isEqualTo(403);
        assertThat(app.admin().get("/api/tokens").status()).isEqualTo(200);
    }

    @Test
    void whoManagesSomePackagesSeesNoTokensOfOthers() {
        TestApp.Caller maker = made(app.admin(), "\"rights\":[\"manage_tokens\"],\"patterns\":[\"acme/*\"]");
        app.token("globex/*");
        String other = app.rows("SELECT id FROM token WHERE patterns = 'globex/*'")
                .get(0)
                .text("id");
        assertThat(maker.send("DELETE", "/api/tokens/" + other, "{}").status()).isEqualTo(404);
        assertThat(maker.send("POST", "/api/tokens/" + other + "/rotate", "{}").status())
                .isEqualTo(404);
    }

    @Test
    void revokingAMakerRevokesWhatItMadeHoweverFarDown() {
        TestApp.Caller first = made(app.admin(), "\"role\":\"admin\"," + ALL);
        String id = newestId();
        app.clock().advance(Duration.ofSeconds(1));
        TestApp.Caller second = made(first, "\"role\":\"admin\"," + ALL);
        TestApp.Caller third = made(second, "\"role\":\"admin\"," + ALL);
        TestApp.Caller fourth = made(third, "\"kind\":\"read\"," + ALL);
        TestApp.Caller sibling = made(app.admin(), "\"kind\":\"read\"," + ALL);
        assertThat(app.admin().send("DELETE", "/api/tokens/" + id, "{}").status())
                .isEqualTo(204);
        for (TestApp.Caller caller : List.of(first, second, third, fourth)) {
            assertThat(caller.at(app.isolate()).get("/packages.json").status()).isEqualTo(401);
        }
        assertThat(sibling.get("/packages.json").status()).isEqualTo(200);
        assertThat(app.admin().get("/packages.json").status()).isEqualTo(200);
    }

    @Test
    void aRememberedMakerWhoWasRevokedMakesNothing() {
        try (TestApp remembering = TestApp.start("AUTH_CACHE_SECONDS", "60")) {
            JsonObject made = json(make(remembering.admin(), "\"role\":\"admin\"," + ALL));
            TestApp.Caller maker = remembering.as(made.text("token", 100)).at(remembering.isolate());
            assertThat(maker.get("/packages.json").status()).isEqualTo(200);
            remembering.admin().send("DELETE", "/api/tokens/" + made.text("id", 50), "{}");
            assertThat(maker.get("/packages.json").status()).isEqualTo(200);
            assertThat(make(maker, "\"kind\":\"read\"," + ALL).status()).isEqualTo(401);
            assertThat(remembering.count("token WHERE created_by LIKE 'token:%'"))
                    .isEqualTo(1);
            assertThat(remembering.count("audit WHERE action = 'create.token'")).isEqualTo(1);
        }
    }

    @Test
    void rotatingGivesAnotherTextAndLeavesAloneWhatWasMade() {
        JsonObject made = json(make(app.admin(), "\"role\":\"admin\"," + ALL));
        TestApp.Caller old = app.as(made.text("token", 100));
        String id = made.text("id", 50);
        TestApp.Caller child = made(old, "\"kind\":\"read\"," + ALL);
        Response rotated = app.admin().send("POST", "/api/tokens/" + id + "/rotate", "{\"expires_in_days\":30}");
        assertThat(rotated.status()).isEqualTo(201);
        JsonObject again = json(rotated);
        assertThat(again.text("id", 50)).isEqualTo(id);
        assertThat(old.get("/packages.json").status()).isEqualTo(401);
        assertThat(child.get("/packages.json").status()).isEqualTo(200);
        assertThat(app.as(again.text("token", 100)).get("/api/tokens").status()).isEqualTo(200);
        assertThat(app.count("audit WHERE action = 'rotate.token'")).isEqualTo(1);
        app.admin().send("DELETE", "/api/tokens/" + id, "{}");
        assertThat(app.admin()
                        .send("POST", "/api/tokens/" + id + "/rotate", "{}")
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ALL,
                "\"kind\":\"read\",\"role\":\"viewer\"," + ALL,
                "\"kind\":\"ci\"," + ALL,
                "\"kind\":\"break_glass\"," + ALL,
                "\"role\":\"root\"," + ALL,
                "\"role\":\"Owner\"," + ALL,
                "\"rights\":[]," + ALL,
                "\"rights\":[\"\"]," + ALL,
                "\"rights\":[\"read\",\"everything\"]," + ALL,
                "\"rights\":[\"owner\"]," + ALL,
                "\"rights\":\"read\"," + ALL,
                "\"kind\":\"read\",\"ip_allow\":[\"10.0.0.0/33\"]," + ALL,
                "\"kind\":\"read\",\"ip_allow\":[\"::/129\"]," + ALL,
                "\"kind\":\"read\",\"ip_allow\":[\"0.0.0.0/0\"]," + ALL,
                "\"kind\":\"read\",\"max_uses\":0," + ALL,
                "\"kind\":\"read\",\"max_uses\":-1," + ALL,
                "\"kind\":\"read\",\"expires_at\":null," + ALL,
                "\"kind\":\"read\",\"expires_in_days\":367," + ALL,
                "\"kind\":\"read\",\"not_before\":1," + ALL,
                "\"role\":\"admin\",\"max_uses\":3," + ALL
            })
    void aTokenOfAnotherFormIsNotMade(String fields) {
        long before = app.count("token");
        assertThat(make(app.admin(), fields).status()).isEqualTo(422);
        assertThat(app.count("token")).isEqualTo(before);
    }

    @Test
    void purposeAndOwnerAreKept() {
        made(app.admin(), "\"kind\":\"read\",\"purpose\":\"nightly builds\",\"owner\":\"ops@example.com\"," + ALL);
        assertThat(text(app.admin().get("/api/tokens")))
                .contains("\"purpose\":\"nightly builds\"")
                .contains("\"owner\":\"ops@example.com\"");
    }

    @Test
    void aTokenFromBeforeThereWereRightsKeepsThoseOfItsKind() {
        TestApp.Caller admin = made(app.admin(), "\"kind\":\"admin\"," + ALL);
        app.database().update(Statement.of("UPDATE token SET rights = '' WHERE name = 't'"));
        assertThat(admin.get("/api/tokens").status()).isEqualTo(200);
        TestApp.Caller reader = app.as(app.token("*"));
        app.database().update(Statement.of("UPDATE token SET rights = ''"));
        assertThat(reader.get("/packages.json").status()).isEqualTo(200);
        assertThat(reader.get("/api/tokens").status()).isEqualTo(403);
    }
}
