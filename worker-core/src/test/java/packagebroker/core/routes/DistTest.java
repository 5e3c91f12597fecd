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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.testing.TestApp;

/** {@code GET /dist/{vendor}/{name}/{version}/{file}}. */
class DistTest {
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private static final String DIST = "/dist/acme/tool/1.0.0.0/r" + A + ".zip";
    private static final String UP_ZIP = UPSTREAM + "/a/" + A + ".zip";

    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
        app.addUpstream("acme/*");
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.serve(UP_ZIP, zip("one"));
    }

    @AfterEach
    void close() {
        app.close();
    }

    @Test
    void fetchesOnceAndServesForEver() {
        Response cold = app.admin().get(DIST);
        assertThat(cold.status()).isEqualTo(200);
        assertThat(cold.findHeader("content-length")).isEqualTo("" + zip("one").length);
        assertThat(cold.findHeader("cache-control")).isEqualTo("private, max-age=31536000, immutable");
        assertThat(cold.body().bytes(100)).isEqualTo(zip("one"));
        app.serve(UP_ZIP, zip("two"));
        app.clock().advance(Duration.ofDays(400));
        assertThat(app.count("version")).isEqualTo(1);
        assertThat(app.upstream().requestsTo(UP_ZIP)).hasSize(1);
    }

    @Test
    void servesAnOldLockWhoseBranchHasMoved() {
        app.serve(
                UPSTREAM + "/p2/acme/tool~dev.json",
                "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "dev-main", A, "") + "]}}");
        app.admin().get("/p2/acme/tool~dev.json");
        app.serve(
                UPSTREAM + "/p2/acme/tool~dev.json",
                "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "dev-main", B, "") + "]}}");
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(text(app.admin().get("/p2/acme/tool~dev.json"))).contains("/dev-main/r" + B);
        assertThat(app.admin().get("/dist/acme/tool/dev-main/r" + A + ".zip").status())
                .isEqualTo(200);
    }

    @Test
    void storesALargeArchiveInPartsAndServesItWhole() {
        byte[] large = Arrays.copyOf(zip("large"), (11 << 20) + 7);
        large[large.length - 1] = 42;
        app.serve(UP_ZIP, large);
        assertThat(app.admin().get(DIST).body().bytes(20 << 20)).isEqualTo(large);
        assertThat(app.count("upload")).isZero();
    }

    @Test
    void storesNothingThatIsCutShort() {
        app.upstream().cuts(UP_ZIP, Arrays.copyOf(zip("x"), 6 << 20));
        assertThat(app.admin().get(DIST).status()).isEqualTo(502);
        storedNothingAndHeals();
    }

    @Test
    void storesNothingThatIsNoArchive() {
        app.serve(UP_ZIP, "<html>Sign in</html>");
        assertThat(app.admin().get(DIST).status()).isEqualTo(502);
        assertThat(app.count("alert")).isEqualTo(1);
        storedNothingAndHeals();
    }

    @Test
    void storesNothingWithAnotherSha1ThanStated() {
        String stated = version("acme/tool", "1.0.0", A, "").replace("\"shasum\":\"\"", "\"shasum\":\"" + A + "\"");
        app.publish("acme/tool", stated);
        assertThat(app.admin().get(DIST).status()).isEqualTo(502);
        assertThat(app.count("version")).isZero();
        assertThat(app.objects().keys()).noneMatch(key -> key.startsWith("artifact/"));
    }

    private void storedNothingAndHeals() {
        assertThat(app.count("version")).isZero();
        assertThat(app.count("upload")).isZero();
        assertThat(app.objects().keys()).noneMatch(key -> key.startsWith("artifact/"));
        app.serve(UP_ZIP, zip("one"));
        assertThat(app.admin().get(DIST).body().bytes(100)).isEqualTo(zip("one"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dist/acme/tool/1.0.0.0/r0000000000000000000000000000000000000000.zip",
                "/dist/acme/tool/1.0.0.0/r" + A + ".tar",
                "/dist/acme/tool/1.0.0.0/rAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.zip",
                "/dist/acme/tool/2.0.0.0/r" + A + ".zip",
                "/dist/acme/tool/1.0.0.0/r.zip",
                "/dist/acme/tool/1.0.0.0/" + A + ".zip",
                "/dist/acme/tool/1.0.0.0/..%2f..%2fsecret.zip",
                "/dist/acme/tool/1.0.0.0/%00.zip",
                "/dist/acme/tool/1.0.0.0/a%0d%0aSet-Cookie:x=1.zip",
                "/dist/acme/tool/1.0.0.0/--output=x.zip",
                "/dist/acme/tool/1.0.0.0/r%25reference%25.zip",
                "/dist/acme/tool/%2e%2e%2f/r" + A + ".zip",
                "/dist/-acme/tool/1.0.0.0/r" + A + ".zip",
            })
    void answers404ForWhatWasNeverAdvertised(String path) {
        app.admin().get("/p2/acme/tool.json");
        app.admin().get("/p2/acme/tool~dev.json");
        app.upstream().forgetRequests();
        assertThat(app.admin().get(path).status()).isEqualTo(404);
        assertThat(app.upstream().requestsTo(UP_ZIP)).isEmpty();
    }

    @Test
    void isScopedAsTheMetadataIs() {
        app.admin().get(DIST);
        assertThat(app.as(app.token("other/*")).get(DIST).status()).isEqualTo(404);
        assertThat(app.as(app.token("acme/tool")).get(DIST).status()).isEqualTo(200);
        assertThat(app.anonymous().get(DIST).status()).isEqualTo(401);
    }

    @Test
    void knowsAVersionWithoutAReferenceByItsUrl() {
        app.publish(
                "acme/tool",
                "{\"name\":\"acme/tool\",\"version\":\"1.0.0\",\"dist\":{\"type\":\"zip\",\"url\":\"" + UP_ZIP
                        + "\",\"reference\":null,\"shasum\":\"\"}}");
        String json = text(app.admin().get("/p2/acme/tool.json"));
        int at = json.indexOf("/dist/acme/tool/1.0.0.0/rn");
        assertThat(at).isPositive();
        String path = json.substring(at, json.indexOf('"', at));
        assertThat(path).matches("/dist/acme/tool/1\\.0\\.0\\.0/rn[0-9a-f]{16}\\.zip");
        assertThat(app.admin().get(path).status()).isEqualTo(200);
    }

    @Test
    void statesTheSha1OnceTheBytesAreKnown() {
        app.admin().get(DIST);
        app.clock().advance(Duration.ofMinutes(6));
        String sha1 = app.rows("SELECT sha1 FROM version").get(0).text("sha1");
        assertThat(text(app.admin().get("/p2/acme/tool.json"))).contains("\"shasum\":\"" + sha1 + "\"");
    }

    @Test
    void refusesOtherBytesForAReferenceThatIsStored() {
        app.admin().get(DIST);
        app.publish(
                "acme/tool",
                version("acme/tool", "1.0.0", A, "").replace("\"shasum\":\"\"", "\"shasum\":\"" + B + "\""));
        app.clock().advance(Duration.ofMinutes(6));
        app.admin().get("/p2/acme/tool.json");
        app.serve(UP_ZIP, zip("two"));
        assertThat(app.admin().get(DIST).body().bytes(100)).isEqualTo(zip("one"));
    }

    @Test
    void bringsALostObjectBackOnlyWithTheSameBytes() {
        app.admin().get(DIST);
        String object = app.rows("SELECT artifact FROM version").get(0).text("artifact");
        app.objects().delete(object);
        app.serve(UP_ZIP, zip("two"));
        assertThat(app.admin().get(DIST).status()).isEqualTo(502);
        app.serve(UP_ZIP, zip("one"));
        assertThat(app.admin().get(DIST).body().bytes(100)).isEqualTo(zip("one"));
    }

    @Test
    void saysSoWhenTheUpstreamHasItNoMore() {
        app.serveStatus(UP_ZIP, 404);
        Response response = app.admin().get(DIST);
        assertThat(response.status()).isEqualTo(410);
        assertThat(text(response)).contains("\"warning\"");
    }

    @Test
    void servesWhatItHasWhileTheUpstreamIsAway() {
        app.admin().get(DIST);
        for (String url : List.of(UP_ZIP, UPSTREAM + "/p2/acme/tool.json", UPSTREAM + "/packages.json")) {
            app.upstream().fails(url, Reason.UNREACHABLE);
        }
        app.clock().advance(Duration.ofDays(3));
        assertThat(app.admin().get(DIST).status()).isEqualTo(200);
    }

    @Test
    void isOldOrNewWhereverTheDatabaseBreaks() {
        int survived = 0;
        for (int broken = 1; broken <= 12; broken++) {
            app.database().faults().breakAfter(broken);
            Response response = app.admin().get(DIST);
            app.database().faults().mend();
            survived += response.status() == 200 ? 1 : 0;
            assertThat(app.count("audit WHERE action = 'mirror.dist'")).isEqualTo(app.count("version"));
            assertThat(app.count("audit WHERE action = 'mirror.document'")).isEqualTo(app.count("document"));
        }
        assertThat(survived).isPositive();
        assertThat(app.admin().get(DIST).body().bytes(100)).isEqualTo(zip("one"));
    }
}
