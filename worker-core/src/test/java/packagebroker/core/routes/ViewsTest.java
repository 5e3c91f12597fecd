package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.routes.CustomerScene.limit;
import static packagebroker.core.routes.CustomerScene.millis;
import static packagebroker.core.routes.CustomerScene.reference;
import static packagebroker.core.routes.CustomerScene.until;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.composer.Version;
import packagebroker.core.http.Response;
import packagebroker.core.testing.TestApp;

/** What a customer sees of a package: which versions, under which date, and what it costs. */
class ViewsTest {
    private CustomerScene scene;
    private TestApp app;

    @BeforeEach
    void start() {
        scene = new CustomerScene();
        app = scene.app;
        publish("");
    }

    @AfterEach
    void close() {
        scene.close();
    }

    /** The clock stands at 2026-11-23T12:00:00Z. */
    private void publish(String more) {
        app.publish(
                "acme/tool",
                scene.version("acme/tool", "2.0.0", "2026-06-01T00:00:00+00:00") + more,
                scene.version("acme/tool", "1.1.0", "2026-03-01T00:00:00+00:00"),
                scene.version("acme/tool", "1.0.0", "2025-01-01T00:00:00+00:00"));
    }

    private void stale() {
        app.clock().advance(Duration.ofSeconds(301));
    }

    @Test
    void aConstraintLeavesTheOtherVersionsOut() {
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "^1"));
        assertThat(customer.versions("acme/tool")).containsExactly("1.1.0", "1.0.0");
        assertThat(CustomerScene.versions(app.admin().get("/p2/acme/tool.json")))
                .containsExactly("2.0.0", "1.1.0", "1.0.0");
        assertThat(customer.archive("acme/tool", "1.1.0.0", reference("1.1.0"))).isEqualTo(200);
        assertThat(customer.archive("acme/tool", "2.0.0.0", reference("2.0.0"))).isEqualTo(404);
        assertThat(app.count("version")).isEqualTo(1);
    }

    @Test
    void aVersionThatIsNotOpenIsTheSame404AsOneThatIsNotThere() {
        CustomerScene.Customer customer = scene.customer("c", limit("acme/tool", "^1"), limit("acme/other", "^9"));
        app.publish("acme/other", scene.version("acme/other", "1.0.0", ""));
        app.serveStatus(UPSTREAM + "/p2/acme/absent.json", 404);
        app.serveStatus(UPSTREAM + "/p2/acme/absent~dev.json", 404);
        app.admin()
                .get("/dist/acme/tool/2.0.0.0/r" + reference("2.0.0") + ".zip")
                .body()
                .cancel();
        String there = text(customer.caller.get("/dist/acme/tool/2.0.0.0/r" + reference("2.0.0") + ".zip"));
        String absent = text(customer.caller.get("/dist/acme/tool/7.0.0.0/r" + reference("2.0.0") + ".zip"));
        assertThat(withoutId(there)).isEqualTo(withoutId(absent)).contains("not_found");
        String hidden = text(customer.caller.get("/p2/acme/other.json"));
        String unknown = text(customer.caller.get("/p2/acme/absent.json"));
        assertThat(withoutId(hidden)).isEqualTo(withoutId(unknown)).contains("not_found");
    }

    private static String withoutId(String error) {
        return error.substring(0, error.indexOf("request_id"));
    }

    @Test
    void afterTheDateWhatWasReleasedBeforeStaysInstallable() {
        CustomerScene.Customer customer = scene.customer("c", until("acme/*", "2026-03-01T00:00:00Z"));
        assertThat(customer.versions("acme/tool")).containsExactly("1.1.0", "1.0.0");
        assertThat(customer.archive("acme/tool", "1.0.0.0", reference("1.0.0"))).isEqualTo(200);
        assertThat(customer.archive("acme/tool", "1.1.0.0", reference("1.1.0"))).isEqualTo(200);
        assertThat(customer.archive("acme/tool", "2.0.0.0", reference("2.0.0"))).isEqualTo(404);
        app.admin()
                .get("/dist/acme/tool/2.0.0.0/r" + reference("2.0.0") + ".zip")
                .body()
                .cancel();
        assertThat(customer.archive("acme/tool", "2.0.0.0", reference("2.0.0"))).isEqualTo(404);
        customer.change("{\"until\":" + millis("2026-12-31T00:00:00Z") + "}");
        assertThat(customer.versions("acme/tool")).containsExactly("2.0.0", "1.1.0", "1.0.0");
        assertThat(customer.archive("acme/tool", "2.0.0.0", reference("2.0.0"))).isEqualTo(200);
    }

    @Test
    void aVersionThatVanishedUpstreamStaysInstallableFromAnOldLock() {
        CustomerScene.Customer customer = scene.customer("c", until("acme/*", "2026-03-01T00:00:00Z"));
        assertThat(customer.versions("acme/tool")).contains("1.0.0");
        app.publish("acme/tool", scene.version("acme/tool", "2.0.0", "2026-06-01T00:00:00+00:00"));
        stale();
        assertThat(customer.versions("acme/tool")).isNull();
        assertThat(customer.archive("acme/tool", "1.0.0.0", reference("1.0.0"))).isEqualTo(200);
    }

    @Test
    void withoutACredibleTimeAVersionWasReleasedWhenItWasFirstSeen() {
        app.publish(
                "acme/tool",
                scene.version("acme/tool", "4.0.0", "2030-01-01T00:00:00Z"),
                scene.version("acme/tool", "3.0.0", "1970-01-01T00:00:00Z"),
                scene.version("acme/tool", "2.5.0", "yesterday"),
                scene.version("acme/tool", "2.0.0", ""));
        app.admin().get("/p2/acme/tool.json").body().cancel();
        CustomerScene.Customer before = scene.customer("b", until("acme/*", "2026-11-23T11:59:59Z"));
        CustomerScene.Customer after = scene.customer("a", until("acme/*", "2026-11-23T12:00:00Z"));
        assertThat(before.versions("acme/tool")).isNull();
        assertThat(after.versions("acme/tool")).containsExactly("4.0.0", "3.0.0", "2.5.0", "2.0.0");
        assertThat(before.archive("acme/tool", "2.0.0.0", reference("2.0.0"))).isEqualTo(404);
        assertThat(after.archive("acme/tool", "2.0.0.0", reference("2.0.0"))).isEqualTo(200);
        stale();
        app.publish("acme/tool", scene.version("acme/tool", "2.0.0", "2027-01-01T00:00:00Z"));
        app.admin().get("/p2/acme/tool.json").body().cancel();
        assertThat(after.versions("acme/tool")).containsExactly("2.0.0");
    }

    @Test
    void aBranchIsOpenAsLongAsItsCommitIsOldEnough() {
        String then = scene.version("acme/tool", "dev-feature/x", "2026-02-01T00:00:00Z");
        app.serve(UPSTREAM + "/p2/acme/tool~dev.json", "{\"packages\":{\"acme/tool\":[" + then + "]}}");
        CustomerScene.Customer customer = scene.customer("c", until("acme/*", "2026-03-01T00:00:00Z"));
        CustomerScene.Customer numbers = scene.customer("n", limit("acme/*", "^1"));
        CustomerScene.Customer branch = scene.customer("b", limit("acme/*", "dev-feature/x"));
        String segment = Version.pathSegment("dev-feature/x");
        assertThat(customer.versions("acme/tool~dev")).containsExactly("dev-feature/x");
        assertThat(numbers.versions("acme/tool~dev")).isNull();
        assertThat(branch.versions("acme/tool~dev")).containsExactly("dev-feature/x");
        String moved = then.replace(reference("dev-feature/x"), "f".repeat(40)).replace("2026-02", "2026-10");
        app.serve(UPSTREAM + "/a/" + "f".repeat(40) + ".zip", TestApp.zip("moved"));
        app.serve(UPSTREAM + "/p2/acme/tool~dev.json", "{\"packages\":{\"acme/tool\":[" + moved + "]}}");
        stale();
        assertThat(customer.versions("acme/tool~dev")).isNull();
        assertThat(customer.archive("acme/tool", segment, reference("dev-feature/x")))
                .isEqualTo(200);
        assertThat(customer.archive("acme/tool", segment, "f".repeat(40))).isEqualTo(404);
        assertThat(branch.archive("acme/tool", segment, "f".repeat(40))).isEqualTo(200);
        assertThat(numbers.archive("acme/tool", segment, reference("dev-feature/x")))
                .isEqualTo(404);
    }

    @Test
    void withoutReleasesTheListIsEmptyIfABranchIsOpen() {
        String branch = scene.version("acme/tool", "dev-main", "2026-02-01T00:00:00Z");
        app.serve(UPSTREAM + "/p2/acme/tool~dev.json", "{\"packages\":{\"acme/tool\":[" + branch + "]}}");
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "dev-main"));
        assertThat(customer.versions("acme/tool")).isEmpty();
        assertThat(customer.versions("acme/tool~dev")).containsExactly("dev-main");
    }

    @Test
    void whatAnyLimitOpensIsOpen() {
        CustomerScene.Customer customer =
                scene.customer("c", until("acme/*", "2025-06-01T00:00:00Z"), limit("acme/tool", ">=2"));
        assertThat(customer.versions("acme/tool")).containsExactly("2.0.0", "1.0.0");
        CustomerScene.Customer whole = scene.customer("w", limit("acme/*", "^9"), "{\"pattern\":\"acme/tool\"}");
        assertThat(whole.versions("acme/tool")).hasSize(3);
        assertThat(app.count("view WHERE package = 'acme/tool' AND dev = 0")).isEqualTo(1);
    }

    @Test
    void twoCustomersWithTheSameLimitsShareOneObject() {
        CustomerScene.Customer one = scene.customer("1", limit("acme/*", "^1"));
        CustomerScene.Customer two = scene.customer("2", limit("acme/tool", "^1"), limit("other/*", "^2"));
        assertThat(one.versions("acme/tool")).hasSize(2);
        assertThat(two.versions("acme/tool")).hasSize(2);
        assertThat(app.count("view")).isEqualTo(1);
        assertThat(app.objects().list("view/", null, 100)).hasSize(1);
        assertThat(one.date("acme/tool")).isEqualTo(two.date("acme/tool"));
    }

    @Test
    void aRefreshMakesTheViewAnewAndOnlyWhatIsOpenMovesItsDate() {
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "^1"));
        String date = customer.date("acme/tool");
        String whole = app.admin().get("/p2/acme/tool.json").findHeader("last-modified");
        publish("," + scene.version("acme/tool", "2.1.0", ""));
        stale();
        assertThat(app.admin().get("/p2/acme/tool.json").findHeader("last-modified"))
                .isNotEqualTo(whole);
        assertThat(customer.caller
                        .get("/p2/acme/tool.json", "if-modified-since", date)
                        .status())
                .isEqualTo(304);
        publish("," + scene.version("acme/tool", "1.2.0", ""));
        stale();
        Response changed = customer.caller.get("/p2/acme/tool.json", "if-modified-since", date);
        assertThat(CustomerScene.versions(changed)).containsExactly("1.2.0", "1.1.0", "1.0.0");
        assertThat(changed.findHeader("last-modified")).isNotEqualTo(date);
    }

    @Test
    void otherLimitsNeverAnswer304() {
        CustomerScene.Customer narrow = scene.customer("n", limit("acme/*", "^1"));
        CustomerScene.Customer wide = scene.customer("w", limit("acme/*", ">=1"));
        String seen = narrow.date("acme/tool");
        String others = wide.date("acme/tool");
        assertThat(seen).isNotEqualTo(others);
        narrow.change("{\"limits\":[" + limit("acme/*", ">=1") + "]}");
        Response after = narrow.caller.get("/p2/acme/tool.json", "if-modified-since", seen);
        assertThat(CustomerScene.versions(after)).hasSize(3);
        long risen = app.rows("SELECT limits_at FROM token WHERE id = '" + narrow.id + "'")
                .get(0)
                .number("limits_at");
        assertThat(app.count("view WHERE last_modified >= " + risen)).isEqualTo(1);
        String date = after.findHeader("last-modified");
        assertThat(narrow.caller
                        .get("/p2/acme/tool.json", "if-modified-since", date)
                        .status())
                .isEqualTo(304);
        assertThat(app.admin()
                        .get("/p2/acme/tool.json", "if-modified-since", date)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whoIsNotLimitedAnyMoreIsToldSo() {
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "^1"));
        String seen = customer.date("acme/tool");
        customer.change("{\"limits\":[{\"pattern\":\"acme/*\"}]}");
        Response after = customer.caller.get("/p2/acme/tool.json", "if-modified-since", seen);
        assertThat(CustomerScene.versions(after)).hasSize(3);
    }

    @Test
    void aWarmReadCostsWhatThatOfAnyTokenDoes() {
        TestApp.Caller reader = app.as(app.token("acme/*"));
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "^1"));
        CustomerScene.Customer dated = scene.customer("d", until("acme/*", "2026-03-01T00:00:00Z"));
        String dist = "/dist/acme/tool/1.0.0.0/r" + reference("1.0.0") + ".zip";
        for (TestApp.Caller caller : List.of(reader, customer.caller, dated.caller)) {
            caller.get("/p2/acme/tool.json").body().cancel();
            caller.get(dist).body().cancel();
        }
        app.drain();
        for (String path : List.of("/p2/acme/tool.json", dist)) {
            List<Long> ordinary = cost(reader, path);
            assertThat(ordinary).containsExactly(1L, 1L);
            assertThat(cost(customer.caller, path)).as(path).isEqualTo(ordinary);
            assertThat(cost(dated.caller, path)).as(path).isEqualTo(ordinary);
        }
    }

    private List<Long> cost(TestApp.Caller caller, String path) {
        long queries = app.counts().of("d1_round_trips");
        long gets = app.counts().of("r2_reads");
        caller.get(path).body().cancel();
        return List.of(app.counts().of("d1_round_trips") - queries, app.counts().of("r2_reads") - gets);
    }

    @Test
    void anIsolateThatRemembersAsksNothing() {
        try (CustomerScene warm = new CustomerScene("AUTH_CACHE_SECONDS", "60", "META_CACHE_SECONDS", "10")) {
            warm.app.publish(
                    "acme/tool", warm.version("acme/tool", "1.0.0", ""), warm.version("acme/tool", "2.0.0", ""));
            CustomerScene.Customer customer = warm.customer("c", limit("acme/*", "^1"));
            assertThat(customer.versions("acme/tool")).containsExactly("1.0.0");
            warm.app.drain();
            assertThat(customer.versions("acme/tool")).containsExactly("1.0.0");
            long trips = warm.app.counts().of("d1_round_trips");
            long gets = warm.app.counts().of("r2_reads");
            assertThat(customer.versions("acme/tool")).containsExactly("1.0.0");
            customer.caller.get("/packages.json").body().cancel();
            customer.caller.get("/packages.json").body().cancel();
            assertThat(warm.app.counts().of("r2_reads")).isEqualTo(gets);
            assertThat(warm.app.counts().of("d1_round_trips")).isLessThanOrEqualTo(trips + 1);
            warm.app.clock().advance(Duration.ofSeconds(11));
            trips = warm.app.counts().of("d1_round_trips");
            assertThat(customer.versions("acme/tool")).containsExactly("1.0.0");
            assertThat(warm.app.counts().of("d1_round_trips")).isEqualTo(trips + 1);
        }
    }

    @Test
    void aSessionOfACustomerIsLimitedAsWell() {
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "^1"));
        Response opened = customer.caller.send("POST", "/api/session", "{}");
        String cookie = opened.findHeader("set-cookie");
        Response read = app.anonymous().get("/p2/acme/tool.json", "cookie", cookie.substring(0, cookie.indexOf(';')));
        assertThat(CustomerScene.versions(read)).containsExactly("1.1.0", "1.0.0");
    }

    @Test
    void whatNobodyNeedsAnyMoreIsForgottenAndSwept() {
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "^1"));
        CustomerScene.Customer other = scene.customer("o", limit("acme/*", "^2"));
        customer.versions("acme/tool");
        other.versions("acme/tool");
        assertThat(app.count("view")).isEqualTo(2);
        app.admin().send("DELETE", "/api/customers/c", "{}");
        app.clock().advance(Duration.ofDays(2));
        app.work(40);
        assertThat(app.count("view")).isEqualTo(1);
        assertThat(app.objects().list("view/", null, 100)).hasSize(1);
        assertThat(other.versions("acme/tool")).containsExactly("2.0.0");
    }

    @Test
    void aPackageThatIsGivenFreeTakesItsViewsWithIt() {
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "^1"));
        customer.versions("acme/tool");
        app.admin().send("DELETE", "/api/packages/acme/tool", "{}");
        assertThat(app.count("view")).isZero();
        assertThat(customer.versions("acme/tool")).containsExactly("1.1.0", "1.0.0");
    }

    @Test
    void theRootNamesTheCustomersOwnPatternsOnly() {
        app.addUpstream("https://other.example.com", "secret/*", 20, true);
        CustomerScene.Customer customer = scene.customer("c", limit("acme/tool", "^1"), limit("acme/x-*", "^1"));
        Response root = customer.caller.get("/packages.json", "if-modified-since", "whenever");
        assertThat(root.findHeader("last-modified")).isNull();
        assertThat(text(root))
                .contains("\"available-package-patterns\":[\"acme/tool\",\"acme/x-*\"]")
                .doesNotContain("secret");
        assertThat(text(app.admin().get("/packages.json"))).contains("secret/*");
    }

    @Test
    void aViewIsSmallerByWhatItLeavesOutAndKeepsAllElse() {
        app.serve(
                UPSTREAM + "/p2/acme/tool.json",
                "{\"packages\":{\"acme/tool\":["
                        + scene.version("acme/tool", "2.0.0", "")
                                .replace("\"version\"", "\"extra\":{\"a\":[1, 2]},\"version\"")
                        + ","
                        + scene.version("acme/tool", "1.0.0", "").replace("\"version\"", "\"ödd\":null,\"version\"")
                        + "]},\"infos\":[{\"message\":\"hi\",\"versions\":\"*\"}],\"warnings\":[{\"message\":\"2.0.0 is out\",\"versions\":\"*\"}]}");
        CustomerScene.Customer customer = scene.customer("c", limit("acme/*", "^1"));
        String seen = text(customer.caller.get("/p2/acme/tool.json"));
        assertThat(seen)
                .contains("\"ödd\":null", "\"infos\":[{\"message\":\"hi\"", "\"minified\":\"composer/2.0\"")
                .doesNotContain("2.0.0", "extra", "is out");
        assertThat(json(customer.caller.get("/p2/acme/tool.json")).findObject("packages"))
                .isNotNull();
    }
}
