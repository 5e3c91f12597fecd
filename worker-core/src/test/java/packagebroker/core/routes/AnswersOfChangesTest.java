package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.App;
import packagebroker.core.http.Response;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** A change is answered with what is known by then, nothing is read after it; it is what is read from then on. */
class AnswersOfChangesTest {
    private final TestApp app = TestApp.start("PACKAGIST_URL", "https://repo.packagist.org");

    @AfterEach
    void close() {
        app.close();
    }

    /** Sends a change, and expects its answer in the list that is read next. */
    private String change(App at, String list, String method, String path, String body) {
        Response changed = app.admin().at(at).send(method, path, body);
        assertThat(changed.status()).as(method + " " + path).isIn(200, 201);
        String answer = text(changed);
        assertThat(text(app.admin().at(at).get(list))).as(method + " " + path).contains(answer);
        app.clock().advance(Duration.ofSeconds(1));
        return answer;
    }

    private String change(String list, String method, String path, String body) {
        return change(app.product(), list, method, path, body);
    }

    @Test
    void ofSettings() {
        for (boolean packagist : new boolean[] {true, false}) {
            String list = "/api/settings";
            change(list, "PATCH", list, "{\"packagist\":" + packagist + "}");
            String answer = change(list, "PATCH", list, "{\"base_url\":\"https://other.example.org\"}");
            assertThat(answer).contains("\"packagist\":" + packagist);
        }
    }

    @Test
    void ofAlerts() {
        String path = "/api/alerts/" + FlowScene.alert(app);
        for (String act : new String[] {"/dismiss", "/accept", "/accept", "/dismiss"}) {
            change("/api/alerts", "POST", path + act, "{}");
        }
    }

    @Test
    void ofPeople() {
        FlowScene.people(app);
        for (String body : new String[] {
            "{\"role\":\"auditor\"}",
            "{\"suspended\":true}",
            "{\"suspended\":true}",
            "{\"role\":\"viewer\"}",
            "{\"suspended\":false}"
        }) {
            change("/api/people", "PATCH", "/api/people/v", body);
        }
    }

    @Test
    void whoIsGoneBeforeHeIsLetInAgainIsNotSaidToBeIn() {
        FlowScene.people(app);
        change("/api/people", "PATCH", "/api/people/v", "{\"suspended\":true}");
        app.database()
                .faults()
                .actAfter(2, () -> app.database().update(Statement.of("DELETE FROM person WHERE id = 'v'")));
        Response answer = app.admin().send("PATCH", "/api/people/v", "{\"suspended\":false}");
        assertThat(answer.status()).isEqualTo(409);
        assertThat(app.rows("SELECT detail FROM audit WHERE detail LIKE '%\"suspended\":false%'"))
                .isEmpty();
    }

    @Test
    void ofKeys() {
        String list = "/api/keys";
        for (String id : new String[] {"k1", "k1"}) {
            change(list, "POST", list, "{\"id\":\"" + id + "\"}");
        }
        App both = AdministrationFlows.twoKeys(app);
        change(both, list, "POST", list, "{\"id\":\"k2\"}");
        change(both, list, "POST", list, "{\"id\":\"k2\"}");
        app.clock().advance(Duration.ofMinutes(10));
        for (String act :
                new String[] {"k2/activate", "k2/activate", "k1/activate", "k2/activate", "k1/retire", "k1/retire"}) {
            change(both, list, "POST", "/api/keys/" + act, "{}");
        }
    }

    @Test
    void ofKeysThatTakeTurnsWithinAMillisecond() {
        App both = AdministrationFlows.twoKeys(app);
        change(both, "/api/keys", "POST", "/api/keys", "{\"id\":\"k2\"}");
        app.clock().advance(Duration.ofMinutes(10));
        for (String act : new String[] {"k2/activate", "k1/activate", "k2/activate"}) {
            Response changed = app.admin().at(both).send("POST", "/api/keys/" + act, "{}");
            assertThat(text(app.admin().at(both).get("/api/keys"))).as(act).contains(text(changed));
        }
    }

    @Test
    void ofReviews() {
        FlowScene.people(app);
        String list = "/api/reviews";
        String begun = change(list, "POST", list, "{}");
        String path = list + "/" + app.rows("SELECT id FROM review").get(0).text("id");
        int items = (int) json(app.admin().get(path)).number("items", 0, 100, 0);
        assertThat(begun).contains("\"items\":" + items + ",\"decided\":0,\"revoked\":0,\"closed_at\":null");
        List<String> tokens = new ArrayList<>();
        for (Row row : app.rows("SELECT id FROM token")) {
            tokens.add(decision("token", row.text("id"), "keep"));
        }
        String[][] steps = {
            {decision("person", "v", "keep")},
            {decision("person", "v", "keep"), decision("person", "o", "keep")},
            {decision("person", "v", "revoke"), String.join(",", tokens)},
            {decision("person", "v", "keep"), decision("person", "o", "keep")},
        };
        String last = "";
        for (String[] decisions : steps) {
            last = change(list, "POST", path + "/decisions", "{\"decisions\":[" + String.join(",", decisions) + "]}");
        }
        assertThat(last).contains("\"decided\":" + items + ",\"revoked\":1");
        change(list, "POST", path + "/close", "{}");
    }

    private static String decision(String item, String id, String word) {
        return "{\"item\":\"" + item + "\",\"id\":\"" + id + "\",\"decision\":\"" + word + "\"}";
    }
}
