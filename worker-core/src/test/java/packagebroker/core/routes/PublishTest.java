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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Row;
import packagebroker.core.testing.RawZip;
import packagebroker.core.testing.TestApp;

/** {@code PUT /api/packages/{vendor}/{name}/{version}}. */
class PublishTest {
    private TestApp app = TestApp.start();

    @AfterEach
    void close() {
        app.close();
    }

    private String file(String name) {
        return text(app.admin().at(app.isolate()).get("/p2/acme/" + name + ".json"));
    }

    private byte[] download(JsonObject published) {
        String url = published.text("url", 300);
        return app.admin().get(url.substring(TestApp.BASE.length())).body().bytes(1_000_000);
    }

    private void nothingIsLeft() {
        assertThat(app.objects().keys()).noneMatch(key -> key.startsWith("artifact/"));
        for (String table : List.of("version", "release", "released", "package", "published", "upload")) {
            assertThat(app.count(table)).as(table).isZero();
        }
        assertThat(app.count("upstream")).isZero();
    }

    @Test
    void aReleaseIsListedAndDownloadableAtOnce() {
        Response made =
                publish(app, "1.0.0", zip(",\"autoload\":{\"psr-4\":{\"Acme\\\\\":\"src/\"}},\"config\":{\"x\":1}"));
        assertThat(made.status()).isEqualTo(201);
        JsonObject published = json(made);
        byte[] zip = zip(",\"autoload\":{\"psr-4\":{\"Acme\\\\\":\"src/\"}},\"config\":{\"x\":1}");
        assertThat(download(published)).isEqualTo(zip);
        assertThat(file("tool"))
                .contains("\"version\":\"1.0.0\"", "\"version_normalized\":\"1.0.0.0\"", "\"php\":\">=8.1\"", "psr-4")
                .contains("\"time\":\"2026-11-23T12:00:00+00:00\"", published.text("reference", 40))
                .doesNotContain("config", "published.invalid");
        assertThat(published.text("sha256", 64)).hasSize(64);
        Row audit =
                app.rows("SELECT * FROM audit WHERE action = 'publish.version'").get(0);
        assertThat(audit.text("target")).isEqualTo("acme/tool/1.0.0.0");
        assertThat(audit.text("detail")).contains(published.text("sha256", 64));
        Row source = app.rows("SELECT * FROM upstream").get(0);
        assertThat(source.text("id") + " " + source.text("patterns")).isEqualTo("published acme/*");
        assertThat(app.rows("SELECT published_by FROM published").get(0).text("published_by"))
                .startsWith("token:");
    }

    @Test
    void theSameBytesAgainAreThereAlreadyAndOthersAreRefused() {
        assertThat(publish(app, "1.0.0", zip("")).status()).isEqualTo(201);
        app.drain();
        long rows = app.count("audit");
        Response again = publish(app, "v1.0", zip(""));
        assertThat(again.status()).isEqualTo(200);
        Response other = publish(app, "1.0.0", other("else"));
        assertThat(other.status()).isEqualTo(409);
        assertThat(text(other)).contains("\"version_exists\"");
        assertThat(app.count("audit")).isEqualTo(rows);
        assertThat(app.count("version")).isEqualTo(1);
        assertThat(app.objects().keys().stream().filter(key -> key.startsWith("artifact/")))
                .hasSize(1);
        app.drain();
        assertThat(app.rows("SELECT body FROM audit_segment").toString()).isNotEmpty();
    }

    @Test
    void aBranchMovesAndItsFormerStateStaysForLocks() {
        JsonObject first = json(publish(app, "dev-main", other("first")));
        JsonObject second = json(publish(app, "dev-main", other("second")));
        assertThat(file("tool~dev")).contains(second.text("reference", 40)).doesNotContain(first.text("reference", 40));
        assertThat(download(first)).isEqualTo(other("first"));
        assertThat(download(second)).isEqualTo(other("second"));
        assertThat(publish(app, "dev-main", other("second")).status()).isEqualTo(200);
        assertThat(app.count("audit WHERE action = 'publish.version'")).isEqualTo(2);
        assertThat(publish(app, "dev-main", other("first")).status()).isEqualTo(200);
        assertThat(file("tool~dev")).contains(first.text("reference", 40));
        assertThat(app.count("audit WHERE action = 'publish.version'")).isEqualTo(3);
    }

    @Test
    void aBranchWithASlashHasAUrl() {
        JsonObject published = json(publish(app, "dev-feature%2Fx", zip("")));
        assertThat(download(published)).isEqualTo(zip(""));
        assertThat(file("tool~dev")).contains("dev-feature/x");
    }

    @Test
    void ofTwoUploadsAtOnceOneIsPublished() {
        int inTheWay = 0;
        for (int calls = 0; calls == inTheWay; calls++) {
            app.close();
            app = TestApp.start();
            List<Integer> inner = new ArrayList<>();
            app.database()
                    .faults()
                    .actAfter(
                            calls,
                            () -> inner.add(
                                    publish(app, "1.0.0", other("inner")).status()));
            int outer = publish(app, "1.0.0", other("outer")).status();
            app.database().faults().mend();
            if (!inner.isEmpty()) {
                inTheWay++;
                assertThat(List.of(outer, inner.get(0))).as("call " + calls).containsExactlyInAnyOrder(201, 409);
                assertThat(app.count("version")).isEqualTo(1);
                assertThat(app.count("audit WHERE action = 'publish.version'")).isEqualTo(1);
                assertThat(app.objects().keys().stream().filter(key -> key.startsWith("artifact/")))
                        .hasSize(1);
            }
        }
        assertThat(inTheWay).isGreaterThan(3);
    }

    @Test
    void aTokenPublishesWhatItsPatternsSelect() {
        TestApp.Caller ci = publisher(app, "publish", "acme/*");
        assertThat(put(ci, TOOL + "1.0.0", zip("")).status()).isEqualTo(201);
        assertThat(put(ci, "/api/packages/globex/tool/1.0.0", zip("")).status()).isEqualTo(404);
        assertThat(put(publisher(app, "read", "*"), TOOL + "1.0.1", zip("")).status())
                .isEqualTo(403);
        assertThat(put(app.anonymous(), TOOL + "1.0.1", zip("")).status()).isEqualTo(401);
    }

    @Test
    void aNameOfAnotherUpstreamIsNobodysToPublishUnder() {
        app.addUpstream("acme/*");
        app.publish("acme/tool", TestApp.version("acme/tool", "1.0.0", "a".repeat(40), ""));
        assertThat(app.admin().get("/p2/acme/tool.json").status()).isEqualTo(200);
        Response refused = publish(app, "2.0.0", zip(""));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(text(refused)).contains("\"not_publishable\"");
        assertThat(app.count("published")).isZero();
    }

    @Test
    void aNameThatAnExclusiveUpstreamHasForItselfIsRefused() {
        app.addUpstream(TestApp.UPSTREAM, "acme/*", 10, true);
        assertThat(publish(app, "1.0.0", zip("")).status()).isEqualTo(409);
    }

    @Test
    void whatIsPublishedIsAskedForNowhereElse() {
        app.addUpstream("*");
        assertThat(publish(app, "1.0.0", zip("")).status()).isEqualTo(201);
        assertThat(file("tool")).contains("1.0.0.0");
        assertThat(app.admin().get("/p2/acme/tool~dev.json").status()).isEqualTo(404);
    }

    @Test
    void publishingCanBeSwitchedOffAndItsUpstreamKeepsItsKind() {
        publish(app, "1.0.0", zip(""));
        String path = "/api/upstreams/published";
        for (String body : List.of(
                "{\"url\":\"https://x.example.com\"}", "{\"mode\":\"mirror\"}", "{\"auth\":{\"type\":\"none\"}}")) {
            assertThat(app.admin().send("PATCH", path, body).status()).isEqualTo(422);
        }
        assertThat(text(app.admin().send("POST", path + "/test", "{}"))).isEqualTo("{\"ok\":true}");
        assertThat(app.admin()
                        .send("PATCH", path, "{\"enabled\":false,\"priority\":7}")
                        .status())
                .isEqualTo(200);
        assertThat(publish(app, "1.1.0", other("x")).status()).isEqualTo(409);
        assertThat(app.admin().get("/p2/acme/tool.json").status()).isEqualTo(404);
        app.admin().send("PATCH", path, "{\"enabled\":true}");
        assertThat(publish(app, "1.1.0", other("x")).status()).isEqualTo(201);
        assertThat(file("tool")).contains("1.0.0.0", "1.1.0.0");
    }

    @Test
    void aSecondVendorIsAddedToWhatIsPublishedHere() {
        publish(app, "1.0.0", zip(""));
        byte[] globex =
                RawZip.of("{\"name\":\"globex/app\",\"version\":\"v2.0\"}").bytes();
        assertThat(put(app.admin(), "/api/packages/globex/app/2.0.0", globex).status())
                .isEqualTo(201);
        assertThat(app.rows("SELECT patterns FROM upstream").get(0).text("patterns"))
                .isEqualTo("acme/* globex/*");
        assertThat(text(app.admin().get("/packages.json"))).contains("acme/*", "globex/*");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\"acme/other\"}",
                "{\"name\":17}",
                "{}",
                "[]",
                "no json",
                "{\"name\":\"acme/tool\",\"name\":\"acme/tool\"}",
                "{\"name\":\"acme/tool\",\"version\":\"1.0.1\"}",
                "{\"name\":\"acme/tool\",\"version\":1}",
                "{\"name\":\"acme/tool\",\"require\":\"php\"}",
                "{\"name\":\"acme/tool\",\"require\":{\"php\":8}}",
                "{\"name\":\"acme/tool\",\"require\":[\"php\"]}",
                "{\"name\":\"acme/tool\",\"autoload\":[1]}"
            })
    void aComposerJsonOfSomethingElseIsRefusedAndNothingIsLeft(String composerJson) {
        Response refused = publish(app, "1.0.0", RawZip.of(composerJson).bytes());
        assertThat(refused.status()).isEqualTo(422);
        nothingIsLeft();
    }

    @Test
    void whatSaysTooMuchOfItselfIsRefused() {
        String name = "{\"name\":\"acme/tool\",\"description\":\"";
        assertThat(publish(
                                app,
                                "1.0.0",
                                RawZip.of(name + "x".repeat(20 << 20) + "\"}").bytes())
                        .status())
                .isEqualTo(413);
        StringBuilder words = new StringBuilder();
        new java.util.Random(1)
                .ints(200_000, 'a', 'z')
                .forEach(c -> words.append((char) c).append("é"));
        assertThat(publish(app, "1.0.0", RawZip.of(name + words + "\"}").bytes())
                        .status())
                .isEqualTo(422);
        String nested = "[".repeat(100_000);
        assertThat(publish(
                                app,
                                "1.0.0",
                                RawZip.of("{\"name\":\"acme/tool\",\"extra\":" + nested)
                                        .stored("x", new byte[9_000])
                                        .bytes())
                        .status())
                .isEqualTo(422);
        nothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PK", "hello", "<html>", "PK\u0003\u0004"})
    void whatIsNoZipIsRefusedAndNothingIsLeft(String body) {
        Response refused = publish(app, "1.0.0", body.getBytes(StandardCharsets.UTF_8));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(text(refused)).contains("expected a zip");
        nothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"latest", "1.0.x.y", "1.0%20", "1.0%40dev", "dev-", "dev-a..b", "%00"})
    void whatIsNoVersionIsRefused(String version) {
        assertThat(publish(app, version, zip("")).status()).isEqualTo(422);
        nothingIsLeft();
    }

    @Test
    void aLargeArchiveIsPublishedAndOneThatIsTooLargeIsNot() {
        app.close();
        app = TestApp.start("MAX_ARCHIVE_BYTES", "11000000");
        byte[] noise = new byte[10_700_000];
        new java.util.Random(7).nextBytes(noise);
        byte[] large =
                RawZip.of("{\"name\":\"acme/tool\"}").stored("noise", noise).bytes();
        byte[] larger = RawZip.of("{\"name\":\"acme/tool\"}")
                .stored("noise", noise)
                .stored("more", new byte[400_000])
                .bytes();
        Response refused = publish(app, "1.0.0", larger);
        assertThat(refused.status()).isEqualTo(413);
        nothingIsLeft();
        assertThat(publish(app, "1.0.0", large).status()).isEqualTo(201);
        assertThat(app.count("upload")).isZero();
    }

    @Test
    void aLargeArchiveThatIsRefusedLeavesNothing() {
        byte[] noise = new byte[6_000_000];
        assertThat(publish(
                                app,
                                "1.0.0",
                                RawZip.of("{\"name\":\"acme/x\"}")
                                        .stored("noise", noise)
                                        .bytes())
                        .status())
                .isEqualTo(422);
        nothingIsLeft();
    }

    @Test
    void nothingIsPublishedInAFreeze() {
        app.admin().send("POST", "/api/freeze", "{\"reason\":\"x\"}");
        assertThat(publish(app, "1.0.0", zip("")).status()).isEqualTo(409);
        nothingIsLeft();
    }

    @Test
    void aNameThatIsGivenFreeIsNotTakenBackByWhatWasPublished() {
        publish(app, "1.0.0", zip(""));
        file("tool");
        assertThat(app.admin()
                        .send("DELETE", "/api/packages/acme/tool?purge=true", "{}")
                        .status())
                .isEqualTo(204);
        app.runJobs();
        assertThat(app.admin().at(app.isolate()).get("/p2/acme/tool.json").status())
                .isEqualTo(404);
        assertThat(app.count("package")).isZero();
        assertThat(publish(app, "1.0.0", zip("")).status()).isEqualTo(409);
        assertThat(publish(app, "1.0.1", zip("")).status()).isEqualTo(201);
        assertThat(file("tool")).contains("1.0.1.0").doesNotContain("1.0.0.0");
    }
}
