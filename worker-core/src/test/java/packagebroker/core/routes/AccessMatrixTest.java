package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.BASE;
import static packagebroker.core.testing.TestApp.UPSTREAM;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Statement;
import packagebroker.core.routes.AccessTables.CredentialRow;
import packagebroker.core.testing.TestApp;

/** Every route × every method × every credential × every relation, against the tables of docs/access.md. */
class AccessMatrixTest {
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");
    private static final String HERE = "192.0.2.1";
    private static final String REFERENCE = "a".repeat(40);

    private static final Map<String, String> PERSON_IDS = ids("p3", "p4");
    private static final Map<String, String> ADVISORY_IDS = ids("a3", "a4");
    private static final Map<String, String> RULE_IDS = ids("r3", "r4");
    private static final Map<String, String> CUSTOMERS = ids("c3", "c4");

    /** No key is anybody's: what is in is the one that seals, what is gone is retired. */
    private static final Map<String, String> KEY_IDS =
            Map.of("in", "k1", "out", "k1", "gone", "kg", "capitals", "K1", "absent", "k9", "malformed", "%2e%2e%2f");

    private final AccessTables tables = tables();
    private final Map<String, String> tokenIds = new HashMap<>();
    private final Map<String, String> upstreamIds = new HashMap<>();
    private final Map<String, String> actors = new HashMap<>();
    private final TestApp app = TestApp.start("AUTH_FAILURES_PER_MINUTE", "0");
    private final AccessCredentials credentials = new AccessCredentials(app);

    private static Map<String, String> ids(String in, String out) {
        return Map.of(
                "in", in, "out", out, "gone", "g", "capitals", capitals(in), "absent", "n", "malformed", "%2e%2e%2f");
    }

    private static AccessTables tables() {
        try {
            return new AccessTables();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theDocumentedTableIsThatOfRoutes() {
        List<String> documented = new ArrayList<>();
        for (AccessTables.RouteRow row : tables.routes()) {
            String right = switch (row.right()) {
                case "–" -> "PUBLIC";
                case "any" -> "TOKEN";
                default -> row.right().toUpperCase(Locale.ROOT);
            };
            documented.add(row.method() + " " + row.pattern() + " " + right);
        }
        assertThat(app.product().routes()).containsExactlyInAnyOrderElementsOf(documented);
        app.close();
    }

    @Test
    void everyCellIsWhatTheTablesSay() {
        preparePackages();
        credentials.prepare(tables);
        prepareResources();
        int cells = 0;
        List<String> wrong = new ArrayList<>();
        for (String pattern : tables.patterns()) {
            for (String method : METHODS) {
                for (CredentialRow credential : tables.credentials()) {
                    for (String relation : tables.relations(pattern)) {
                        cells++;
                        String cell = method + " " + pattern + " | " + credential.name() + " | " + relation;
                        int expected = tables.answer(method, pattern, credential, relation);
                        int found = ask(method, pattern, credential.name(), relation);
                        if (expected != found) {
                            wrong.add(cell + ": expected " + expected + " but found " + found);
                        }
                    }
                }
            }
        }
        System.out.println("access matrix: " + cells + " cells, " + wrong.size() + " wrong");
        assertThat(wrong).isEmpty();
        assertThat(tables.credentials().size()).isGreaterThanOrEqualTo(18);
        assertThat(cells).isGreaterThanOrEqualTo(4_000);
        app.close();
    }

    private int ask(String method, String pattern, String credential, String relation) {
        if (pattern.endsWith("/rotate")) {
            belongTo(credential);
        }
        if (credential.equals("one of three uses a time")) {
            app.database().update(Statement.of("UPDATE token SET uses_left = 1 WHERE name = ?", credential));
        }
        List<String> fields = new ArrayList<>(
                List.of("cf-connecting-ip", credential.equals("from another address") ? "192.0.2.2" : HERE));
        String authorization = credentials.of(credential);
        if (!authorization.isEmpty()) {
            String field = authorization.startsWith("__Host-") ? "cookie" : "authorization";
            fields.addAll(List.of(field, authorization, "origin", BASE));
        }
        if (!method.equals("GET")) {
            fields.addAll(List.of("content-type", "application/json"));
        }
        Body body = method.equals("GET") ? Body.empty() : Body.of("{}".getBytes(StandardCharsets.UTF_8));
        Headers headers = Headers.of(fields.toArray(new String[0]));
        Response response = app.product().handle(new Request(method, BASE + path(pattern, relation), headers, body));
        response.body().cancel();
        if (!method.equals("GET") && response.status() < 300) {
            prepareResources();
            credentials.prepareSessions();
        }
        return response.status();
    }

    /** Makes the tokens that are asked for some that the caller has made: others are nobody's to rotate. */
    private void belongTo(String credential) {
        String actor = actors.computeIfAbsent(credential, name -> {
            String authorization = credentials.of(name);
            String field = authorization.startsWith("__Host-") ? "cookie" : "authorization";
            Response response = app.anonymous().get("/api/session", field, authorization, "cf-connecting-ip", HERE);
            return response.status() == 200 ? TestApp.json(response).text("actor", 50) : "";
        });
        app.database().update(Statement.of("UPDATE token SET created_by = ? WHERE name LIKE 'resource%'", actor));
    }

    private String path(String pattern, String relation) {
        if (pattern.endsWith("/{room}/{object}")) {
            String room = pattern.substring(0, pattern.indexOf("{room}"));
            return room
                    + switch (relation) {
                        case "in" -> artifact("acme/tool");
                        case "out" -> artifact("globex/tool");
                        case "gone" -> artifact("acme/gone");
                        case "capitals" -> capitals(artifact("acme/tool"));
                        case "absent" -> "artifact/none";
                        default -> "artifact/..%2f..";
                    };
        }
        if (pattern.contains("{id}")) {
            String room = pattern.substring(0, pattern.indexOf("/{id}"));
            return pattern.replace("{id}", ids(room).get(relation));
        }
        String vendor = relation.equals("out") ? "globex" : relation.equals("capitals") ? "ACME" : "acme";
        String name = switch (relation) {
            case "gone" -> "gone";
            case "absent" -> "absent";
            case "malformed" -> "..%2f..";
            case "capitals" -> "TOOL";
            default -> "tool";
        };
        String file = pattern.startsWith("/dist/") ? "r" + REFERENCE + ".zip" : name + ".json";
        return pattern.replace("{vendor}", vendor)
                .replace("{name}", name)
                .replace("{version}", "1.0.0.0")
                .replace("{file}", file);
    }

    private String artifact(String name) {
        return app.rows("SELECT artifact FROM version_before WHERE package = '" + name + "'")
                .get(0)
                .text("artifact");
    }

    private Map<String, String> ids(String room) {
        return switch (room) {
            case "/api/tokens" -> tokenIds;
            case "/api/upstreams" -> upstreamIds;
            case "/api/oidc-rules" -> RULE_IDS;
            case "/api/customers" -> CUSTOMERS;
            case "/api/keys" -> KEY_IDS;
            case "/api/advisories", "/api/alerts" -> ADVISORY_IDS;
            default -> PERSON_IDS;
        };
    }

    private void preparePackages() {
        String gone = app.addUpstream("https://gone.example.com", "acme/gone", 1, true);
        app.addUpstream("*");
        app.serve(UPSTREAM + "/a/" + REFERENCE + ".zip", TestApp.zip("x"));
        app.publishAt("https://gone.example.com", "acme/gone", TestApp.version("acme/gone", "1.0.0", REFERENCE, ""));
        app.publish("acme/tool", TestApp.version("acme/tool", "1.0.0", REFERENCE, ""));
        app.publish("globex/tool", TestApp.version("globex/tool", "1.0.0", REFERENCE, ""));
        app.serveStatus(UPSTREAM + "/p2/acme/absent.json", 404);
        app.serveStatus(UPSTREAM + "/p2/acme/absent~dev.json", 404);
        for (String name : List.of("acme/gone", "acme/tool", "globex/tool")) {
            assertThat(app.admin().get("/p2/" + name + ".json").status()).isEqualTo(200);
            Response archive = app.admin().get("/dist/" + name + "/1.0.0.0/r" + REFERENCE + ".zip");
            assertThat(archive.status()).isEqualTo(200);
            archive.body().cancel();
        }
        app.admin().send("DELETE", "/api/upstreams/" + gone, "{}");
        // As if they had been published once, too.
        app.database().update(Statement.of("""
                        INSERT INTO release (upstream, package, version, dev, manifest, origin, changed_at)
                        SELECT upstream, name, '1.0.0.0', 0, '{}', '', 0 FROM package
                        """));
        app.database().update(Statement.of("""
                        INSERT INTO published (package, version, edition, sha256, published_at, published_by)
                        SELECT name, '1.0.0.0', '', '', 0, '' FROM package
                        """));
    }

    /** Makes what was taken away: tokens and upstreams that a cell may revoke or delete. */
    private void prepareResources() {
        if (tokenIds.isEmpty()) {
            upstreamIds.put("gone", app.addUpstream("https://deleted.example.com", "deleted/*", 50, true));
            app.admin().send("DELETE", "/api/upstreams/" + upstreamIds.get("gone"), "{}");
            tokenIds.put(
                    "gone",
                    credentials
                            .make("to be revoked", "\"kind\":\"read\"", "acme/*")
                            .text("id", 50));
            app.admin().send("DELETE", "/api/tokens/" + tokenIds.get("gone"), "{}");
            JsonObject former = credentials.customer("former customer", "g", "acme/tool", "^1");
            app.admin().send("DELETE", "/api/tokens/" + former.text("id", 50), "{}");
            tokenIds.putAll(Map.of("absent", "0123456789abcdef", "malformed", "%2e%2e%2f"));
            upstreamIds.putAll(Map.of("absent", "0123456789abcdef", "malformed", "%2e%2e%2f"));
        }
        tokenIds.put(
                "in",
                lasting(
                        "resource",
                        () -> credentials.make(
                                "resource", "\"kind\":\"read\",\"ip_allow\":[\"192.0.2.1\"]", "acme/tool")));
        tokenIds.put(
                "out",
                lasting(
                        "resource out",
                        () -> credentials.make(
                                "resource out", "\"kind\":\"read\",\"ip_allow\":[\"192.0.2.1\"]", "globex/*")));
        lasting("customer", () -> credentials.customer("customer", "c3", "acme/tool", "^1"));
        lasting("customer out", () -> credentials.customer("customer out", "c4", "globex/*", "^1"));
        preparePeopleAndRules();
        prepareAdvisories();
        prepareAlerts();
        prepareKeys();
        prepareReviews();
        restorePackages();
        upstreamIds.put("in", lastingUpstream("https://in.example.com", "acme-in/*"));
        upstreamIds.put("out", lastingUpstream("https://out.example.com", "globex-out/*"));
        tokenIds.put("capitals", capitals(tokenIds.get("in")));
        upstreamIds.put("capitals", capitals(upstreamIds.get("in")));
    }

    private void preparePeopleAndRules() {
        app.database().update(Statement.of("""
                        INSERT OR IGNORE INTO person (id, email, role, role_source, created_at, last_seen)
                        VALUES ('p3', 'c@example.com', 'viewer', 'hand', 0, 0), ('p4', 'd@example.com', 'viewer', 'hand', 0, 0)
                        """));
        app.database().update(Statement.of("""
                        INSERT OR IGNORE INTO oidc_rule (id, name, provider, issuer, repository, namespace, ref, environment, rights,
                          patterns, created_at, created_by, person)
                        VALUES ('r3', 'r', 'github', 'i', '1', '1', '', 'e', 'read', 'acme/*', 0, '', ''),
                          ('r4', 'r', 'github', 'i', '1', '1', '', 'e', 'read', 'globex/*', 0, '', '')
                        """));
    }

    private void prepareKeys() {
        app.database().update(Statement.of("""
                        INSERT OR IGNORE INTO sealing_key (id, added_at, activated_at, retired_at)
                        VALUES ('k1', 1, 1, 0), ('kg', 1, 0, 2)
                        """));
    }

    private void prepareReviews() {
        app.database().update(Statement.of("""
                        INSERT OR REPLACE INTO review (id, created_at, created_by, items, sha256, note)
                        VALUES ('p3', 0, '', 0, '', ''), ('p4', 0, '', 0, '', '')
                        """));
        app.database().update(Statement.of("""
                        INSERT OR REPLACE INTO review_page (review, page, body)
                        VALUES ('p3', 0, '{}'), ('p4', 0, '{}')
                        """));
    }

    private void prepareAlerts() {
        app.database().update(Statement.of("""
                        INSERT OR IGNORE INTO alert (kind, subject, detail, raised_at, id, package, version, reference, path, state)
                        VALUES ('retag', 's3', '', 0, 'a3', 'acme/tool', '1.0.0.0', 'b', '1.0.0.0/rb.zip', 'open'),
                          ('retag', 's4', '', 0, 'a4', 'globex/tool', '1.0.0.0', 'b', '1.0.0.0/rb.zip', 'open'),
                          ('retag', 's5', '', 0, 'g', 'acme/tool', '1.0.0.0', 'c', '1.0.0.0/rc.zip', 'dismissed')
                        """));
    }

    /** Puts back what a released package was, so that the next cell finds it. */
    private void restorePackages() {
        for (String table : List.of("package", "document", "version", "release", "published")) {
            app.database()
                    .update(Statement.of("CREATE TABLE IF NOT EXISTS " + table + "_before AS SELECT * FROM " + table));
            app.database()
                    .update(Statement.of("INSERT OR IGNORE INTO " + table + " SELECT * FROM " + table + "_before"));
        }
    }

    private void prepareAdvisories() {
        for (String[] row : new String[][] {{"acme/tool", "a3"}, {"globex/tool", "a4"}, {"acme/tool", "g"}}) {
            app.database()
                    .update(Statement.of(
                            """
                            INSERT INTO advisory (package, id, body, created_at, changed_at, withdrawn_at)
                            VALUES (?, ?, ?, 0, 0, ?)
                            ON CONFLICT (package, id) DO UPDATE SET withdrawn_at = excluded.withdrawn_at
                            """,
                            row[0],
                            row[1],
                            "{\"advisoryId\":\"" + row[1] + "\",\"packageName\":\"" + row[0]
                                    + "\",\"affectedVersions\":\"*\",\"title\":\"t\",\"link\":null,\"cve\":null,"
                                    + "\"severity\":null,\"reportedAt\":\"2026-11-24T12:00:00Z\",\"sources\":[]}",
                            row[1].equals("g") ? 1L : null));
        }
    }

    private static String capitals(String id) {
        return "A" + id.toUpperCase(Locale.ROOT).substring(1);
    }

    private String lasting(String name, Supplier<JsonObject> made) {
        var rows =
                app.database().query(Statement.of("SELECT id FROM token WHERE name = ? AND revoked_at IS NULL", name));
        return rows.isEmpty() ? made.get().text("id", 50) : rows.get(0).text("id");
    }

    private String lastingUpstream(String url, String pattern) {
        app.serveStatus(url + "/p2/package-broker/connection-test.json", 404);
        var rows = app.database().query(Statement.of("SELECT id FROM upstream WHERE url = ?", url));
        return rows.isEmpty()
                ? app.addUpstream(url, pattern, 60, true)
                : rows.get(0).text("id");
    }
}
