package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.testing.TestApp;

/** {@code GET /dist/{vendor}/{name}/{version}/{file}}: types, keys, and what it leaves alone. */
class DistFormsTest {
    private static final String TOOL = "/p2/acme/tool.json";
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
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

    private static byte[] tar() {
        byte[] bytes = new byte[1024];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, bytes, 257, 5);
        return bytes;
    }

    private static byte[] start(String hex) {
        return Arrays.copyOf(HexFormat.of().parseHex(hex), 300);
    }

    private Response fetch(String type, byte[] bytes) {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, "").replace("\"zip\"", "\"" + type + "\""));
        app.serve(UP_ZIP, bytes);
        String path = "/dist/acme/tool/1.0.0.0/r" + A + "." + type;
        assertThat(text(app.admin().get(TOOL))).contains(path);
        return app.admin().get(path);
    }

    @ParameterizedTest
    @CsvSource({
        "zip, 504B0304",
        "zip, 504B0506",
        "tar, 1F8B0800",
        "tar, 425A6839",
        "tar, FD377A58",
        "gzip, 1F8B0800",
        "xz, FD377A58",
        "rar, 52617221",
        "phar, 23212F75"
    })
    void anArchiveOfEachTypeIsKnownByItsStart(String type, String hex) {
        Response response = fetch(type, start(hex));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.findHeader("content-type"))
                .isEqualTo(type.equals("zip") ? "application/zip" : "application/octet-stream");
        assertThat(response.findHeader("content-disposition")).isEqualTo("attachment");
        assertThat(response.body().bytes(1_000)).isEqualTo(start(hex));
    }

    @Test
    void aPlainTarIsKnownByItsMagic() {
        assertThat(fetch("tar", tar()).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "zip, 3C68746D6C3E",
        "zip, 1F8B0800",
        "zip, 504A",
        "zip, 50",
        "zip, ''",
        "tar, 504B0304",
        "tar, 7573746172",
        "gzip, 504B0304",
        "xz, 1F8B",
        "rar, 3C68746D6C3E",
        "rar, ''"
    })
    void whatDoesNotStartAsItsTypeIsRefused(String type, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        Response response = fetch(type, bytes);
        assertThat(response.status()).isEqualTo(502);
        assertThat(text(response)).contains("\"upstream_untrusted\"");
        assertThat(app.count("version")).isZero();
        assertThat(app.objects().keys()).noneMatch(key -> key.startsWith("artifact/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tags/1.0/@123", "ABCDEF0123456789ABCDEF0123456789ABCDEF01", "v1.0.0", "main"})
    void aReferenceThatIsNoHexIsKnownByItsMd5(String reference) {
        app.publish(
                "acme/tool",
                version("acme/tool", "1.0.0", A, "")
                        .replace("\"reference\":\"" + A + "\"", "\"reference\":\"" + reference + "\""));
        String json = text(app.admin().get(TOOL));
        assertThat(json).contains("\"reference\":\"" + reference + "\"");
        int at = json.indexOf("/dist/");
        String path = json.substring(at, json.indexOf('"', at));
        assertThat(path).matches("/dist/acme/tool/1\\.0\\.0\\.0/r[0-9a-f]{32}\\.zip");
        assertThat(app.admin().get(path).status()).isEqualTo(200);
    }

    @Test
    void aWarmArchiveAsksNobodyForEver() {
        app.admin().get(DIST);
        app.upstream().forgetRequests();
        app.serveStatus(UP_ZIP, 404);
        app.clock().advance(Duration.ofDays(80));
        for (String path : List.of(DIST, DIST.replace("acme", "ACME"), DIST.replace("1.0.0.0", "1%2e0.0.0"))) {
            assertThat(app.admin().get(path).body().bytes(100)).isEqualTo(zip("one"));
        }
        assertThat(app.upstream().requests()).isEmpty();
    }

    @Test
    void anArchiveThatIsStoredNeedsNoMetadata() {
        app.admin().get(DIST);
        app.serveStatus(UPSTREAM + TOOL, 404);
        app.clock().advance(Duration.ofDays(2));
        app.admin().get(TOOL);
        app.clock().advance(Duration.ofDays(2));
        assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
        assertThat(app.admin().get(DIST).status()).isEqualTo(200);
    }

    @Test
    void aLockThatIsOlderThanOurCopyBringsThePackageIn() {
        assertThat(app.count("document")).isZero();
        assertThat(app.admin().get(DIST).body().bytes(100)).isEqualTo(zip("one"));
        assertThat(app.count("document")).isEqualTo(1);
        assertThat(app.count("audit WHERE action = 'mirror.document'")).isEqualTo(1);
    }

    @Test
    void aPackageThatNobodyHasIs404AndIsAskedForOnce() {
        app.serveStatus(UPSTREAM + "/p2/acme/none.json", 404);
        app.serveStatus(UPSTREAM + "/p2/acme/none~dev.json", 404);
        for (int i = 0; i < 3; i++) {
            assertThat(app.admin().get("/dist/acme/none/1.0.0.0/r" + A + ".zip").status())
                    .isEqualTo(404);
        }
        assertThat(app.upstream().requestsTo(UPSTREAM + "/p2/acme/none.json")).hasSize(1);
        assertThat(app.upstream().requestsTo(UPSTREAM + "/p2/acme/none~dev.json"))
                .hasSize(1);
    }

    @Test
    void aHashInAUrlIsNoCredential() {
        app.admin().get(DIST);
        Response hidden = app.as(app.token("globex/*")).get(DIST);
        Response absent = app.as(app.token("globex/*")).get("/dist/acme/none/1.0.0.0/rabc.zip");
        assertThat(hidden.status()).isEqualTo(404);
        assertThat(hidden.headers().pairs()).isEqualTo(absent.headers().pairs());
        assertThat(text(hidden).replaceAll("\"request_id\":\"[^\"]*\"", ""))
                .isEqualTo(text(absent).replaceAll("\"request_id\":\"[^\"]*\"", ""));
    }

    @Test
    void anAddressOfAnArchiveMayHaveAQueryButLeadsNowhereLocal() {
        app.publish(
                "acme/tool",
                version("acme/tool", "1.0.0", A, "").replace(".zip\"", ".zip?token=s3cr3t-query\""),
                version("acme/tool", "0.9.0", A, "").replace(UP_ZIP, "https://169.254.169.254/x.zip"),
                version("acme/tool", "0.8.0", A, "").replace(UP_ZIP, "http://repo.example.com/x.zip"));
        app.log().forbid("s3cr3t-query");
        app.serve(UP_ZIP + "?token=s3cr3t-query", zip("query"));
        assertThat(app.admin().get(DIST).body().bytes(100)).isEqualTo(zip("query"));
        assertThat(text(app.admin().get(TOOL))).doesNotContain("s3cr3t-query");
        for (String version : List.of("0.9.0.0", "0.8.0.0")) {
            Response response = app.admin().get(DIST.replace("1.0.0.0", version));
            assertThat(response.status()).isEqualTo(502);
            assertThat(text(response)).doesNotContain("169.254");
        }
        app.serveStatus(UP_ZIP + "?token=s3cr3t-query", 500);
    }

    @Test
    void aBareUnknownKeyAsksNoUpstreamOnceThePackageIsKnown() {
        app.admin().get(TOOL);
        app.admin().get("/p2/acme/tool~dev.json");
        app.upstream().forgetRequests();
        for (int i = 0; i < 20; i++) {
            String key = String.format(Locale.ROOT, "%040x", i);
            assertThat(app.admin()
                            .get("/dist/acme/tool/1.0.0.0/r" + key + ".zip")
                            .status())
                    .isEqualTo(404);
        }
        assertThat(app.upstream().requests()).isEmpty();
    }
}
