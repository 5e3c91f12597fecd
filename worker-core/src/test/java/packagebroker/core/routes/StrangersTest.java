package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.text;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Response;
import packagebroker.core.testing.TestApp;

/** Who shows credentials that are not good, again and again. */
class StrangersTest {
    private static final String HERE = "192.0.2.1";
    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
    }

    @AfterEach
    void close() {
        app.close();
    }

    private Response guess(String address) {
        return app.as("nonsense").get("/packages.json", "cf-connecting-ip", address);
    }

    private void guessTwentyTimes(String address) {
        for (int i = 0; i < 20; i++) {
            assertThat(guess(address).status()).isEqualTo(401);
        }
    }

    @Test
    void areToldToWaitAfterTwentyTriesInAMinute() {
        guessTwentyTimes(HERE);
        Response response = guess(HERE);
        assertThat(response.status()).isEqualTo(429);
        assertThat(response.findHeader("retry-after")).isEqualTo("60");
        assertThat(text(response)).contains("\"too_many_failures\"");
        assertThat(guess("192.0.2.2").status()).isEqualTo(401);
        app.clock().advance(Duration.ofMinutes(1));
        assertThat(guess(HERE).status()).isEqualTo(401);
    }

    @Test
    void doNotSlowDownAGoodTokenBehindTheSameAddress() {
        guessTwentyTimes(HERE);
        assertThat(guess(HERE).status()).isEqualTo(429);
        TestApp.Caller reader = app.as(app.token("*"));
        for (int i = 0; i < 200; i++) {
            assertThat(reader.get("/packages.json", "cf-connecting-ip", HERE).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void areOneStrangerInOneNetworkOfIpv6() {
        for (int i = 0; i < 20; i++) {
            assertThat(guess("2001:db8:1:2::" + i).status()).isEqualTo(401);
        }
        assertThat(guess("2001:db8:1:2:ffff::1").status()).isEqualTo(429);
        assertThat(guess("2001:db8:1:3::1").status()).isEqualTo(401);
    }

    @Test
    void areNotThoseWhoShowNothing() {
        for (int i = 0; i < 50; i++) {
            assertThat(app.anonymous()
                            .get("/packages.json", "cf-connecting-ip", HERE)
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void mayGuessTheSetupSecretAndIdentityTokensNoOftener() {
        for (int i = 0; i < 20; i++) {
            String path = i % 2 == 0 ? "/api/setup" : "/oidc/token";
            String body = i % 2 == 0
                    ? "{\"secret\":\"guess\",\"base_url\":\"https://x.example.org\"}"
                    : "{\"token\":\"a.b.c\"}";
            assertThat(app.anonymous()
                            .send("POST", path, body, "cf-connecting-ip", HERE)
                            .status())
                    .isEqualTo(401);
        }
        assertThat(app.anonymous()
                        .send("POST", "/oidc/token", "{\"token\":\"a.b.c\"}", "cf-connecting-ip", HERE)
                        .status())
                .isEqualTo(429);
    }

    @Test
    void ofTenThousandAddressesTakeNoMemoryFromEachOther() {
        for (int i = 0; i < 10_000; i++) {
            guess("10.1." + i / 256 + "." + i % 256);
        }
        app.drain();
        guessTwentyTimes(HERE);
        assertThat(guess(HERE).status()).isEqualTo(429);
    }

    @Test
    void areNotCountedWhereThatIsSwitchedOff() {
        try (TestApp open = TestApp.start("AUTH_FAILURES_PER_MINUTE", "0")) {
            for (int i = 0; i < 100; i++) {
                assertThat(open.as("nonsense")
                                .get("/packages.json", "cf-connecting-ip", HERE)
                                .status())
                        .isEqualTo(401);
            }
        }
    }
}
