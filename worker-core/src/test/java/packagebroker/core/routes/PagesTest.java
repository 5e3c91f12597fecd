package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** Lists of tokens, people and rules, page by page. */
class PagesTest {
    private static final String RULE =
            "{\"name\":\"widgets\",\"provider\":\"github\",\"repository_id\":\"42\",\"owner_id\":\"7\","
                    + "\"ref\":\"refs/heads/main\",\"kind\":\"read\",\"patterns\":[\"acme/*\"]}";
    private static final String MANY =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO ";
    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
    }

    @AfterEach
    void close() {
        app.close();
    }

    private void fill(int count, String into) {
        app.database().update(Statement.of(MANY.replace("%d", "" + count) + into));
    }

    private void fillTokens(int count, String kind, long expiresAt) {
        fill(
                count,
                "token (hash, id, name, kind, patterns, created_at, created_by, expires_at) SELECT '" + kind
                        + "' || i, '" + kind + "' || i, 'n', '" + kind + "', '*', i / 3, 'x', " + expiresAt
                        + " FROM n");
    }

    private void fillRules(int count) {
        fill(
                count,
                "oidc_rule (id, name, provider, issuer, repository, namespace, ref, environment, rights, patterns, created_at,"
                        + " created_by, person) SELECT 'r' || i, 'n', 'github', 'https://i.example.com', '1', '1', 'refs/heads/x', '',"
                        + " 'read', '*', i / 3, '', '' FROM n");
    }

    @ParameterizedTest
    @CsvSource({"tokens", "people", "oidc-rules"})
    void everyRowIsOnOnePageNewestFirst(String list) {
        fillTokens(1_500, "read", 1L << 50);
        fillRules(1_500);
        fill(
                1_500,
                "person (id, email, role, role_source, created_at, last_seen)"
                        + " SELECT 'p' || i, 'e', 'viewer', 'hand', i / 3, 0 FROM n");
        String field = list.equals("oidc-rules") ? "rules" : list;
        List<String> ids = new ArrayList<>();
        long before = Long.MAX_VALUE;
        String next = "";
        int pages = 0;
        while (next != null) {
            JsonObject page = json(
                    app.admin().get("/api/" + list + (next.isEmpty() ? "?limit=150" : "?limit=150&after=" + next)));
            for (JsonObject row : page.objects(field)) {
                ids.add(row.text("id", 50));
                long at = row.number("created_at", 0, 1L << 53, 0);
                assertThat(at).isLessThanOrEqualTo(before);
                before = at;
            }
            next = page.findText("next", 100);
            pages++;
        }
        assertThat(ids).doesNotHaveDuplicates().hasSize(list.equals("tokens") ? 1_502 : 1_500);
        assertThat(pages).isEqualTo(11);
    }

    @ParameterizedTest
    @CsvSource({
        "after=x",
        "after=1",
        "after=-1-x",
        "after=9223372036854775807-x",
        "after=99999999999999999999-x",
        "limit=0",
        "limit=201",
        "limit=x"
    })
    void aPlaceOfAnotherFormIsRefused(String query) {
        for (String list : List.of("tokens", "people", "oidc-rules", "alerts")) {
            if (!(list.equals("alerts") && query.startsWith("limit"))) {
                assertThat(app.admin().get("/api/" + list + "?" + query).status())
                        .as(list)
                        .isEqualTo(400);
            }
        }
    }

    @Test
    void aRuleBeyondTheFirstThousandIsFoundAndNoneIsMadeThere() {
        fillRules(1_000);
        assertThat(text(app.admin().send("POST", "/api/oidc-rules", RULE))).contains("\"too_many_rules\"");
        assertThat(app.count("oidc_rule")).isEqualTo(1_000);
        fill(
                1,
                "oidc_rule SELECT 'last', name, provider, issuer, repository, namespace, ref, environment, rights,"
                        + " patterns, 1000000, created_by, person FROM oidc_rule WHERE id = 'r7'");
        assertThat(app.admin().send("DELETE", "/api/oidc-rules/last", "{}").status())
                .isEqualTo(204);
        assertThat(app.admin().send("DELETE", "/api/oidc-rules/r7", "{}").status())
                .isEqualTo(204);
        assertThat(app.admin().send("POST", "/api/oidc-rules", RULE).status()).isEqualTo(201);
        assertThat(app.count("audit WHERE action = 'create.rule'")).isEqualTo(1);
    }
}
