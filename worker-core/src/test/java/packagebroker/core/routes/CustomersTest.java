package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.routes.CustomerScene.limit;
import static packagebroker.core.routes.CustomerScene.millis;
import static packagebroker.core.routes.CustomerScene.until;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.json.JsonObject;
import packagebroker.core.testing.TestApp;

/** Tokens of customers: made, listed by reference, extended, revoked. */
class CustomersTest {
    private CustomerScene scene;
    private TestApp app;

    @BeforeEach
    void start() {
        scene = new CustomerScene();
        app = scene.app;
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private TestApp.Caller token(String fields) {
        Response made = app.admin().send("POST", "/api/tokens", "{\"name\":\"t\"," + fields + "}");
        assertThat(made.status()).isEqualTo(201);
        return app.as(json(made).text("token", 100));
    }

    @Test
    void aTokenIsMadeAndShownOnceWithItsLimits() {
        Response made = CustomerScene.make(
                app.admin(), "order 4711", limit("acme/*", "^1.0"), until("Acme/Extra", "2026-12-31T00:00:00Z"));
        assertThat(made.status()).isEqualTo(201);
        JsonObject token = json(made);
        assertThat(token.text("token", 100)).startsWith("pkbu_");
        assertThat(token.text("kind", 20)).isEqualTo("customer");
        assertThat(token.text("customer", 20)).isEqualTo("order 4711");
        assertThat(token.findTexts("rights", 20)).containsExactly("read");
        assertThat(token.findTexts("patterns", 20)).containsExactly("acme/*", "acme/extra");
        assertThat(token.objects("limits").get(0).text("versions", 20)).isEqualTo("^1.0");
        assertThat(token.objects("limits").get(1).number("until", 0, Long.MAX_VALUE, 0))
                .isEqualTo(millis("2026-12-31T00:00:00Z"));
        long years =
                token.number("expires_at", 0, Long.MAX_VALUE, 0) - app.clock().millis();
        assertThat(years).isEqualTo(3_660 * 86_400_000L);
        assertThat(app.rows("SELECT detail FROM audit WHERE action = 'create.token'")
                        .get(0)
                        .text("detail"))
                .contains("\"customer\":\"order 4711\"", "\"versions\":\"^1.0\"")
                .doesNotContain(token.text("token", 100));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"kind\":\"customer\",\"limits\":[{\"pattern\":\"acme/*\"}]",
                "\"kind\":\"customer\",\"customer\":\"\",\"limits\":[{\"pattern\":\"acme/*\"}]",
                "\"kind\":\"customer\",\"customer\":\"c\"",
                "\"kind\":\"customer\",\"customer\":\"c\",\"limits\":[]",
                "\"kind\":\"customer\",\"customer\":\"c\",\"limits\":[{}]",
                "\"kind\":\"customer\",\"customer\":\"c\",\"limits\":[\"acme/*\"]",
                "\"kind\":\"customer\",\"customer\":\"c\",\"limits\":[{\"pattern\":\"acme\"}]",
                "\"kind\":\"customer\",\"customer\":\"c\",\"limits\":[{\"pattern\":\"acme/*\",\"versions\":\"1.x\"}]",
                "\"kind\":\"customer\",\"customer\":\"c\",\"limits\":[{\"pattern\":\"acme/*\",\"versions\":\"\"}]",
                "\"kind\":\"customer\",\"customer\":\"c\",\"limits\":[{\"pattern\":\"acme/*\",\"until\":0}]",
                "\"kind\":\"customer\",\"customer\":\"c\",\"limits\":[{\"pattern\":\"acme/*\",\"until\":\"2026\"}]",
                "\"kind\":\"customer\",\"customer\":\"c\",\"limits\":[{\"pattern\":\"acme/*\",\"version\":\"^1\"}]",
                "\"kind\":\"customer\",\"customer\":\"c\",\"patterns\":[\"acme/*\"],\"limits\":[{\"pattern\":\"acme/*\"}]",
                "\"kind\":\"customer\",\"role\":\"owner\",\"customer\":\"c\",\"limits\":[{\"pattern\":\"acme/*\"}]",
                "\"kind\":\"read\",\"patterns\":[\"*\"],\"customer\":\"c\"",
                "\"kind\":\"admin\",\"patterns\":[\"*\"],\"limits\":[{\"pattern\":\"acme/*\"}]",
                "\"kind\":\"customer\",\"customer\":\"c\",\"limits\":[{\"pattern\":\"acme/*\"}],\"expires_in_days\":3661"
            })
    void whatIsNoTokenOfACustomerIsRefused(String fields) {
        Response refused = app.admin().send("POST", "/api/tokens", "{\"name\":\"t\"," + fields + "}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(app.count("token WHERE kind = 'customer'")).isZero();
    }

    @Test
    void aShopMakesListsExtendsAndRevokesWithinItsOwnPackagesOnly() {
        TestApp.Caller shop = token("\"rights\":[\"read\",\"manage_tokens\"],\"patterns\":[\"acme/*\"]");
        assertThat(CustomerScene.make(shop, "c1", limit("globex/*", "^1")).status())
                .isEqualTo(403);
        assertThat(CustomerScene.make(shop, "c1", limit("*", "^1")).status()).isEqualTo(403);
        Response made = CustomerScene.make(shop, "c1", limit("acme/tool", "^1"));
        assertThat(made.status()).isEqualTo(201);
        String id = json(made).text("id", 50);
        CustomerScene.Customer foreign = scene.customer("c1", limit("globex/*", "^1"));
        assertThat(text(shop.get("/api/customers"))).contains(id).doesNotContain(foreign.id);
        assertThat(text(shop.get("/api/customers/c1"))).contains(id).doesNotContain(foreign.id);
        assertThat(shop.send("PATCH", "/api/tokens/" + id, "{\"limits\":[{\"pattern\":\"globex/*\"}]}")
                        .status())
                .isEqualTo(403);
        assertThat(shop.send("PATCH", "/api/tokens/" + foreign.id, "{\"until\":5}")
                        .status())
                .isEqualTo(404);
        assertThat(shop.send("PATCH", "/api/tokens/" + id, "{\"limits\":[{\"pattern\":\"acme/*\"}]}")
                        .status())
                .isEqualTo(200);
        assertThat(shop.send("DELETE", "/api/customers/c1", "{}").status()).isEqualTo(204);
        assertThat(foreign.caller.get("/packages.json").status()).isEqualTo(200);
        assertThat(app.count("token WHERE customer = 'c1' AND revoked_at IS NULL"))
                .isEqualTo(1);
        assertThat(shop.send("DELETE", "/api/customers/c1", "{}").status()).isEqualTo(404);
    }

    @Test
    void theTokensOfACustomerAreListedByReferenceAsItIsWritten() {
        scene.customer("Müller & Söhne / 7", limit("acme/*", "^1"));
        scene.customer("Müller & Söhne / 7", limit("acme/*", "^2"));
        scene.customer("another", limit("acme/*", "^1"));
        String path = "/api/customers/M%C3%BCller%20%26%20S%C3%B6hne%20%2F%207";
        assertThat(json(app.admin().get(path)).objects("tokens")).hasSize(2);
        assertThat(app.admin().get("/api/customers/nobody").status()).isEqualTo(404);
        assertThat(app.admin().get("/api/customers/%ff").status()).isEqualTo(404);
        assertThat(app.admin().send("DELETE", path, "{}").status()).isEqualTo(204);
        for (JsonObject token : json(app.admin().get(path)).objects("tokens")) {
            assertThat(token.number("revoked_at", 1, Long.MAX_VALUE, 0)).isPositive();
        }
        assertThat(app.rows("SELECT target, detail FROM audit WHERE action = 'revoke.customer'"))
                .hasSize(1)
                .allSatisfy(row -> assertThat(row.text("target")).isEqualTo("Müller & Söhne / 7"));
    }

    @Test
    void manyCustomersComeInPages() {
        for (int i = 0; i < 201; i++) {
            scene.customer("c" + i % 7, limit("acme/*", "^1"));
        }
        JsonObject first = json(app.admin().get("/api/customers"));
        assertThat(first.objects("tokens")).hasSize(200);
        JsonObject rest = json(app.admin().get("/api/customers?after=" + first.text("next", 50)));
        assertThat(rest.objects("tokens")).hasSize(1);
        assertThat(rest.isNull("next")).isTrue();
        assertThat(rest.objects("tokens").get(0).text("customer", 20)).isEqualTo("c6");
    }

    @Test
    void extendingIsAuditedInTheSameTransaction() {
        CustomerScene.Customer customer = scene.customer("c", until("acme/*", "2026-01-01T00:00:00Z"));
        app.clock().advance(Duration.ofSeconds(5));
        JsonObject changed = json(customer.change("{\"until\":" + millis("2027-01-01T00:00:00Z") + "}"));
        assertThat(changed.objects("limits").get(0).number("until", 0, Long.MAX_VALUE, 0))
                .isEqualTo(millis("2027-01-01T00:00:00Z"));
        assertThat(app.rows(
                        "SELECT detail FROM audit WHERE action = 'change.token' AND target = '" + customer.id + "'"))
                .hasSize(1)
                .allSatisfy(
                        row -> assertThat(row.text("detail")).contains("\"until\":" + millis("2027-01-01T00:00:00Z")));
        long end = app.clock().millis() + 86_400_000;
        assertThat(json(customer.change("{\"expires_in_days\":1}")).number("expires_at", 0, Long.MAX_VALUE, 0))
                .isEqualTo(end);
        assertThat(json(customer.change("{\"until\":null}"))
                        .objects("limits")
                        .get(0)
                        .isNull("until"))
                .isTrue();
        app.clock().advance(Duration.ofDays(2));
        assertThat(customer.caller.get("/packages.json").status()).isEqualTo(401);
        assertThat(customer.change("{\"expires_in_days\":30}").status()).isEqualTo(200);
        assertThat(customer.caller.get("/packages.json").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"limits\":[]}",
                "{\"limits\":[{\"pattern\":\"acme/*\"}],\"until\":5}",
                "{\"patterns\":[\"acme/*\"]}",
                "{\"until\":-1}",
                "{\"expires_in_days\":0}",
                "{\"customer\":\"other\"}"
            })
    void whatDoesNotSayHowToChangeIsRefused(String json) {
        CustomerScene.Customer customer = scene.customer("c", until("acme/*", "2026-01-01T00:00:00Z"));
        assertThat(customer.change(json).status()).isEqualTo(422);
        assertThat(app.count("audit WHERE action = 'change.token' AND outcome = 'allow'"))
                .isZero();
    }

    @Test
    void onlyTokensOfCustomersChange() {
        token("\"kind\":\"read\",\"patterns\":[\"acme/*\"]");
        String id = app.rows("SELECT id FROM token WHERE kind = 'read'").get(0).text("id");
        assertThat(app.admin()
                        .send("PATCH", "/api/tokens/" + id, "{\"until\":5}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void aRevokedTokenCannotBeExtended() {
        CustomerScene.Customer customer = scene.customer("c", until("acme/*", "2026-01-01T00:00:00Z"));
        app.admin().send("DELETE", "/api/tokens/" + customer.id, "{}");
        assertThat(customer.caller.get("/packages.json").status()).isEqualTo(401);
        assertThat(customer.change("{\"until\":5}").status()).isEqualTo(404);
    }

    @Test
    void aRotatedTokenKeepsItsLimits() {
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "^1"));
        JsonObject rotated = json(app.admin().send("POST", "/api/tokens/" + customer.id + "/rotate", "{}"));
        assertThat(rotated.text("token", 100)).startsWith("pkbu_");
        assertThat(rotated.text("customer", 20)).isEqualTo("c");
        assertThat(rotated.objects("limits").get(0).text("versions", 20)).isEqualTo("^1");
        assertThat(rotated.number("expires_at", 0, Long.MAX_VALUE, 0)
                        - app.clock().millis())
                .isEqualTo(3_660 * 86_400_000L);
    }

    @Test
    void aCustomerLooksIntoNothingElse() {
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "^1"));
        for (String path : new String[] {"/api/packages", "/api/tokens", "/api/customers", "/api/customers/c"}) {
            assertThat(customer.caller.get(path).status()).as(path).isEqualTo(403);
        }
        assertThat(customer.caller
                        .send("PATCH", "/api/tokens/" + customer.id, "{\"until\":null}")
                        .status())
                .isEqualTo(403);
    }
}
