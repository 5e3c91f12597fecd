package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.text;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.testing.TestApp;

/** {@code GET /packages.json}. */
class RootTest {
    private static String date(TestApp app) {
        return date(app, "/packages.json");
    }

    private static String date(TestApp app, String path) {
        return "" + app.admin().get(path).findHeader("last-modified");
    }

    @Test
    void itIsTheSameForEveryToken() {
        try (TestApp app = TestApp.start()) {
            app.addUpstream("acme/*");
            Response admin = app.admin().get("/packages.json");
            Response reader = app.as(app.token("other/*")).get("/packages.json");
            assertThat(reader.headers().pairs()).isEqualTo(admin.headers().pairs());
            assertThat(text(reader)).isEqualTo(text(admin));
            assertThat(admin.findHeader("cache-control")).isEqualTo("private, no-cache");
            assertThat(admin.findHeader("content-type")).isEqualTo("application/json");
        }
    }

    @Test
    void anInstanceWithoutUpstreamsHasNoNames() {
        try (TestApp app = TestApp.start()) {
            assertThat(text(app.admin().get("/packages.json"))).endsWith("\"available-package-patterns\":[]}");
        }
    }

    /** P2–P5, P10–P12. */
    @Test
    void everyAddressInItIsAbsoluteAndHasItsPlaceholders() {
        try (TestApp app = TestApp.start()) {
            JsonObject root = TestApp.json(app.admin().get("/packages.json"));
            assertThat(root.text("metadata-url", 200)).isEqualTo(TestApp.BASE + "/p2/%package%.json");
            assertThat(root.text("list", 200)).isEqualTo(TestApp.BASE + "/list.json");
            assertThat(root.text("search", 200)).isEqualTo(TestApp.BASE + "/search.json?q=%query%&type=%type%");
            assertThat(root.text("providers-api", 200)).isEqualTo(TestApp.BASE + "/providers/%package%.json");
            assertThat(root.text("notify-batch", 200)).isEqualTo(TestApp.BASE + "/downloads");
            assertThat(root.text("metadata-changes-url", 200)).isEqualTo(TestApp.BASE + "/metadata/changes.json");
            assertThat(root.findTexts("packages", 1)).isEmpty();
        }
    }

    /** P16, R36. */
    @Test
    void composer1IsToldWhyItFindsNothing() {
        try (TestApp app = TestApp.start()) {
            JsonObject root = TestApp.json(
                    app.admin().get("/packages.json", "user-agent", "Composer/1.10.27 (Linux; 6.8; PHP 7.4.33)"));
            assertThat(root.text("warning", 200)).contains("Composer 2").contains("self-update");
            assertThat(root.text("warning-versions", 200)).isEqualTo("<1.999");
        }
    }

    /** P82. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/p/acme/tool$0123456789abcdef.json",
                "/p/acme/tool%240123456789abcdef.json",
                "/p/acme/tool.json",
                "/p/provider-latest$0123456789abcdef.json"
            })
    void anAddressOfComposer1Is404InJson(String path) {
        try (TestApp app = TestApp.start()) {
            Response response = app.admin().get(path);
            assertThat(response.status()).isEqualTo(404);
            assertThat(response.findHeader("content-type")).isEqualTo("application/json");
            assertThat(TestApp.json(response).text("code", 50)).isEqualTo("not_found");
        }
    }

    /** P4, P83, R33. */
    @Test
    void belowAPathOfItsHostAnInstanceAnswersThereAndNowhereElse() {
        try (TestApp app = TestApp.start()) {
            app.addUpstream("acme/*");
            app.publish("acme/tool", TestApp.version("acme/tool", "1.0.0", "a".repeat(40), ""));
            app.serve(TestApp.UPSTREAM + "/a/" + "a".repeat(40) + ".zip", TestApp.zip("tool"));
            app.admin().send("PATCH", "/api/settings", "{\"base_url\":\"" + TestApp.BASE + "/a/org\"}");
            String whole = text(app.admin().get("/a/org/packages.json"));
            assertThat(whole).contains("\"metadata-url\":\"" + TestApp.BASE + "/a/org/p2/%package%.json\"");
            assertThat(text(app.admin().get("/a/org"))).isEqualTo(whole);
            assertThat(text(app.admin().get("/a/org/"))).isEqualTo(whole);
            String dist = "/a/org/dist/acme/tool/1.0.0.0/r" + "a".repeat(40) + ".zip";
            assertThat(text(app.admin().get("/a/org/p2/acme/tool.json"))).contains(TestApp.BASE + dist);
            assertThat(app.admin().get(dist).status()).isEqualTo(200);
            assertThat(app.admin().get("/a/org/api/upstreams").status()).isEqualTo(200);
            for (String elsewhere : List.of(
                    "/packages.json",
                    "/",
                    "/a",
                    "/a/packages.json",
                    "/org/packages.json",
                    "/a/org/x/packages.json",
                    "/a//org/packages.json",
                    "/A/org/packages.json",
                    "/a/%6Frg/packages.json",
                    "/a/org//packages.json",
                    "/p2/acme/tool.json",
                    "/api/upstreams",
                    "/b/org/p2/acme/tool.json",
                    "/a/org/nothing")) {
                assertThat(app.anonymous().get(elsewhere).status())
                        .as(elsewhere)
                        .isEqualTo(401);
                assertThat(app.admin().get(elsewhere).status()).as(elsewhere).isEqualTo(404);
            }
            for (String prefix : List.of("", "/a/org", "/old/name")) {
                assertThat(app.anonymous().get(prefix + "/api/health").status()).isEqualTo(200);
                assertThat(app.admin().get(prefix + "/api/settings").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void whatIsAskedOfAnotherPathIsRecordedAsUnknown() {
        try (TestApp app = TestApp.start()) {
            app.admin().get("/other/packages.json");
            app.admin().get("/nothing");
            app.drain();
            String body = app.rows("SELECT body FROM audit_segment ORDER BY first DESC")
                    .get(0)
                    .text("body");
            assertThat(body).contains("read.unknown").doesNotContain("read.root");
        }
    }

    @Test
    void eachPatternStandsThereOnceAndACatchAllHidesThem() {
        try (TestApp app = TestApp.start()) {
            app.addUpstream("https://a.example.com", "acme/*", 1, false);
            app.addUpstream("https://b.example.com", "acme/*", 2, false);
            String third = app.addUpstream("https://c.example.com", "globex/tool-*", 3, false);
            assertThat(text(app.admin().get("/packages.json")))
                    .containsOnlyOnce("\"acme/*\"")
                    .contains("\"globex/tool-*\"");
            app.admin().send("PATCH", "/api/upstreams/" + third, "{\"patterns\":[\"x/y\",\"*\"]}");
            assertThat(text(app.admin().get("/packages.json"))).doesNotContain("available-package-patterns");
        }
    }

    @Test
    void itsDateRisesWithEveryChangeEvenWithinASecond() {
        try (TestApp app = TestApp.start()) {
            String created = date(app);
            String id = app.addUpstream("acme/*");
            String added = date(app);
            app.admin().send("PATCH", "/api/upstreams/" + id, "{\"patterns\":[\"b/*\"]}");
            String changed = date(app);
            app.admin().send("PATCH", "/api/settings", "{\"base_url\":\"" + TestApp.BASE + "/x\"}");
            String moved = date(app, "/x/packages.json");
            app.admin().send("DELETE", "/x/api/upstreams/" + id, "{}");
            String deleted = date(app, "/x/packages.json");
            assertThat(Set.of(created, added, changed, moved, deleted)).hasSize(5);
            for (String old : List.of(created, added, changed, moved)) {
                assertThat(app.admin()
                                .get("/x/packages.json", "if-modified-since", old)
                                .status())
                        .isEqualTo(200);
            }
            assertThat(app.admin()
                            .get("/x/packages.json", "if-modified-since", deleted)
                            .status())
                    .isEqualTo(304);
            app.clock().advance(Duration.ofDays(2));
            assertThat(date(app, "/x/packages.json")).isEqualTo(deleted);
        }
    }

    @Test
    void a304HasNoBodyAndOnlyTheExactDateGetsOne() {
        try (TestApp app = TestApp.start()) {
            Response same = app.admin().get("/packages.json", "if-modified-since", date(app));
            assertThat(same.status()).isEqualTo(304);
            assertThat(text(same)).isEmpty();
            for (String other : new String[] {
                "Fri, 01 Jan 2100 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "", "yesterday", date(app) + " "
            }) {
                assertThat(app.admin()
                                .get("/packages.json", "if-modified-since", other)
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void aRememberedRootCostsNothingAndIsForgottenInTime() {
        try (TestApp app = TestApp.start("AUTH_CACHE_SECONDS", "60", "META_CACHE_SECONDS", "10")) {
            TestApp.Caller elsewhere = app.admin().at(app.isolate());
            elsewhere.get("/packages.json");
            app.drain();
            long before = app.counts().of("d1_round_trips");
            elsewhere.get("/packages.json");
            assertThat(app.counts().of("d1_round_trips")).isEqualTo(before);
            app.addUpstream("acme/*");
            app.clock().advance(Duration.ofSeconds(10));
            assertThat(text(elsewhere.get("/packages.json"))).contains("acme/*");
        }
    }

    @Test
    void itAnswersHeadAsGet() {
        try (TestApp app = TestApp.start()) {
            Response head = app.admin().send("HEAD", "/packages.json", "");
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.findHeader("last-modified")).isEqualTo(date(app));
            assertThat(Json.read(head.body().bytes(10_000)).has("packages")).isTrue();
        }
    }
}
