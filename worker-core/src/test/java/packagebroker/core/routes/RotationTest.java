package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import packagebroker.core.App;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** {@code /api/keys}, and what becomes of the records while keys change hands. */
class RotationTest {
    private static final String K1 = key(0);
    private static final String K2 = key(2);
    private static final String ONE = "{\"k1\":\"" + K1 + "\"}";
    private static final String BOTH = "{\"k1\":\"" + K1 + "\",\"k2\":\"" + K2 + "\"}";
    private static final String SECOND = "{\"k2\":\"" + K2 + "\"}";
    private static final int RECORDS = 60; // More than two steps.

    private final TestApp app = TestApp.start("ENCRYPTION_KEYS", ONE);

    /** The deployment that has both keys. */
    private final App both = app.isolate("ENCRYPTION_KEYS", BOTH);

    private final Map<String, String> expected = new HashMap<>();

    private static String key(int filled) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) filled);
        return Base64.getEncoder().encodeToString(bytes);
    }

    @AfterEach
    void close() {
        app.close();
    }

    private Response send(App isolate, String path, String body) {
        return app.admin().at(isolate).send("POST", path, body);
    }

    private Response act(App isolate, String act) {
        return send(isolate, "/api/keys/k2/" + act, "{}");
    }

    private JsonObject key(App isolate, String id) {
        for (JsonObject key : json(app.admin().at(isolate).get("/api/keys")).objects("keys")) {
            if (key.text("id", 32).equals(id)) {
                return key;
            }
        }
        throw new AssertionError("expected a key " + id);
    }

    private void addAndActivate() {
        assertThat(send(both, "/api/keys", "{\"id\":\"k2\"}").status()).isEqualTo(201);
        app.clock().advance(Duration.ofMinutes(10));
        assertThat(act(both, "activate").status()).isEqualTo(200);
    }

    /** Makes upstreams whose server knows which credential each has to show. */
    private void records(int count) {
        for (int i = 0; i < count; i++) {
            String url = "https://u" + i + ".example.com";
            String id = app.addUpstream(url, "v" + i + "/*", 10, false);
            String body = "{\"enabled\":false,\"auth\":{\"type\":\"bearer\",\"token\":\"secret-of-" + i + "\"}}";
            assertThat(app.admin().send("PATCH", "/api/upstreams/" + id, body).status())
                    .isEqualTo(200);
            app.serveStatus(url + "/p2/package-broker/connection-test.json", 404);
            expected.put(id, url);
        }
        app.drain();
    }

    /** Has each credential be opened and shown to its server, which has to find it right. */
    private void assertAllReadable(App isolate) {
        for (String id : expected.keySet()) {
            app.upstream().forgetRequests();
            assertThat(text(send(isolate, "/api/upstreams/" + id + "/test", "{}")))
                    .isEqualTo("{\"ok\":true}");
            Request asked = app.upstream().requests().get(0);
            String number = expected.get(id)
                    .substring("https://u".length(), expected.get(id).indexOf('.'));
            assertThat(asked.findHeader("authorization")).isEqualTo("Bearer secret-of-" + number);
        }
    }

    private long sealedWith(String id) {
        return app.count("credential WHERE substr(sealed, 1, 6) = 'v1." + id + ".'");
    }

    private void work(App isolate) {
        app.clock().advance(Duration.ofMinutes(1));
        isolate.scheduled();
    }

    @Test
    void aRotationLeavesEveryRecordReadableAtEveryStep() {
        records(RECORDS);
        addAndActivate();
        assertThat(sealedWith("k1")).isEqualTo(RECORDS);
        int steps = 0;
        while (sealedWith("k1") > 0) {
            work(both);
            assertAllReadable(both);
            assertThat(sealedWith("k1") + sealedWith("k2")).isEqualTo(RECORDS);
            assertThat(++steps).isLessThan(12);
        }
        assertThat(act(both, "retire").status()).isEqualTo(409);
        Response retired = send(both, "/api/keys/k1/retire", "{}");
        assertThat(retired.status()).isEqualTo(200);
        assertThat(json(retired).text("state", 20)).isEqualTo("retired");
        App last = app.isolate("ENCRYPTION_KEYS", SECOND, "ACTIVE_KEY", "k2");
        assertAllReadable(last);
        assertThat(text(app.anonymous().at(last).get("/api/health"))).contains("\"status\":\"ok\"");
    }

    @Test
    void theAuditLogSaysWhoDidWhatAndHowManyRecordsWereSealedAnew() {
        records(30);
        addAndActivate();
        for (int i = 0; i < 8; i++) {
            work(both);
        }
        send(both, "/api/keys/k1/retire", "{}");
        String token = app.rows("SELECT actor FROM audit WHERE action = 'add.key'")
                .get(0)
                .text("actor");
        assertThat(token).startsWith("token:");
        assertThat(app.count("audit WHERE action = 'activate.key' AND target = 'k1' AND actor = 'system'"))
                .isEqualTo(1);
        for (String act : List.of("'add.key' AND target = 'k2'", "'activate.key' AND target = 'k2'")) {
            assertThat(app.count("audit WHERE action = " + act + " AND actor = '" + token + "'"))
                    .isEqualTo(1);
        }
        assertThat(app.count("audit WHERE action = 'retire.key' AND target = 'k1' AND actor = '" + token + "'"))
                .isEqualTo(1);
        long resealed = 0;
        for (Row row : app.rows("SELECT detail FROM audit WHERE action = 'reseal.records'")) {
            String detail = row.text("detail");
            assertThat(detail).contains("\"of\":\"credential.sealed\"");
            String from = detail.substring(detail.indexOf("\"records\":") + 10);
            resealed += Long.parseLong(from.substring(0, from.indexOf(',')));
        }
        assertThat(resealed).isEqualTo(30);
    }

    @Test
    void theListCountsWhatEachKeyHasSealedAndShowsNoKey() {
        records(3);
        addAndActivate();
        String shown = text(app.admin().at(both).get("/api/keys"));
        assertThat(shown)
                .startsWith("{\"active\":\"k2\",\"keys\":[")
                .doesNotContain(K1)
                .doesNotContain(K2);
        assertThat(key(both, "k1").number("records", 0, 99, -1)).isEqualTo(3);
        assertThat(key(both, "k1").text("state", 20)).isEqualTo("former");
        assertThat(key(both, "k1").flag("retirable", true)).isFalse();
        for (int i = 0; i < 8; i++) {
            work(both);
        }
        assertThat(key(both, "k1").flag("retirable", false)).isTrue();
        assertThat(key(both, "k2").number("records", 0, 99, -1)).isEqualTo(3);
    }

    @Test
    void aKeySealsOnlyOnceItHasBeenInPlaceForTenMinutes() {
        assertThat(send(app.product(), "/api/keys", "{\"id\":\"k2\"}").status()).isEqualTo(409);
        assertThat(act(both, "activate").status()).isEqualTo(404);
        assertThat(send(both, "/api/keys", "{\"id\":\"k2\"}").status()).isEqualTo(201);
        assertThat(key(both, "k2").text("state", 20)).isEqualTo("added");
        app.clock().advance(Duration.ofSeconds(590));
        Response early = act(both, "activate");
        assertThat(early.status()).isEqualTo(409);
        assertThat(text(early)).contains("too_early");
        app.clock().advance(Duration.ofSeconds(10));
        assertThat(act(app.product(), "activate").status()).isEqualTo(409);
        assertThat(act(both, "activate").status()).isEqualTo(200);
    }

    @Test
    void anIsolateThatLacksTheNewKeyStartsTheWaitAnew() {
        work(both);
        work(both);
        work(both);
        send(both, "/api/keys", "{\"id\":\"k2\"}");
        app.clock().advance(Duration.ofMinutes(9));
        work(app.product());
        assertThat(text(act(both, "activate"))).contains("too_early");
        app.clock().advance(Duration.ofMinutes(10));
        assertThat(act(both, "activate").status()).isEqualTo(200);
    }

    @Test
    void anIsolateFromBeforeTheActivationSealsWithTheNewKeyToo() {
        App older = app.isolate("ENCRYPTION_KEYS", BOTH);
        addAndActivate();
        String id = app.addUpstream("acme/*");
        String body = "{\"auth\":{\"type\":\"bearer\",\"token\":\"t\"}}";
        assertThat(app.admin()
                        .at(older)
                        .send("PATCH", "/api/upstreams/" + id, body)
                        .status())
                .isEqualTo(200);
        assertThat(sealedWith("k2")).isEqualTo(1);
    }

    @Test
    void anIsolateWithoutTheKeySealsNothing() {
        addAndActivate();
        String id = app.addUpstream("acme/*");
        Response refused =
                app.admin().send("PATCH", "/api/upstreams/" + id, "{\"auth\":{\"type\":\"bearer\",\"token\":\"t\"}}");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(text(refused)).contains("bad_key");
        assertThat(app.count("credential")).isZero();
    }

    @Test
    void healthFailsIfARecordNamesAKeyThatIsNotInTheRing() {
        records(2);
        App without = app.isolate("ENCRYPTION_KEYS", SECOND, "ACTIVE_KEY", "k2");
        assertThat(app.anonymous().at(without).get("/api/health").status()).isEqualTo(503);
        assertThat(app.anonymous().at(both).get("/api/health").status()).isEqualTo(200);
        app.database()
                .update(Statement.of(
                        "UPDATE credential SET sealed = 'v1.k9.a.b.c' WHERE upstream = ?",
                        expected.keySet().iterator().next()));
        app.clock().advance(Duration.ofMinutes(1));
        Response failing = app.anonymous().at(both).get("/api/health");
        assertThat(failing.status()).isEqualTo(503);
        assertThat(text(failing))
                .contains("expected ENCRYPTION_KEYS to hold every key")
                .doesNotContain("k9");
    }

    @Test
    void healthFailsIfTheKeyThatSealsIsNotInTheRing() {
        addAndActivate();
        app.clock().advance(Duration.ofMinutes(1));
        assertThat(app.anonymous().get("/api/health").status()).isEqualTo(503);
        assertThat(app.anonymous().at(both).get("/api/health").status()).isEqualTo(200);
    }

    @Test
    void whatAnAdministratorChangesMeanwhileIsNotUndone() {
        records(1);
        String id = expected.keySet().iterator().next();
        String before = app.rows("SELECT sealed FROM credential").get(0).text("sealed");
        addAndActivate();
        for (int i = 0; i < 8; i++) {
            work(both);
        }
        String anew = app.rows("SELECT sealed FROM credential").get(0).text("sealed");
        assertThat(anew).startsWith("v1.k2.");
        // A change of something else leaves the credential alone.
        app.admin().at(both).send("PATCH", "/api/upstreams/" + id, "{\"name\":\"renamed\"}");
        assertThat(app.rows("SELECT sealed FROM credential").get(0).text("sealed"))
                .isEqualTo(anew);
        // And a step whose record is another one by now replaces nothing.
        app.database().update(Statement.of("UPDATE credential SET sealed = ?", before));
        app.admin().send("PATCH", "/api/upstreams/" + id, "{\"priority\":7}");
        assertThat(app.rows("SELECT sealed FROM credential").get(0).text("sealed"))
                .isEqualTo(before);
        assertAllReadable(both);
    }

    @Test
    void nothingIsStoredThatARetiredKeySealed() {
        records(1);
        addAndActivate();
        for (int i = 0; i < 8; i++) {
            work(both);
        }
        assertThat(send(both, "/api/keys/k1/retire", "{}").status()).isEqualTo(200);
        // As an isolate would that read which key seals just before it was retired.
        app.database().update(Statement.of("UPDATE sealing_key SET activated_at = 9000000000000 WHERE id = 'k1'"));
        String body = "{\"auth\":{\"type\":\"bearer\",\"token\":\"t\"}}";
        Response late = app.admin()
                .send("PATCH", "/api/upstreams/" + expected.keySet().iterator().next(), body);
        assertThat(late.status()).isEqualTo(409);
        assertThat(sealedWith("k1")).isZero();
        assertAllReadable(both);
    }

    @Test
    void aRecordThatCannotBeOpenedStopsNoOther() {
        records(3);
        String id = expected.keySet().iterator().next();
        app.database()
                .update(Statement.of("UPDATE credential SET sealed = 'v1.k1.AAAA.AAAA.AAAA' WHERE upstream = ?", id));
        addAndActivate();
        for (int i = 0; i < 8; i++) {
            work(both);
        }
        assertThat(sealedWith("k2")).isEqualTo(2);
        assertThat(text(send(both, "/api/keys/k1/retire", "{}"))).contains("key_in_use");
        assertThat(app.log().lines().toString()).contains("reseal.locked");
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"})
    void aStepThatIsCutOffAnywhereLeavesEveryRecordReadable(int after) {
        records(RECORDS);
        addAndActivate();
        work(both);
        app.clock().advance(Duration.ofMinutes(10));
        app.database().faults().breakAfter(after);
        try {
            both.scheduled();
        } catch (RuntimeException e) {
            assertThat(e).isNotNull();
        }
        app.database().faults().mend();
        assertThat(sealedWith("k1") + sealedWith("k2")).isEqualTo(RECORDS);
        assertAllReadable(both);
        for (int i = 0; i < 40 && sealedWith("k1") > 0; i++) {
            work(both);
        }
        assertThat(sealedWith("k2")).isEqualTo(RECORDS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 422",
                "{\"id\":7} | 422",
                "{\"id\":\"k2\",\"key\":\"AAAA\"} | 422",
                "{ | 400",
                "{\"id\":\"k9\"} | 409"
            })
    void onlyAKeyOfTheRingIsAddedByItsId(String body, int status) {
        assertThat(send(both, "/api/keys", body).status()).isEqualTo(status);
        assertThat(app.count("sealing_key WHERE id <> 'k1'")).isZero();
    }

    @Test
    void sayingItTwiceChangesNothingAndIsRecorded() {
        addAndActivate();
        assertThat(send(both, "/api/keys", "{\"id\":\"k2\"}").status()).isEqualTo(200);
        assertThat(act(both, "activate").status()).isEqualTo(200);
        assertThat(send(both, "/api/keys/k1/retire", "{}").status()).isEqualTo(200);
        assertThat(send(both, "/api/keys/k1/retire", "{}").status()).isEqualTo(200);
        assertThat(text(send(both, "/api/keys", "{\"id\":\"k1\"}"))).contains("key_retired");
        assertThat(text(send(both, "/api/keys/k1/activate", "{}"))).contains("key_retired");
        assertThat(app.count("audit WHERE action = 'add.key' AND target = 'k2'"))
                .isEqualTo(2);
        assertThat(app.count("audit WHERE action = 'retire.key'")).isEqualTo(2);
    }

    @Test
    void aFormerKeyCanSealAgain() {
        records(2);
        addAndActivate();
        for (int i = 0; i < 8; i++) {
            work(both);
        }
        assertThat(send(both, "/api/keys/k1/activate", "{}").status()).isEqualTo(200);
        for (int i = 0; i < 8; i++) {
            work(both);
        }
        assertThat(sealedWith("k1")).isEqualTo(2);
        assertAllReadable(app.product());
    }

    @Test
    void theSecretNeverLeavesInTheClear() {
        records(1);
        addAndActivate();
        for (int i = 0; i < 8; i++) {
            work(both);
        }
        byte[] list = app.admin().at(both).get("/api/keys").body().bytes(100_000);
        assertThat(new String(list, StandardCharsets.UTF_8)).doesNotContain("secret-of-0");
        assertThat(app.count("audit WHERE instr(detail, 'secret-of-0') > 0")).isZero();
        assertThat(app.count("credential WHERE instr(sealed, 'secret-of-0') > 0"))
                .isZero();
    }
}
