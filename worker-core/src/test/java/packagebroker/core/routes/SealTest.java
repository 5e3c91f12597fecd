package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import packagebroker.core.App;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.JcaSignatures;
import packagebroker.core.testing.TestApp;

/** The chain over the audit log: every row once, in one order, with a signature. */
class SealTest {
    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets a quarter of an hour pass, with the background's work before and after: the first only makes the jobs. */
    private static void work(TestApp app) {
        app.product().scheduled();
        app.clock().advance(Duration.ofMinutes(15));
        app.product().scheduled();
    }

    /** Computes the chain again from the rows and returns its last head. */
    private static String chainOf(TestApp app) {
        byte[] head = new byte[32];
        long entries = 0;
        long events = 0;
        long reads = 0;
        for (Row seal : app.rows("SELECT * FROM seal ORDER BY number")) {
            for (int stream = 1; stream <= 2; stream++) {
                String table = stream == 1 ? "audit" : "audit_segment";
                long from = stream == 1 ? events : reads;
                long upto = seal.number(stream == 1 ? "audit_upto" : "segment_upto");
                String range = " WHERE seq > " + from + " AND seq <= " + upto + " ORDER BY seq";
                for (Row row : app.rows("SELECT seq, hash FROM " + table + range)) {
                    byte[] place = ByteBuffer.allocate(9)
                            .put((byte) stream)
                            .putLong(row.number("seq"))
                            .array();
                    head = sha256(head, place, HexFormat.of().parseHex(row.text("hash")));
                    entries++;
                }
            }
            events = seal.number("audit_upto");
            reads = seal.number("segment_upto");
            assertThat(seal.text("head")).isEqualTo(HexFormat.of().formatHex(head));
            assertThat(seal.number("entries")).isEqualTo(entries);
        }
        assertThat(events).isEqualTo(app.count("audit"));
        assertThat(reads).isEqualTo(app.count("audit_segment"));
        return HexFormat.of().formatHex(head);
    }

    @Test
    void aChangeIsSealedASecondLater() {
        try (TestApp app = TestApp.start()) {
            app.token("*");
            assertThat(app.count("seal")).isZero();
            app.drain();
            assertThat(app.count("seal")).isEqualTo(1);
            assertThat(app.rows("SELECT audit_upto, entries FROM seal").get(0).number("audit_upto"))
                    .isEqualTo(2);
            chainOf(app);
        }
    }

    @Test
    void theCronSealsReadsAndWhatNobodySealed() {
        try (TestApp app = TestApp.start()) {
            app.cutOff();
            app.admin().get("/packages.json");
            app.drain();
            work(app);
            assertThat(app.rows("SELECT * FROM seal"))
                    .singleElement()
                    .satisfies(seal -> assertThat(seal.number("segment_upto")).isEqualTo(1));
            chainOf(app);
            work(app);
            assertThat(app.count("seal")).as("nothing came, nothing is sealed").isEqualTo(1);
        }
    }

    @Test
    void aLeaderThatWasCutOffIsReplaced() {
        try (TestApp app = TestApp.start()) {
            app.cutOff();
            app.token("*");
            app.drain();
            assertThat(app.count("seal"))
                    .as("the leader is thought to be at work")
                    .isZero();
            app.clock().advance(Duration.ofSeconds(6));
            app.token("*");
            app.drain();
            assertThat(app.rows("SELECT audit_upto FROM seal").get(0).number("audit_upto"))
                    .isEqualTo(3);
        }
    }

    @Test
    void manyIsolatesMakeOneChain() {
        try (TestApp app = TestApp.start()) {
            List<App> isolates = List.of(app.isolate(), app.isolate(), app.isolate());
            for (int round = 0; round < 20; round++) {
                for (App isolate : isolates) {
                    app.admin().at(isolate).send("PATCH", "/api/settings", "{\"base_url\":\"" + TestApp.BASE + "\"}");
                    app.admin().at(isolate).get("/packages.json");
                }
                app.drain();
                isolates.get(round % 3).scheduled();
            }
            chainOf(app);
            assertThat(app.count("seal")).isGreaterThan(20);
        }
    }

    @Test
    void moreRowsThanOneSealTakesAreSealedInSteps() {
        try (TestApp app = TestApp.start()) {
            for (int i = 0; i < 1_203; i++) {
                app.admin().send("PATCH", "/api/settings", "{\"base_url\":\"" + TestApp.BASE + "\"}");
            }
            app.cutOff();
            work(app);
            work(app);
            assertThat(app.rows("SELECT entries FROM seal ORDER BY number"))
                    .extracting(row -> row.number("entries"))
                    .startsWith(1000L, 1205L); // with the setup, and what runs here
            chainOf(app);
        }
    }

    @Test
    void ofTwoSealersOneWins() {
        try (TestApp app = TestApp.start()) {
            app.database().update(Statement.of("""
                    CREATE TRIGGER rival BEFORE INSERT ON seal WHEN NEW.number = 1 AND NEW.head != 'rival'
                    BEGIN
                      INSERT INTO seal (number, at, audit_upto, segment_upto, entries, head, note)
                      VALUES (1, 0, 0, 0, 0, 'rival', '');
                    END
                    """));
            app.drain();
            app.database().update(Statement.of("DROP TRIGGER rival"));
            assertThat(app.rows("SELECT head FROM seal"))
                    .as("the loser leaves nothing behind")
                    .singleElement()
                    .satisfies(seal -> assertThat(seal.text("head")).isEqualTo("rival"));
            app.database().update(Statement.of("DELETE FROM seal"));
            work(app);
            chainOf(app);
        }
    }

    @Test
    void rowsOfAnEarlierVersionGetTheirHash() {
        try (TestApp app = TestApp.start()) {
            for (int i = 0; i < 30; i++) {
                app.token("*");
            }
            app.admin().get("/packages.json");
            app.drain();
            work(app);
            List<Row> rows = app.rows("SELECT hash FROM audit ORDER BY seq");
            app.database().update(Statement.of("UPDATE audit SET hash = ''"));
            app.database().update(Statement.of("UPDATE audit_segment SET hash = ''"));
            app.database().update(Statement.of("DELETE FROM seal"));
            work(app);
            work(app);
            assertThat(app.rows("SELECT hash FROM audit ORDER BY seq"))
                    .extracting(row -> row.text("hash"))
                    .isEqualTo(rows.stream().map(row -> row.text("hash")).toList());
            chainOf(app);
        }
    }

    @Test
    void aCheckpointIsASignedNoteOverTheHead() {
        try (TestApp app = TestApp.start()) {
            app.drain();
            Row seal = app.rows("SELECT * FROM seal").get(0);
            String head = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(seal.text("head")));
            String text = "package.broker/audit\n1\n" + head + "\nseal 1\nat " + seal.number("at")
                    + "\naudit 1\nsegments 0\n";
            assertThat(seal.text("note")).startsWith(text + "\n\u2014 package.broker/audit ");
            byte[] line = Base64.getDecoder()
                    .decode(seal.text("note")
                            .substring(text.length() + "\n\u2014 package.broker/audit ".length())
                            .strip());
            byte[] key = new JcaSignatures()
                    .ed25519PublicKey("0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.UTF_8));
            byte[] id = sha256("package.broker/audit\n\u0001".getBytes(StandardCharsets.UTF_8), key);
            assertThat(line).hasSize(68).startsWith(id[0], id[1], id[2], id[3]);
            byte[] signature = java.util.Arrays.copyOfRange(line, 4, 68);
            assertThat(new JcaSignatures().isEd25519(key, text.getBytes(StandardCharsets.UTF_8), signature))
                    .isTrue();
        }
    }

    @Test
    void aFailingSealDisturbsNobodyAndIsMadeUpFor() {
        try (TestApp app = TestApp.start()) {
            app.database()
                    .update(Statement.of(
                            "CREATE TRIGGER no_seal BEFORE INSERT ON seal BEGIN SELECT RAISE(ABORT, 'no seal'); END"));
            String token = app.token("*");
            app.drain();
            assertThat(app.as(token).get("/packages.json").status()).isEqualTo(200);
            app.database().update(Statement.of("DROP TRIGGER no_seal"));
            app.drain();
            work(app);
            chainOf(app);
        }
    }

    @Test
    void whatWasLostIsOwnedUpTo() {
        try (TestApp app = TestApp.start()) {
            app.drain();
            app.database()
                    .update(Statement.of("CREATE TRIGGER full BEFORE INSERT ON audit_segment "
                            + "BEGIN SELECT RAISE(ABORT, 'database is full'); END"));
            for (int i = 0; i < 3; i++) {
                app.admin().get("/packages.json");
                app.admin().get("/api/upstreams");
                app.drain();
            }
            app.database().update(Statement.of("DROP TRIGGER full"));
            app.admin().get("/packages.json");
            app.drain();
            Row loss =
                    app.rows("SELECT * FROM audit WHERE action = 'lose.reads'").get(0);
            assertThat(loss.text("detail")).isEqualTo("{\"first\":1,\"events\":6}");
            assertThat(loss.text("outcome")).isEqualTo("error");
            assertThat(app.rows("SELECT first FROM audit_segment").get(0).number("first"))
                    .isEqualTo(7);
            app.admin().get("/packages.json");
            app.drain();
            assertThat(app.count("audit WHERE action = 'lose.reads'")).isEqualTo(1);
            assertThat(json(app.admin().get("/api/settings")).text("base_url", 100))
                    .isEqualTo(TestApp.BASE);
        }
    }
}
