package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.routes.CustomerScene.limit;
import static packagebroker.core.routes.CustomerScene.millis;
import static packagebroker.core.routes.CustomerScene.reference;
import static packagebroker.core.routes.CustomerScene.until;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Response;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** What a customer learns from everything that is not a document: lists, search, changes, advisories, locks, counts. */
class CustomerSightTest {
    private CustomerScene scene;
    private TestApp app;

    @BeforeEach
    void start() {
        scene = new CustomerScene();
        app = scene.app;
        app.publish(
                "acme/tool",
                described("acme/tool", "2.0.0", "the new engine", ",\"provide\":{\"psr/engine\":\"2\"}"),
                described("acme/tool", "1.0.0", "the old motor", ",\"provide\":{\"psr/motor\":\"1\"}"));
        app.publish("acme/later", described("acme/later", "2.0.0", "not for everybody", ""));
        for (String name : new String[] {"tool", "later"}) {
            app.admin().get("/p2/acme/" + name + ".json").body().cancel();
        }
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private String described(String name, String version, String description, String more) {
        String written = scene.version(name, version, "2026-0" + version.charAt(0) + "-01T00:00:00Z");
        return written.substring(0, written.length() - 1) + ",\"description\":\"" + description + "\"" + more + "}";
    }

    private static String get(CustomerScene.Customer customer, String path) {
        Response response = customer.caller.get(path);
        assertThat(response.status()).isEqualTo(200);
        return text(response);
    }

    @Test
    void listsNameOnlyPackagesOfWhichAVersionIsOpen() {
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "^1"));
        assertThat(get(customer, "/list.json")).isEqualTo("{\"packageNames\":[\"acme/tool\"]}");
        assertThat(get(customer, "/list.json?filter=acme/l*")).isEqualTo("{\"packageNames\":[]}");
        CustomerScene.Customer wider = scene.customer("w", limit("acme/*", "^1"), "{\"pattern\":\"acme/later\"}");
        assertThat(get(wider, "/list.json")).isEqualTo("{\"packageNames\":[\"acme/later\",\"acme/tool\"]}");
    }

    @Test
    void searchKnowsTheWordsOfTheNewestVersionThatIsOpen() {
        CustomerScene.Customer customer = scene.customer("c", until("acme/*", "2026-01-15T00:00:00Z"));
        assertThat(get(customer, "/search.json?q=engine")).isEqualTo("{\"results\":[],\"total\":0}");
        assertThat(get(customer, "/search.json?q=motor"))
                .contains("\"name\":\"acme/tool\"", "\"description\":\"the old motor\"", "\"total\":1");
        assertThat(get(customer, "/search.json?q=acme")).contains("\"total\":1").doesNotContain("later");
        assertThat(get(customer, "/search.json?q=acme/tol"))
                .contains("acme/tool")
                .doesNotContain("engine");
        customer.change("{\"until\":" + millis("2026-12-31T00:00:00Z") + "}");
        assertThat(get(customer, "/search.json?q=engine")).contains("the new engine");
    }

    @Test
    void providersAreThoseOfVersionsThatAreOpen() {
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "^1"));
        assertThat(get(customer, "/providers/psr/motor.json")).contains("acme/tool");
        assertThat(customer.caller.get("/providers/psr/engine.json").status()).isEqualTo(404);
        assertThat(app.admin().get("/providers/psr/engine.json").status()).isEqualTo(200);
    }

    @Test
    void aPackageOfWhichOnlyABranchIsOpenIsListed() {
        String branch = described("acme/tool", "dev-main", "the future", "").replace("2026-0d", "2026-01");
        app.serve(UPSTREAM + "/p2/acme/tool~dev.json", "{\"packages\":{\"acme/tool\":[" + branch + "]}}");
        app.admin().get("/p2/acme/tool~dev.json").body().cancel();
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "dev-main"));
        assertThat(get(customer, "/list.json")).isEqualTo("{\"packageNames\":[\"acme/tool\"]}");
        assertThat(get(customer, "/search.json?q=future")).contains("acme/tool");
    }

    @Test
    void moreThanAFewViewsAreMadeByAskingAgain() {
        for (int i = 10; i < 25; i++) {
            app.publish("acme/p" + i, described("acme/p" + i, "1.0.0", "", ""));
            app.admin().get("/p2/acme/p" + i + ".json").body().cancel();
        }
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "^1"));
        get(customer, "/list.json");
        assertThat(get(customer, "/list.json")).contains("acme/p10", "acme/p24", "acme/tool");
    }

    @Test
    void changesNameOnlyPackagesOfWhichAVersionIsOpen() {
        long since = (app.clock().millis() - 1_000) * 10;
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "^1"));
        String changes = get(customer, "/metadata/changes.json?since=" + since);
        assertThat(changes).contains("resync"); // The upstream was added just now.
        app.clock().advance(Duration.ofSeconds(400));
        since = app.clock().millis() * 10 - 10_000;
        for (String name : new String[] {"tool", "later"}) {
            app.publish(
                    "acme/" + name,
                    described("acme/" + name, "1.5.0".replace("1", name.equals("tool") ? "1" : "3"), "", ""));
            app.admin().get("/p2/acme/" + name + ".json").body().cancel();
        }
        assertThat(get(customer, "/metadata/changes.json?since=" + since))
                .contains("\"package\":\"acme/tool\"")
                .doesNotContain("later", "resync");
        customer.change("{\"limits\":[" + limit("acme/*", ">=1") + "]}");
        assertThat(get(customer, "/metadata/changes.json?since=" + since)).contains("resync");
    }

    @Test
    void advisoriesAreToldOfPackagesOfWhichAVersionIsOpen() {
        for (String name : new String[] {"acme/tool", "acme/later"}) {
            app.admin()
                    .send(
                            "POST",
                            "/api/advisories",
                            "{\"packageName\":\"" + name + "\",\"affectedVersions\":\"*\",\"title\":\"t\"}");
        }
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "^1"));
        Response answer = customer.caller.send(
                "POST",
                "/security-advisories",
                "application/x-www-form-urlencoded",
                "packages[]=acme/tool&packages[]=acme/later".getBytes(StandardCharsets.UTF_8));
        assertThat(text(answer)).contains("\"acme/tool\":[{").doesNotContain("later");
    }

    @Test
    void aLockIsToldOfVersionsThatAreOpenOnly() {
        CustomerScene.Customer customer = scene.customer("c", until("acme/*", "2026-01-15T00:00:00Z"));
        assertThat(examined(customer)).containsExactly("1.0.0 ours", "2.0.0 unknown");
        for (String version : new String[] {"1.0.0", "2.0.0"}) {
            app.admin()
                    .get("/dist/acme/tool/" + version + ".0/r" + reference(version) + ".zip")
                    .body()
                    .cancel();
        }
        assertThat(examined(customer)).containsExactly("1.0.0 ours", "2.0.0 unknown");
        CustomerScene.Customer numbers = scene.customer("n", limit("acme/*", "^2"));
        assertThat(examined(numbers)).containsExactly("1.0.0 unknown", "2.0.0 ours");
    }

    private List<String> examined(CustomerScene.Customer customer) {
        StringBuilder packages = new StringBuilder();
        for (String version : new String[] {"1.0.0", "2.0.0"}) {
            packages.append(packages.isEmpty() ? "" : ",")
                    .append(TestApp.version("acme/tool", version, reference(version), ""));
        }
        Response answer = customer.caller.send(
                "POST", "/api/lock", "{\"packages\":[" + packages + "],\"packages-dev\":[],\"content-hash\":\"x\"}");
        assertThat(answer.status()).isEqualTo(200);
        List<String> found = new ArrayList<>();
        for (JsonObject each : json(answer).objects("report")) {
            boolean unknown = each.objects("findings").stream()
                    .anyMatch(finding -> finding.text("code", 50).equals("unknown"));
            String ours = each.flag("ours", false) ? "ours" : unknown ? "unknown" : "else";
            found.add(each.text("version", 20) + " " + ours);
        }
        return found;
    }

    @Test
    void installsOfWhatIsNotOpenAreNotCounted() {
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "^1"));
        customer.caller.send(
                "POST",
                "/downloads",
                "{\"downloads\":[{\"name\":\"acme/tool\",\"version\":\"1.0.0.0\"},{\"name\":\"acme/tool\",\"version\":\"2.0.0.0\"}]}");
        String stats = text(app.admin().get("/api/packages/acme/tool/stats"));
        assertThat(stats).contains("\"installs\":1", "\"version\":\"1.0.0.0\"").doesNotContain("2.0.0.0");
    }

    @Test
    void anArchiveThatIsOlderThanTheNotedDatesIsFoundByTheLines() {
        app.admin()
                .get("/dist/acme/tool/1.0.0.0/r" + reference("1.0.0") + ".zip")
                .body()
                .cancel();
        app.database().update(Statement.of("UPDATE version SET released_at = 0"));
        CustomerScene.Customer customer = scene.customer("c", until("acme/*", "2026-01-15T00:00:00Z"));
        CustomerScene.Customer early = scene.customer("e", until("acme/*", "2025-01-15T00:00:00Z"));
        assertThat(customer.archive("acme/tool", "1.0.0.0", reference("1.0.0"))).isEqualTo(200);
        assertThat(early.archive("acme/tool", "1.0.0.0", reference("1.0.0"))).isEqualTo(404);
    }
}
