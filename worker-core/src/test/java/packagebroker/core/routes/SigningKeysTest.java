package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.testing.VouchingKeys;

/** The keys of those who vouch, while they cannot be had. */
class SigningKeysTest extends PeopleScene {
    private int status() {
        return present(PAIR.sign(claims("ann", "platform"))).status();
    }

    @Test
    void keysThatCannotBeHadLetNobodyIn() {
        app.serveStatus(KEYS, 500);
        assertThat(status()).isEqualTo(503);
        app.clock().advance(Duration.ofMinutes(1));
        app.serve(KEYS, "<html>");
        assertThat(status()).isEqualTo(502);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 500, 200})
    void aFailureIsRememberedForAMinute(int failure) {
        if (failure == 200) {
            app.serve(KEYS, "<html>");
        } else {
            app.serveStatus(KEYS, failure);
        }
        int first = status();
        assertThat(first).isIn(502, 503);
        int asked = app.upstream().requests().size();
        app.serve(KEYS, "{\"keys\":[" + PAIR.jwk() + "]}");
        app.clock().advance(Duration.ofSeconds(59));
        assertThat(status()).isEqualTo(first);
        assertThat(app.upstream().requests()).hasSize(asked);
        app.clock().advance(Duration.ofSeconds(1));
        assertThat(status()).isEqualTo(201);
    }

    @Test
    void knownKeysAreGoodForADayWhileTheyCannotBeHad() {
        assertThat(status()).isEqualTo(201);
        app.serveStatus(KEYS, 404);
        for (int hour = 1; hour < 24; hour++) {
            app.clock().advance(Duration.ofHours(1));
            assertThat(status()).isEqualTo(201);
            assertThat(present(new VouchingKeys("k2").sign(claims("ann", "platform")))
                            .status())
                    .isEqualTo(502);
        }
        app.clock().advance(Duration.ofHours(1));
        assertThat(status()).isEqualTo(502);
        app.serve(KEYS, "{\"keys\":[" + OTHER.jwk() + "]}");
        app.clock().advance(Duration.ofMinutes(1));
        assertThat(status()).isEqualTo(401);
    }
}
