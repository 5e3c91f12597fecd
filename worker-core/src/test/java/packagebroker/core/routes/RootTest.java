package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.text;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.testing.TestApp;

/** {@code GET /packages.json}. */
class RootTest {
    private static String date(TestApp app) {
        return "" + app.admin().get("/packages.json").findHeader("last-modified");
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
            String moved = date(app);
            app.admin().send("DELETE", "/api/upstreams/" + id, "{}");
            String deleted = date(app);
            assertThat(Set.of(created, added, changed, moved, deleted)).hasSize(5);
            for (String old : List.of(created, added, changed, moved)) {
                assertThat(app.admin()
                                .get("/packages.json", "if-modified-since", old)
                                .status())
                        .isEqualTo(200);
            }
            assertThat(app.admin()
                            .get("/packages.json", "if-modified-since", deleted)
                            .status())
                    .isEqualTo(304);
            app.clock().advance(Duration.ofDays(2));
            assertThat(date(app)).isEqualTo(deleted);
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
