package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.json.JsonObject;
import packagebroker.core.testing.TestApp;
import packagebroker.core.text.Utf8;

/** When, from where and how often a token may be used. */
class TokenConditionsTest {
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

    @Test
    void aTokenBeginsWhenItWasTold() {
        long begin = app.clock().millis() + 60_000;
        TestApp.Caller reader = made(app.admin(), "\"kind\":\"read\",\"not_before\":" + begin + "," + ALL);
        assertThat(text(reader.get("/packages.json"))).contains("\"token_not_yet\"");
        app.clock().advance(Duration.ofMinutes(1));
        assertThat(reader.get("/packages.json").status()).isEqualTo(200);
    }

    @Test
    void aTokenIsUsedFromItsAddressesOnly() {
        TestApp.Caller reader =
                made(app.admin(), "\"kind\":\"read\",\"ip_allow\":[\"192.0.2.0/24\",\"2001:db8::/32\"]," + ALL);
        assertThat(reader.get("/packages.json", "cf-connecting-ip", "192.0.2.9").status())
                .isEqualTo(200);
        assertThat(reader.get("/packages.json", "cf-connecting-ip", "2001:db8::9")
                        .status())
                .isEqualTo(200);
        assertThat(reader.get("/packages.json", "cf-connecting-ip", "203.0.113.9")
                        .status())
                .isEqualTo(403);
        assertThat(reader.get("/packages.json").status()).isEqualTo(403);
        assertThat(reader.get(
                                "/packages.json",
                                "cf-connecting-ip",
                                "203.0.113.9",
                                "x-forwarded-for",
                                "192.0.2.9",
                                "x-real-ip",
                                "192.0.2.9",
                                "forwarded",
                                "for=192.0.2.9",
                                "true-client-ip",
                                "192.0.2.9")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aRememberedTokenIsBoundToItsAddressesAsWell() {
        try (TestApp remembering = TestApp.start("AUTH_CACHE_SECONDS", "60")) {
            Response made = make(remembering.admin(), "\"kind\":\"read\",\"ip_allow\":[\"192.0.2.1\"]," + ALL);
            TestApp.Caller reader = remembering.as(json(made).text("token", 100));
            assertThat(reader.get("/packages.json", "cf-connecting-ip", "192.0.2.1")
                            .status())
                    .isEqualTo(200);
            assertThat(reader.get("/packages.json", "cf-connecting-ip", "192.0.2.2")
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void aMakerBoundToAddressesMakesNoFreeToken() {
        Response made =
                make(app.admin(), "\"rights\":[\"read\",\"manage_tokens\"],\"ip_allow\":[\"192.0.2.0/24\"]," + ALL);
        String maker = "Bearer " + json(made).text("token", 100);
        assertThat(madeFrom(maker, "")).isEqualTo(403);
        assertThat(madeFrom(maker, ",\"ip_allow\":[\"192.0.2.0/24\",\"198.51.100.1\"]"))
                .isEqualTo(403);
        assertThat(madeFrom(maker, ",\"ip_allow\":[\"192.0.2.128/25\"]")).isEqualTo(201);
    }

    private int madeFrom(String authorization, String more) {
        var headers = Headers.of(
                "authorization", authorization, "content-type", "application/json", "cf-connecting-ip", "192.0.2.5");
        byte[] body = Utf8.encode("{\"name\":\"x\",\"kind\":\"read\"," + ALL + more + "}");
        return app.product()
                .handle(new Request("POST", TestApp.BASE + "/api/tokens", headers, Body.of(body)))
                .status();
    }

    @Test
    void ofTwentyAtATimeAsManyPassAsATokenHasUses() throws Exception {
        for (String remembered : List.of("0", "60")) {
            try (TestApp counted = TestApp.start("AUTH_CACHE_SECONDS", remembered)) {
                Response made = make(counted.admin(), "\"kind\":\"read\",\"max_uses\":3," + ALL);
                TestApp.Caller reader = counted.as(json(made).text("token", 100));
                List<Callable<Integer>> calls = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    TestApp.Caller own = reader.at(counted.isolate());
                    calls.add(() -> own.get("/packages.json").status());
                }
                List<Integer> statuses = new ArrayList<>();
                ExecutorService threads = Executors.newFixedThreadPool(20);
                for (Future<Integer> answer : threads.invokeAll(calls)) {
                    statuses.add(answer.get());
                }
                threads.shutdown();
                assertThat(statuses).filteredOn(status -> status == 200).hasSize(3);
                assertThat(statuses).filteredOn(status -> status == 401).hasSize(17);
                assertThat(text(reader.get("/packages.json"))).contains("\"token_used_up\"");
            }
        }
    }

    @Test
    void aCountedTokenIsCountedInOneIsolateThatRemembersToo() {
        try (TestApp remembering = TestApp.start("AUTH_CACHE_SECONDS", "60")) {
            Response made = make(remembering.admin(), "\"kind\":\"read\",\"max_uses\":2," + ALL);
            TestApp.Caller reader = remembering.as(json(made).text("token", 100));
            assertThat(reader.get("/packages.json").status()).isEqualTo(200);
            assertThat(reader.get("/packages.json").status()).isEqualTo(200);
            assertThat(reader.get("/packages.json").status()).isEqualTo(401);
        }
    }

    @Test
    void aRefusedUseCountsNot() {
        TestApp.Caller reader = made(app.admin(), "\"kind\":\"read\",\"max_uses\":1," + ALL);
        assertThat(reader.get("/api/tokens").status()).isEqualTo(403);
        assertThat(reader.get("/packages.json").status()).isEqualTo(200);
    }

    @Test
    void whatWasRefusedIsNoUse() {
        TestApp.Caller reader = made(app.admin(), "\"kind\":\"read\",\"ip_allow\":[\"192.0.2.1\"]," + ALL);
        String[] here = {"cf-connecting-ip", "192.0.2.1"};
        assertThat(reader.get("/packages.json", "cf-connecting-ip", "203.0.113.9")
                        .status())
                .isEqualTo(403);
        assertThat(reader.get("/api/tokens", here).status()).isEqualTo(403);
        app.drain();
        assertThat(app.count("token WHERE name = 't' AND last_used > 0")).isZero();
        assertThat(reader.get("/packages.json", here).status()).isEqualTo(200);
        app.drain();
        assertThat(app.count("token WHERE name = 't' AND last_used > 0")).isEqualTo(1);
    }

    @Test
    void aBreakGlassTokenOpensEverythingAndRaisesAnAlertEachHour() {
        try (TestApp fresh = TestApp.fresh("AUTH_CACHE_SECONDS", "60")) {
            JsonObject glass = json(fresh.setUp(fresh.product())).findObject("break_glass");
            assertThat(glass).isNotNull();
            String token = glass.text("token", 100);
            assertThat(token).startsWith("pkbi_");
            TestApp.Caller caller = fresh.as(token);
            assertThat(caller.get("/api/tokens", "cf-connecting-ip", "192.0.2.1")
                            .status())
                    .isEqualTo(200);
            assertThat(caller.get("/api/settings").status()).isEqualTo(200);
            assertThat(fresh.rows("SELECT detail FROM alert WHERE kind = 'break_glass'")
                            .get(0)
                            .text("detail"))
                    .isEqualTo("192.0.2.1");
            assertThat(fresh.count("alert WHERE kind = 'break_glass'")).isEqualTo(1);
            assertThat(fresh.count("audit WHERE action = 'use.break_glass'")).isEqualTo(2);
            fresh.clock().advance(Duration.ofHours(1));
            caller.get("/api/settings");
            assertThat(fresh.count("alert WHERE kind = 'break_glass'")).isEqualTo(2);
            fresh.database().faults().breakAfter(1);
            assertThat(caller.get("/api/settings").status()).isEqualTo(503);
        }
    }
}
