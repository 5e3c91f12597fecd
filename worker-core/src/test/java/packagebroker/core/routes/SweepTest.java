package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Body;
import packagebroker.core.port.ObjectStore.Listed;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** What no row names goes after a day; what a row names stays, and is read again now and then. */
class SweepTest {
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private static final String DIST = "/dist/acme/tool/1.0.0.0/r" + A + ".zip";
    private static final String TOOL = "/p2/acme/tool.json";

    private final TestApp app = TestApp.start();

    @BeforeEach
    void start() {
        app.addUpstream("acme/*");
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.serve(UPSTREAM + "/a/" + A + ".zip", zip("one"));
        assertThat(app.admin().get(DIST).status()).isEqualTo(200);
        app.work(1);
    }

    @AfterEach
    void close() {
        app.close();
    }

    private String object() {
        return app.rows("SELECT object FROM document WHERE dev = 0").get(0).text("object");
    }

    private String artifact() {
        return app.rows("SELECT artifact FROM version").get(0).text("artifact");
    }

    /** Long enough for a pass over everything to begin and end. */
    private void pass() {
        app.clock().advance(Duration.ofDays(1));
        app.work(30);
    }

    @Test
    void formerCopiesOfADocumentGoAfterADayAndNothingElse() {
        String former = object();
        app.clock().advance(Duration.ofHours(1));
        app.publish("acme/tool", version("acme/tool", "1.1.0", B, ""), version("acme/tool", "1.0.0", A, ""));
        app.admin().get(TOOL);
        assertThat(app.objects().keys()).contains(former, object());
        app.clock().advance(Duration.ofHours(20));
        app.work(10);
        assertThat(app.objects().keys()).contains(former);
        pass();
        assertThat(app.objects().keys()).doesNotContain(former).contains(object(), artifact());
        assertThat(app.admin().get(DIST).body().bytes(100)).isEqualTo(zip("one"));
        assertThat(text(app.admin().get(TOOL))).contains("1.1.0");
    }

    @Test
    void whatACrashLeftGoesHoweverManyThereAre() {
        for (int i = 0; i < 45; i++) {
            app.objects().put("artifact/orphan" + i, Body.of(zip("x")), null);
            app.objects().put("document/orphan" + i, Body.of(zip("x")), null);
        }
        app.objects().put("backup/other", Body.of(zip("x")), null);
        pass();
        assertThat(app.objects().keys())
                .noneMatch(key -> key.contains("orphan"))
                .contains("backup/other", object(), artifact());
    }

    @Test
    void aStoreThatIsAwayOnlyDelaysIt() {
        app.objects().put("artifact/orphan", Body.of(zip("x")), null);
        app.clock().advance(Duration.ofDays(2));
        app.objects().faults().breakAfter(0);
        app.work(10);
        assertThat(text(app.admin().get("/api/jobs")))
                .contains("\"kind\":\"sweep\"")
                .contains("\"problem\":\"store_unavailable\"");
        app.objects().faults().mend();
        app.work(30);
        assertThat(app.objects().keys()).doesNotContain("artifact/orphan").contains(object(), artifact());
    }

    @Test
    void anUploadWhoseStoreIsAwayKeepsItsRowUntilItIsAborted() {
        byte[] large = Arrays.copyOf(zip("large"), (5 << 20) + 1);
        app.serve(UPSTREAM + "/a/" + B + ".zip", large);
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""), version("acme/tool", "2.0.0", B, ""));
        app.clock().advance(Duration.ofMinutes(10));
        app.admin().get(TOOL);
        app.objects().faults().breakAfter(3);
        assertThat(app.admin().get("/dist/acme/tool/2.0.0.0/r" + B + ".zip").status())
                .isEqualTo(503);
        assertThat(app.count("upload")).isEqualTo(1);
        app.clock().advance(Duration.ofDays(2));
        app.work(5);
        assertThat(app.count("upload")).isEqualTo(1);
        assertThat(app.objects().openUploads()).hasSize(1);
        app.objects().faults().mend();
        app.work(70);
        assertThat(app.count("upload")).isZero();
        assertThat(app.objects().openUploads()).isEmpty();
    }

    @Test
    void anUploadThatTheStoreHasLongForgottenIsForgottenToo() {
        app.database()
                .update(Statement.of(
                        "INSERT INTO upload (object, upload, started_at) VALUES ('artifact/x', 'never-known', 0)"));
        app.work(70);
        assertThat(app.count("upload")).isZero();
    }

    @Test
    void bytesThatChangedInTheStoreRaiseAnAlertOnceAndStay() {
        app.objects().corrupt(artifact(), zip("two"));
        app.work(60);
        assertThat(app.rows("SELECT subject, detail FROM alert WHERE kind = 'damage'"))
                .extracting(row -> row.text("subject"))
                .containsExactly(artifact());
        assertThat(app.rows("SELECT actor, target, detail FROM audit WHERE action = 'find.damage'"))
                .extracting(row -> row.text("actor") + " " + row.text("target"))
                .containsExactly("system " + artifact());
        app.clock().advance(Duration.ofDays(8));
        app.work(60);
        assertThat(app.count("alert WHERE kind = 'damage'")).isEqualTo(1);
        assertThat(app.count("audit WHERE action = 'find.damage'")).isEqualTo(1);
        assertThat(app.objects().keys()).contains(artifact());
    }

    @Test
    void anObjectThatTheStoreLostRaisesAnAlertToo() {
        String lost = object();
        app.objects().delete(lost);
        app.work(60);
        assertThat(app.rows("SELECT subject, detail FROM alert WHERE kind = 'damage'"))
                .extracting(row -> row.text("subject") + ": " + row.text("detail"))
                .containsExactly(lost + ": acme/tool: the store has lost the object");
    }

    @Test
    void aPassReadsEverythingStoredAndFindsNothingWhereNothingIsWrong() {
        for (int i = 0; i < 20; i++) {
            String name = "acme/t" + i;
            app.publish(name, version(name, "1.0.0", A, ""));
            app.admin().get("/p2/" + name + ".json");
            app.admin().get("/dist/" + name + "/1.0.0.0/r" + A + ".zip");
        }
        long before = app.counts().of("r2_reads");
        app.work(90);
        assertThat(app.counts().of("r2_reads") - before).isEqualTo(42);
        assertThat(app.count("alert")).isZero();
    }

    @Test
    void aStoreThatIsAwayIsNoDamage() {
        app.objects().faults().breakAfter(0);
        app.work(30);
        app.objects().faults().mend();
        assertThat(app.count("alert")).isZero();
    }

    @Test
    void everyListedObjectSaysWhenItWasStored() {
        List<Listed> listed = app.objects().list("artifact/", null, 10);
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).storedAt())
                .isBetween(app.clock().millis() - 60_000, app.clock().millis());
    }
}
