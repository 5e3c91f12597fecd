package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import packagebroker.core.http.Response;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Statement;
import packagebroker.core.routes.AccessTables.CredentialRow;
import packagebroker.core.testing.TestApp;

/** The credentials that the tables of docs/access.md name, as real ones. */
final class AccessCredentials {
    private final TestApp app;
    private final Map<String, String> authorizations = new HashMap<>();

    AccessCredentials(TestApp app) {
        this.app = app;
    }

    /** Returns the Authorization header of a credential, or the cookie if it begins with its name; empty for none. */
    String of(String name) {
        return authorizations.get(name);
    }

    JsonObject make(String name, String fields, String pattern) {
        return make(app.admin(), name, fields, pattern);
    }

    private static JsonObject make(TestApp.Caller maker, String name, String fields, String pattern) {
        Response made = maker.send(
                "POST", "/api/tokens", "{\"name\":\"" + name + "\"," + fields + ",\"patterns\":[\"" + pattern + "\"]}");
        assertThat(made.status()).as(name).isEqualTo(201);
        return json(made);
    }

    /** Makes a token of a customer. */
    JsonObject customer(String name, String reference, String pattern, String versions) {
        Response made = app.admin()
                .send(
                        "POST",
                        "/api/tokens",
                        "{\"name\":\"" + name + "\",\"kind\":\"customer\",\"customer\":\"" + reference
                                + "\",\"limits\":[{\"pattern\":\"" + pattern + "\",\"versions\":\"" + versions
                                + "\"}]}");
        assertThat(made.status()).as(name).isEqualTo(201);
        return json(made);
    }

    private void credential(String name, String fields, String pattern) {
        keep(name, make(name, fields, pattern).text("token", 100));
    }

    private void keep(String name, String token) {
        String pair = Base64.getEncoder().encodeToString(("any:" + token).getBytes(StandardCharsets.UTF_8));
        authorizations.put(name, "Basic " + pair);
    }

    void prepare(AccessTables tables) {
        prepareOpenOnes();
        prepareStrangers();
        prepareDeadOnes();
        preparePersonalOnes();
        for (String versions : List.of("^1", "^9")) {
            String name = "a customer of " + versions;
            keep(name, customer(name, "c5", "acme/*", versions).text("token", 100));
        }
        credential("a CI job", "\"kind\":\"publish\"", "acme/*");
        app.database().update(Statement.of("UPDATE token SET kind = 'ci' WHERE name = 'a CI job'"));
        prepareSessions();
        assertThat(authorizations.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        tables.credentials().stream().map(CredentialRow::name).toList());
    }

    private void prepareOpenOnes() {
        for (String role : List.of("admin", "publisher", "auditor", "viewer")) {
            credential(role, "\"role\":\"" + role + "\"", "*");
        }
        for (String role : List.of("publisher", "owner", "auditor")) {
            credential(role + " of acme", "\"role\":\"" + role + "\"", "acme/*");
        }
        credential("reader", "\"kind\":\"read\"", "*");
        credential("reader of acme", "\"kind\":\"read\"", "acme/*");
        credential("one of three uses a time", "\"kind\":\"read\",\"max_uses\":3", "*");
        credential("from its address", "\"role\":\"owner\",\"ip_allow\":[\"192.0.2.0/31\"]", "*");
        credential("from another address", "\"role\":\"owner\",\"ip_allow\":[\"192.0.2.1\"]", "*");
        authorizations.put(
                "as bearer",
                "Bearer " + make("as bearer", "\"kind\":\"admin\"", "*").text("token", 100));
        authorizations.put("the first token", app.admin().authorization());
        keep("break-glass", app.breakGlass());
    }

    private void prepareStrangers() {
        authorizations.put("none", "");
        authorizations.put("nonsense", "Basic !!!");
        String good = make("a wrong checksum", "\"role\":\"owner\"", "*").text("token", 100);
        keep("a wrong checksum", good.substring(0, 53) + (good.endsWith("0") ? "1" : "0"));
        try (TestApp other = TestApp.start()) {
            keep("another instance's", other.token("*"));
        }
    }

    private void prepareDeadOnes() {
        long soon = app.clock().millis() + 1_000;
        credential("expired", "\"role\":\"owner\",\"expires_at\":" + soon, "*");
        credential("used up", "\"kind\":\"read\",\"max_uses\":1", "*");
        credential("not yet", "\"role\":\"owner\",\"not_before\":" + (soon + 3_600_000), "*");
        app.clock().advance(Duration.ofSeconds(1));
        assertThat(app.withAuthorization(authorizations.get("used up"))
                        .get("/packages.json")
                        .status())
                .isEqualTo(200);
        JsonObject revoked = make("revoked", "\"role\":\"owner\"", "*");
        keep("revoked", revoked.text("token", 100));
        TestApp.Caller maker = app.as(revoked.text("token", 100));
        keep(
                "maker revoked",
                make(maker, "maker revoked", "\"role\":\"owner\"", "*").text("token", 100));
        app.admin().send("DELETE", "/api/tokens/" + revoked.text("id", 50), "{}");
        JsonObject rotated = make("rotated away", "\"role\":\"owner\"", "*");
        keep("rotated away", rotated.text("token", 100));
        app.admin().send("POST", "/api/tokens/" + rotated.text("id", 50) + "/rotate", "{}");
    }

    private void preparePersonalOnes() {
        app.database().update(Statement.of("""
                        INSERT INTO person (id, email, role, role_source, suspended_at, created_at, last_seen)
                        VALUES ('p1', 'a@example.com', 'owner', 'hand', 1, 0, 0), ('p2', 'b@example.com', 'viewer', 'hand', NULL, 0, 0),
                          ('p5', 'e@example.com', 'auditor', 'hand', NULL, 0, 0)
                        """));
        credential("of a suspended person", "\"role\":\"owner\"", "*");
        credential("of a person who is gone", "\"role\":\"owner\"", "*");
        credential("admin of a person who is now a viewer", "\"role\":\"admin\"", "*");
        belong("of a suspended person", "p1");
        belong("of a person who is gone", "p0");
        belong("admin of a person who is now a viewer", "p2");
    }

    /** Opens the sessions of which a cell may have closed one; the first time all of them. */
    void prepareSessions() {
        keepSession("a session of an owner", "the first token");
        keepSession("a session of a reader", "reader");
        personalSession("a session of an auditor, who is a person", "p5");
        app.database()
                .update(Statement.of(
                        "UPDATE session SET seen_at = ?", app.clock().millis()));
        if (!authorizations.containsKey("a session that has ended")) {
            keepSession("a session that has ended", "admin");
            personalSession("a session of a suspended person", "p1");
        }
        app.database()
                .update(Statement.of(
                        "UPDATE session SET ends_at = 1 WHERE token = (SELECT id FROM token WHERE name = 'admin')"));
    }

    private void keepSession(String name, String credential) {
        if (!authorizations.containsKey(name) || isClosed(name)) {
            Response opened =
                    app.withAuthorization(authorizations.get(credential)).send("POST", "/api/session", "{}");
            String cookie = opened.findHeader("set-cookie");
            authorizations.put(name, cookie.substring(0, cookie.indexOf(';')));
        }
    }

    private boolean isClosed(String name) {
        return app.anonymous()
                        .get("/api/session", "cookie", authorizations.get(name))
                        .status()
                != 200;
    }

    /** Opens a session with a token and hands it over to a person, as a sign-in would have opened it. */
    private void personalSession(String name, String person) {
        if (!authorizations.containsKey(name) || isClosed(name)) {
            keepSession(name, "viewer");
            app.database()
                    .update(Statement.of(
                            "UPDATE session SET token = '', person = ? WHERE token = (SELECT id FROM token WHERE name = 'viewer')",
                            person));
        }
    }

    private void belong(String name, String person) {
        app.database().update(Statement.of("UPDATE token SET person = ? WHERE name = ?", person, name));
    }
}
