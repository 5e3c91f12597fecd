package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.routes.PublishScene.TOOL;
import static packagebroker.core.routes.PublishScene.other;
import static packagebroker.core.routes.PublishScene.publish;
import static packagebroker.core.routes.PublishScene.publisher;
import static packagebroker.core.routes.PublishScene.put;
import static packagebroker.core.routes.PublishScene.zip;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Response;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.RawZip;
import packagebroker.core.testing.TestApp;

/** {@code POST} and {@code DELETE /api/packages/{vendor}/{name}/{version}/yank}, and {@code DELETE} of a version. */
class YankTest {
    private final TestApp app = TestApp.start();
    private String first = "";

    @BeforeEach
    void publishTwo() {
        first = json(publish(app, "1.0.0", zip(""))).text("url", 300).substring(TestApp.BASE.length());
        publish(app, "1.1.0", other("second"));
        assertThat(file()).contains("1.0.0.0", "1.1.0.0");
    }

    @AfterEach
    void close() {
        app.close();
    }

    private Response get(String path) {
        return app.admin().at(app.isolate()).get(path);
    }

    private String file() {
        return text(get("/p2/acme/tool.json"));
    }

    private int send(String method, String path) {
        return app.admin().send(method, TOOL + path, "{}").status();
    }

    @Test
    void aYankedVersionIsListedNoMoreAndALockStillGetsIt() {
        assertThat(send("POST", "1.0.0/yank")).isEqualTo(204);
        assertThat(file()).contains("1.1.0.0").doesNotContain("1.0.0.0");
        assertThat(get(first).body().bytes(10_000)).isEqualTo(zip(""));
        assertThat(send("DELETE", "v1.0/yank")).isEqualTo(204);
        assertThat(file()).contains("1.0.0.0", "1.1.0.0");
        assertThat(app.count("audit WHERE action IN ('yank.version', 'unyank.version')"))
                .isEqualTo(2);
        assertThat(app.count("alert")).isZero();
    }

    @Test
    void whatIsSaidTwiceChangesNothing() {
        send("POST", "1.0.0/yank");
        app.drain();
        long rows = app.count("audit");
        assertThat(send("POST", "1.0.0/yank")).isEqualTo(204);
        assertThat(send("DELETE", "1.1.0/yank")).isEqualTo(204);
        assertThat(app.count("audit")).isEqualTo(rows);
    }

    @Test
    void withTheLastVersionThePackageIsGoneAtOnceAndComesBack() {
        send("POST", "1.0.0/yank");
        send("POST", "1.1.0/yank");
        assertThat(get("/p2/acme/tool.json").status()).isEqualTo(404);
        assertThat(get(first).status()).isEqualTo(200);
        send("DELETE", "1.1.0/yank");
        assertThat(file()).contains("1.1.0.0").doesNotContain("1.0.0.0");
    }

    @Test
    void aYankedVersionPublishedAgainStaysYanked() {
        send("POST", "1.0.0/yank");
        assertThat(publish(app, "1.0.0", zip("")).status()).isEqualTo(200);
        assertThat(file()).doesNotContain("1.0.0.0");
        assertThat(publish(app, "1.0.0", other("x")).status()).isEqualTo(409);
    }

    @Test
    void aYankedBranchIsBackWhenItIsPublishedAgain() {
        publish(app, "dev-main", zip(""));
        send("POST", "dev-main/yank");
        assertThat(get("/p2/acme/tool~dev.json").status()).isEqualTo(404);
        assertThat(publish(app, "dev-main", other("x")).status()).isEqualTo(201);
        send("POST", "dev-main/yank");
        assertThat(publish(app, "dev-main", other("x")).status()).isEqualTo(200);
        assertThat(text(get("/p2/acme/tool~dev.json"))).contains("dev-main");
    }

    @Test
    void aDeletedVersionIsGoneForGoodAndALockStillGetsIt() {
        assertThat(send("DELETE", "1.0.0")).isEqualTo(204);
        assertThat(file()).contains("1.1.0.0").doesNotContain("1.0.0.0");
        assertThat(get(first).status()).isEqualTo(200);
        assertThat(publish(app, "1.0.0", zip("")).status()).isEqualTo(409);
        assertThat(publish(app, "1.0.0", other("x")).status()).isEqualTo(409);
        assertThat(send("DELETE", "1.0.0/yank")).isEqualTo(404);
        assertThat(send("DELETE", "1.0.0")).isEqualTo(204);
        assertThat(app.count("audit WHERE action = 'delete.version'")).isEqualTo(1);
    }

    @Test
    void aPurgedVersionHasNoBytes() {
        assertThat(send("DELETE", "1.0.0?purge=true")).isEqualTo(204);
        assertThat(get(first).status()).isEqualTo(410);
        app.runJobs();
        assertThat(get(first).status()).isEqualTo(410);
        assertThat(app.count("version")).isEqualTo(1);
        assertThat(app.objects().keys().stream().filter(key -> key.startsWith("artifact/")))
                .hasSize(1);
        assertThat(file()).contains("1.1.0.0");
        assertThat(publish(app, "1.0.0", zip("")).status()).isEqualTo(409);
    }

    @Test
    void whatWasDeletedCanBePurgedLater() {
        send("DELETE", "1.0.0");
        assertThat(send("DELETE", "1.0.0?purge=true")).isEqualTo(204);
        assertThat(get(first).status()).isEqualTo(410);
    }

    @Test
    void whatIsPurgedWhileAnotherVersionIsGoesToo() {
        boolean[] acted = {true};
        int calls = 0;
        for (; acted[0]; calls++) {
            try (TestApp busy = TestApp.start()) {
                acted[0] = false;
                publish(busy, "1.0.0", zip(""));
                publish(busy, "1.1.0", other("second"));
                byte[] last = RawZip.of("{\"name\":\"zeta/last\"}").bytes();
                put(busy.admin(), "/api/packages/zeta/last/1.0.0", last);
                busy.admin().send("DELETE", TOOL + "1.0.0?purge=true", "{}");
                busy.database().faults().actAfter(calls, () -> {
                    acted[0] = true;
                    busy.admin().send("DELETE", TOOL + "1.1.0?purge=true", "{}");
                });
                // This call does a step itself, of what comes first by name.
                busy.admin().send("DELETE", "/api/packages/zeta/last?purge=true", "{}");
                busy.database().faults().actAfter(-1, () -> {});
                long purging = busy.count("version WHERE state = 'purging'");
                assertThat(purging > 0 && busy.count("purge") == 0)
                        .as("call " + calls)
                        .isFalse();
            }
        }
        assertThat(calls).isGreaterThan(5);
    }

    @Test
    void aPurgedStateOfABranchIsNotPublishedAgain() {
        publish(app, "dev-main", zip(""));
        assertThat(send("DELETE", "dev-main?purge=true")).isEqualTo(204);
        assertThat(publish(app, "dev-main", zip("")).status()).isEqualTo(409);
        assertThat(publish(app, "dev-main", other("x")).status()).isEqualTo(201);
    }

    @Test
    void whatIsNotPublishedIsAbsent() {
        for (String path : new String[] {"2.0.0", "latest", "%00"}) {
            assertThat(send("DELETE", path)).as(path).isEqualTo(404);
            assertThat(send("POST", path + "/yank")).as(path).isEqualTo(404);
        }
        assertThat(app.admin()
                        .send("DELETE", "/api/packages/acme/other/1.0.0", "{}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void whoPublishesMayYankAndNotDelete() {
        TestApp.Caller ci = publisher(app, "publish", "acme/*");
        assertThat(ci.send("POST", TOOL + "1.0.0/yank", "{}").status()).isEqualTo(204);
        assertThat(ci.send("DELETE", TOOL + "1.0.0/yank", "{}").status()).isEqualTo(204);
        assertThat(ci.send("DELETE", TOOL + "1.0.0", "{}").status()).isEqualTo(403);
        TestApp.Caller other = publisher(app, "admin", "globex/*");
        assertThat(other.send("POST", TOOL + "1.0.0/yank", "{}").status()).isEqualTo(404);
        assertThat(other.send("DELETE", TOOL + "1.0.0", "{}").status()).isEqualTo(404);
    }

    @Test
    void aFrozenInstanceListsWhatItListed() {
        app.admin().send("POST", "/api/freeze", "{\"reason\":\"x\"}");
        assertThat(send("POST", "1.0.0/yank")).isEqualTo(409);
        assertThat(send("DELETE", "1.0.0")).isEqualTo(409);
        assertThat(file()).contains("1.0.0.0");
    }

    @Test
    void whatIsDeletedUnderANameThatIsNobodysOwnsNothing() {
        app.admin().send("DELETE", "/api/packages/acme/tool", "{}");
        assertThat(send("DELETE", "1.0.0?purge=true")).isEqualTo(204);
        assertThat(app.count("package")).isZero();
        assertThat(app.database().query(Statement.of("SELECT 1 FROM release"))).isEmpty();
    }
}
