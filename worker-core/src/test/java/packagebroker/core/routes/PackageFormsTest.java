package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.testing.JcaDigests;
import packagebroker.core.testing.TestApp;
import packagebroker.core.text.Hex;

/** {@code GET /p2/{vendor}/{file}}: the forms an upstream's files take, and the one form of ours. */
class PackageFormsTest {
    private static final String TOOL = "/p2/acme/tool.json";
    private static final String DEV = "/p2/acme/tool~dev.json";
    private static final String ROOT = UPSTREAM + "/packages.json";
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
        app.addUpstream("acme/*");
    }

    @AfterEach
    void close() {
        app.close();
    }

    private static String packages(String versions) {
        return "{\"packages\":{\"acme/tool\":" + versions + "}}";
    }

    private static String tool(String version) {
        return version("acme/tool", version, A, "");
    }

    private String served() {
        Response response = app.admin().get(TOOL);
        assertThat(response.status()).isEqualTo(200);
        return text(response);
    }

    @Test
    void aVersionIsKeptByteForByteButForDistAndSource() {
        String odd =
                ",\"extra\":{ \"a\" : [], \"b\":{}, \"c\":\"\\u003c\", \"deep\":[[[{\"x\":null}]]] },\"empty\":\"\","
                        + "\"autoload\":{\"psr-4\":{\"Acme\\\\\\\\\":\"src/\"}},\"number\":-0.0e-7,\"emoji\":\"😀\","
                        + "\"\\u006bey\":1,\"größe\":true,\"big\":123456789012345678901234567890";
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, odd));
        assertThat(served())
                .contains("\"extra\":{ \"a\" : [], \"b\":{}, \"c\":\"\\u003c\", \"deep\":[[[{\"x\":null}]]] }")
                .contains("\"empty\":\"\"")
                .contains("\"autoload\":{\"psr-4\":{\"Acme\\\\\\\\\":\"src/\"}}")
                .contains("\"number\":-0.0e-7")
                .contains("\"emoji\":\"😀\"")
                .contains("\"key\":1")
                .contains("\"größe\":true")
                .contains("\"big\":123456789012345678901234567890")
                .doesNotContain("\"source\"")
                .doesNotContain("git.example.com")
                .doesNotContain(UPSTREAM);
    }

    @Test
    void whatClientsReadBesideThePackagesIsPassedOn() {
        app.serve(
                UPSTREAM + TOOL,
                "{\"security-advisories\":[{\"advisoryId\":\"PKSA-1\"}],\"last-modified\":\"x\",\"packages\":{\"acme/tool\":["
                        + tool("1.0.0") + "]},\"notify-batch\":\"https://evil.example/\",\"warning\":\"careful\"}");
        assertThat(served())
                .contains("\"security-advisories\":[{\"advisoryId\":\"PKSA-1\"}]")
                .contains("\"warning\":\"careful\"")
                .doesNotContain("evil.example")
                .doesNotContain("last-modified");
    }

    @Test
    void versionsMayBeListedOrKeyedAndTheFlagMayStandAnywhere() {
        String two = tool("1.0.0") + "," + tool("1.1.0");
        String keyed = "{\"1.0.0\":" + tool("1.0.0") + ",\"1.1.0\":" + tool("1.1.0") + "}";
        app.serve(UPSTREAM + TOOL, packages("[" + two + "]"));
        String listed = served();
        try (TestApp other = TestApp.start()) {
            other.addUpstream("acme/*");
            other.serve(UPSTREAM + TOOL, packages(keyed));
            assertThat(text(other.admin().get(TOOL))).isEqualTo(listed);
        }
        try (TestApp other = TestApp.start()) {
            other.addUpstream("acme/*");
            String minified = tool("1.1.0") + ",{\"version\":\"1.0.0\"}";
            other.serve(
                    UPSTREAM + TOOL, "{\"minified\":\"composer/2.0\",\"packages\":{\"acme/tool\":[" + minified + "]}}");
            assertThat(text(other.admin().get(TOOL))).isEqualTo(listed);
        }
    }

    /** P21. */
    @Test
    void anEmptyListIsAPackageWithBranchesOnly() {
        app.serve(UPSTREAM + TOOL, packages("[]"));
        app.serve(UPSTREAM + DEV, packages("[" + tool("dev-main") + "]"));
        assertThat(served()).isEqualTo("{\"packages\":{\"acme/tool\":[]},\"minified\":\"composer/2.0\"}");
        assertThat(text(app.admin().get(DEV))).contains("dev-main");
        assertThat(app.upstream().requestsTo(UPSTREAM + DEV)).hasSize(1);
    }

    @Test
    void branchesThatAreAskedForFirstAreFetchedOnce() {
        app.serve(UPSTREAM + TOOL, packages("[]"));
        app.serve(UPSTREAM + DEV, packages("[" + tool("dev-main") + "]"));
        assertThat(text(app.admin().get(DEV))).contains("dev-main");
        assertThat(app.upstream().requestsTo(UPSTREAM + DEV)).hasSize(1);
        assertThat(app.objects().keys()).hasSize(2);
    }

    @Test
    void branchesThatAreNotThereAreAskedForOnce() {
        app.serve(UPSTREAM + TOOL, packages("[]"));
        app.serveStatus(UPSTREAM + DEV, 404);
        assertThat(app.admin().get(DEV).status()).isEqualTo(404);
        assertThat(app.upstream().requestsTo(UPSTREAM + DEV)).hasSize(1);
    }

    /** P20, P21, P46: the name is nobody else's all the same. */
    @Test
    void aPackageWithoutAnyVersionIsAbsentAndStillOwned() {
        String next = "https://next.example.com";
        app.addUpstream(next, "*", 20, false);
        app.serve(UPSTREAM + TOOL, packages("[]"));
        app.serveStatus(UPSTREAM + DEV, 404);
        for (int i = 0; i < 3; i++) {
            assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
            assertThat(app.admin().get(DEV).status()).isEqualTo(404);
            app.clock().advance(Duration.ofMinutes(6));
        }
        assertThat(app.count("package WHERE name = 'acme/tool'")).isOne();
        assertThat(app.count("audit WHERE action = 'mirror.document'")).isOne();
        assertThat(app.count("document")).isZero();
        assertThat(app.objects().keys()).isEmpty();
        app.serve(UPSTREAM + TOOL, packages("[" + tool("1.0.0") + "]"));
        assertThat(served()).contains("1.0.0.0");
    }

    @Test
    void aPackageWhoseBranchesNobodyCouldLookAtIsAnErrorAndNotAbsent() {
        app.serve(UPSTREAM + TOOL, packages("[]"));
        app.serveStatus(UPSTREAM + DEV, 500);
        assertThat(app.admin().get(TOOL).status()).isEqualTo(503);
    }

    @Test
    void aFileWithoutThePackageIsOneThatIsNotThere() {
        for (String json : List.of("{\"packages\":[]}", "{\"packages\":{}}", "{}")) {
            app.serve(UPSTREAM + TOOL, json);
            assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
            app.clock().advance(Duration.ofMinutes(6));
        }
        assertThat(app.count("package")).isZero();
    }

    @Test
    void namesAreComparedInLowerCaseAndServedSo() {
        app.serve(UPSTREAM + TOOL, "{\"packages\":{\"Acme/Tool\":[" + version("Acme/Tool", "1.0.0", A, "") + "]}}");
        assertThat(served()).contains("{\"packages\":{\"acme/tool\":[").contains("/dist/acme/tool/");
        for (String path : List.of("/p2/ACME/tool.json", "/p2/acme/t%6fol.json", "/p2/acme/TOOL.json")) {
            assertThat(app.admin().get(path).status()).as(path).isEqualTo(200);
        }
        assertThat(app.count("document")).isEqualTo(1);
        assertThat(app.upstream().requestsTo(UPSTREAM + TOOL)).hasSize(1);
    }

    @Test
    void aVersionThatNoClientCouldUseIsLeftOut() {
        String bad = "{\"name\":\"acme/tool\",\"version\":\"2.0.0\",\"dist\":%}";
        String[] dists = {
            "null",
            "\"x\"",
            "[]",
            "{}",
            "{\"type\":\"zip\"}",
            "{\"type\":\"zip\",\"url\":\"\"}",
            "{\"type\":\"path\",\"url\":\"../x\"}",
            "{\"type\":\"zip\",\"url\":\"file:///etc/passwd\"}",
            "{\"type\":\"zip\",\"url\":\"ftp://x.example/a.zip\"}",
            "{\"type\":\"zip\",\"url\":\"https://x.example/a b.zip\"}",
            "{\"type\":\"zip\",\"url\":\"https://x.example/a\\tb.zip\"}",
            "{\"type\":\"ZIP\",\"url\":\"https://x.example/a.zip\"}",
            "{\"type\":\"../x\",\"url\":\"https://x.example/a.zip\"}",
            "{\"type\":\"zip\",\"url\":\"https://x.example/a.zip\",\"reference\":\"../../x\"}",
            "{\"type\":\"zip\",\"url\":\"https://x.example/a.zip\",\"reference\":\"--output=x\"}",
            "{\"type\":\"zip\",\"url\":\"https://x.example/a.zip\",\"reference\":\"a\\nb\"}",
            "{\"type\":\"zip\",\"url\":\"https://x.example/a.zip\",\"url\":\"https://y.example/a.zip\"}"
        };
        StringBuilder versions = new StringBuilder(tool("1.0.0"));
        for (String dist : dists) {
            versions.append(',').append(bad.replace("%", dist));
        }
        versions.append(",{\"name\":\"acme/tool\",\"version\":\"2.0.0\"}");
        versions.append(",{\"name\":\"acme/tool\",\"version\":2,\"dist\":{}}");
        versions.append(',').append(version("acme/tool", "not a version", B, ""));
        versions.append(',').append(version("acme/tool", "1.0.0.0.0.0", B, ""));
        app.serve(UPSTREAM + TOOL, packages("[" + versions + "]"));
        assertThat(served()).containsOnlyOnce("\"version_normalized\"").contains("1.0.0.0");
    }

    @Test
    void aMetapackageNeedsNoDist() {
        app.publish(
                "acme/tool",
                "{\"name\":\"acme/tool\",\"version\":\"2.0.0\",\"type\":\"metapackage\",\"require\":{\"a/b\":\"*\"}}",
                tool("1.0.0"));
        assertThat(served())
                .contains("\"version\":\"2.0.0\",\"type\":\"metapackage\"")
                .contains("/dist/acme/tool/1.0.0.0/r" + A + ".zip");
    }

    @Test
    void ofTwoSpellingsOfOneVersionTheFirstStands() {
        app.publish("acme/tool", version("acme/tool", "v1.0", A, ""), version("acme/tool", "1.0.0", A, ",\"x\":1"));
        assertThat(served()).contains("\"version\":\"v1.0\"").doesNotContain("\"x\":1");
    }

    @Test
    void aStatedNormalisationIsNotBelieved() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ",\"version_normalized\":\"99.0.0.0\""));
        assertThat(served()).contains("\"version_normalized\":\"1.0.0.0\"").doesNotContain("99.0.0.0");
    }

    @Test
    void aKeyNamedAfterAPrototypeIsAKey() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ",\"__proto__\":{\"x\":1},\"constructor\":7"));
        assertThat(served()).contains("\"__proto__\":{\"x\":1}").contains("\"constructor\":7");
        app.serve(UPSTREAM + DEV, packages("{\"__proto__\":" + version("acme/tool", "dev-main", B, "") + "}"));
        assertThat(text(app.admin().get(DEV))).contains("dev-main");
    }

    @ParameterizedTest
    @CsvSource({
        "dev-feature/x, md5, false",
        "dev-main, dev-main, true",
        "dev-größe, dev-gr%C3%B6%C3%9Fe, true",
        "dev-a+b, dev-a+b, true",
        "dev-50%, dev-50%25, true",
        "dev-a#b, dev-a%23b, true",
        "2.x-dev, 2.9999999.9999999.9999999-dev, true"
    })
    void aBranchOfAnyNameCanBeFetched(String branch, String segment, boolean literal) {
        app.serveStatus(UPSTREAM + TOOL, 404);
        app.serve(UPSTREAM + DEV, packages("[" + version("acme/tool", branch, A, "") + "]"));
        app.serve(UPSTREAM + "/a/" + A + ".zip", zip(branch));
        String json = text(app.admin().get(DEV));
        int at = json.indexOf("/dist/");
        assertThat(at).isPositive();
        String path = json.substring(at, json.indexOf('"', at));
        if (literal) {
            assertThat(path).isEqualTo("/dist/acme/tool/" + segment + "/r" + A + ".zip");
        } else {
            assertThat(path).matches("/dist/acme/tool/[0-9a-f]{32}/r" + A + "\\.zip");
        }
        assertThat(app.admin().get(path).body().bytes(100)).isEqualTo(zip(branch));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"packages\":{\"acme/tool\":[%],\"acme/tool\":[%]}}",
                "{\"packages\":{\"acme/tool\":[%],\"Acme/Tool\":[%]}}",
                "{\"packages\":{\"acme/tool\":[%]},\"packages\":{\"acme/tool\":[%]}}",
            })
    void aPackageThatStandsThereTwiceIsNotBelieved(String json) {
        app.serve(UPSTREAM + TOOL, json.replaceFirst("%", tool("1.0.0")).replace("%", tool("2.0.0")));
        assertThat(app.admin().get(TOOL).status()).isEqualTo(502);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/p2/acme/..%5c..%5cx.json",
                "/p2/acme/%252e%252e/x.json",
                "/p2//acme/tool.json",
                "/%2F%2F%2F..%2F..%2Fetc%2Fpasswd",
                "/p2/acme/tool.json/",
                "/P2/acme/tool.json",
                "/p2/acme/tool",
                "/p2/acme/tool.json.json",
                "/p2/acme%2ftool.json",
                "/p2/..%2fapi%2ftokens.json",
                "/p2/acme/%c0%af.json",
                "/p2/acme/%zz.json",
                "/p2/acme/%.json",
                "/p2/acme/.json",
                "/p2/acme/~dev.json",
                "/p2/acme/tool~dev~dev.json",
                "/p2/acme/tool$abc.json",
                "/p2/acme/tool.JSON"
            })
    void aPathOfAnotherFormIs404AndAsksNobody(String path) {
        assertThat(app.admin().get(path).status()).isEqualTo(404);
        assertThat(app.anonymous().get(path).status()).isEqualTo(401);
        assertThat(app.admin().get("/p2/" + "a".repeat(20_000) + "/b.json").status())
                .isEqualTo(404);
        assertThat(app.upstream().requests()).isEmpty();
        assertThat(app.count("negative")).isZero();
    }

    @Test
    void aQueryChangesNothing() {
        app.publish("acme/tool", tool("1.0.0"));
        assertThat(app.admin().get(TOOL + "?token=CANARY").status()).isEqualTo(200);
        app.drain();
        assertThat(app.rows("SELECT body FROM audit_segment"))
                .noneMatch(row -> row.text("body").contains("CANARY"));
    }

    @Test
    void aLazyProviderIsAsked() {
        app.serve(ROOT, "{\"packages\":[],\"providers-lazy-url\":\"/lazy/%package%.json\"}");
        app.serve(
                UPSTREAM + "/lazy/acme/tool.json",
                packages("{\"1.0.0\":" + tool("1.0.0") + ",\"dev-main\":" + version("acme/tool", "dev-main", B, "")
                        + "}"));
        assertThat(served()).contains("1.0.0.0").doesNotContain("dev-main");
        assertThat(text(app.admin().get(DEV))).contains("dev-main").doesNotContain("1.0.0.0");
    }

    private static String sha256(String json) {
        return Hex.of(new JcaDigests().sha256(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aProviderIsFoundThroughItsIncludesAndHeldToItsHash() {
        String provider = packages("{\"1.0.0\":" + tool("1.0.0") + "}");
        String include = "{\"providers\":{\"acme/tool\":{\"sha256\":\"" + sha256(provider) + "\"}}}";
        app.serve(
                ROOT,
                "{\"packages\":[],\"providers-url\":\"/p/%package%$%hash%.json\",\"provider-includes\":{\"/i$%hash%.json\":{\"sha256\":\""
                        + sha256(include) + "\"}}}");
        app.serve(UPSTREAM + "/i$" + sha256(include) + ".json", include);
        app.serve(UPSTREAM + "/p/acme/tool$" + sha256(provider) + ".json", provider + " ");
        assertThat(app.admin().get(TOOL).status()).isEqualTo(502);
        app.serve(UPSTREAM + "/p/acme/tool$" + sha256(provider) + ".json", provider);
        assertThat(served()).contains("1.0.0.0");
        assertThat(app.admin().get("/p2/acme/other.json").status()).isEqualTo(404);
    }

    @Test
    void anIncludeHoldsItsPackagesWhole() {
        app.serve(ROOT, "{\"packages\":[],\"includes\":{\"include/all$x.json\":{\"sha1\":\"\"}}}");
        app.serve(UPSTREAM + "/include/all$x.json", packages("{\"1.0.0\":" + tool("1.0.0") + "}"));
        assertThat(served()).contains("1.0.0.0");
        app.clock().advance(Duration.ofMinutes(6));
        app.serve(ROOT, "{\"packages\":[],\"includes\":{\"include/all$x.json\":{\"sha1\":\"" + A + "\"}}}");
        assertThat(served()).contains("1.0.0.0");
        assertThat(app.admin().get("/p2/acme/other.json").status()).isEqualTo(502);
    }
}
