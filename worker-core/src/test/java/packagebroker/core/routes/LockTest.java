package packagebroker.core.routes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.BASE;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Response;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.testing.TestApp;

/** {@code POST /api/lock}. */
class LockTest {
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private static final String OURS = BASE + "/dist/acme/tool/1.0.0.0/r" + A + ".zip";

    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
        app.addUpstream("acme/*");
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.serve(UPSTREAM + "/a/" + A + ".zip", zip(A));
    }

    @AfterEach
    void close() {
        app.close();
    }

    private static String lock(String... packages) {
        return "{\n    \"_readme\": [\"\\u00e9\"],\n    \"content-hash\": \"x\",\n    \"packages\": [\n"
                + String.join(",\n", packages)
                + "\n    ],\n    \"packages-dev\": [],\n    \"aliases\": []\n}\n";
    }

    private static String locked(String name, String version, String dist, String more) {
        return "        {\n            \"name\": \"" + name + "\",\n            \"version\": \"" + version + "\",\n"
                + "            \"source\": {\n                \"type\": \"git\",\n                \"url\": \"https://git.example.com/x\"\n"
                + "            },\n            \"dist\": {\n                " + dist + "\n            },\n"
                + "            \"require\": {},\n" + more + "            \"type\": \"library\"\n        }";
    }

    private static String dist(String url, String reference, String shasum) {
        return "\"type\": \"zip\",\n                \"url\": \"" + url + "\",\n                \"reference\": \""
                + reference + "\",\n                \"shasum\": \"" + shasum + "\"";
    }

    private Response send(String lock) {
        return send(app.admin(), lock);
    }

    private static Response send(TestApp.Caller caller, String lock) {
        return caller.send("POST", "/api/lock", "application/json", lock.getBytes(StandardCharsets.UTF_8));
    }

    private static String answer(Response response) {
        String text = text(response);
        assertThat(response.status()).as(text).isEqualTo(200);
        return text;
    }

    private static String rewritten(String answer) {
        JsonSlice lock = requireNonNull(
                        JsonSlice.of(answer.getBytes(StandardCharsets.UTF_8)).findFields())
                .get("lock");
        return String.valueOf(requireNonNull(lock).findText());
    }

    private static List<String> codes(Response response) {
        String report = text(response);
        List<String> codes = new ArrayList<>();
        for (int at = report.indexOf("{\"code\":\""); at >= 0; at = report.indexOf("{\"code\":\"", at + 1)) {
            int level = report.indexOf("\"level\":\"", at) + 9;
            codes.add(report.substring(at + 9, report.indexOf('"', at + 9)) + " "
                    + report.substring(level, report.indexOf('"', level)));
        }
        return codes;
    }

    @Test
    void aLockThatWasMadeElsewhereIsWrittenAnewAndNothingElseOfItChanges() {
        String notify = "            \"notification-url\": \"https://packagist.org/downloads/\",\n";
        String sent = lock(locked("acme/tool", "1.0.0", dist(UPSTREAM + "/a/" + A + ".zip", A, ""), notify));
        String answer = answer(send(sent));
        String expected = sent.replace(UPSTREAM + "/a/" + A + ".zip", OURS)
                .replace("https://packagist.org/downloads/", BASE + "/downloads");
        int source = expected.indexOf(",\n            \"source\"");
        int dist = expected.indexOf(",\n            \"dist\"");
        assertThat(rewritten(answer)).isEqualTo(expected.substring(0, source) + expected.substring(dist));
        assertThat(answer)
                .startsWith("{\"summary\":{\"packages\":1,\"ours\":1,\"fixed\":1,\"attention\":0,\"unchecked\":0}");
        assertThat(app.admin().get(OURS.substring(BASE.length())).status()).isEqualTo(200);
    }

    @Test
    void aLockThatIsGoodAlreadyComesBackAsItWas() {
        String sent = lock("{\"name\":\"acme/tool\",\"version\":\"1.0.0\",\"dist\":{" + dist(OURS, A, "") + "}}");
        Response response = send(sent);
        String answer = answer(response);
        assertThat(rewritten(answer)).isEqualTo(sent);
        assertThat(answer).contains("\"report\":[]");
    }

    @Test
    void whatAnUpstreamDoesNotHaveStaysAndIsTold() {
        app.serveStatus(UPSTREAM + "/p2/acme/other.json", 404);
        String sent = lock(
                locked("acme/other", "1.0.0", dist("https://x.example.com/1.zip", A, ""), ""),
                locked("acme/tool", "3.0.0", dist("https://x.example.com/3.zip", A, ""), ""));
        assertThat(rewritten(answer(send(sent)))).isEqualTo(sent);
        assertThat(codes(send(sent)))
                .containsExactly(
                        "unknown attention",
                        "foreign_url attention",
                        "source attention",
                        "unknown attention",
                        "foreign_url attention",
                        "source attention");
    }

    @Test
    void aLockWithAnotherReferenceThanTheFirstSeenIsNotTakenForGood() {
        app.admin().get("/p2/acme/tool.json");
        String sent = lock(locked("acme/tool", "v1.0.0", dist(UPSTREAM + "/a/" + B + ".zip", B, ""), ""));
        assertThat(codes(send(sent))).contains("changed attention");
        app.clock().advance(Duration.ofMinutes(6));
        app.publish("acme/tool", version("acme/tool", "1.1.0", A, ""), version("acme/tool", "1.0.0", B, ""));
        app.admin().get("/p2/acme/tool.json");
        assertThat(codes(send(sent))).contains("refused attention");
        assertThat(rewritten(answer(send(sent)))).isEqualTo(sent);
    }

    @Test
    void anotherHashThanTheStoredBytesHaveIsToldAndNotWrittenAnew() {
        app.admin().get(OURS.substring(BASE.length()));
        String sent = lock(locked("acme/tool", "1.0.0", dist(UPSTREAM + "/a/" + A + ".zip", A, B), ""));
        assertThat(codes(send(sent))).contains("shasum attention");
        assertThat(rewritten(answer(send(sent)))).isEqualTo(sent);
    }

    @Test
    void secretsAreFoundAndRemovedAndNeverRepeated() {
        String options =
                "            \"transport-options\": {\"http\": {\"header\": [\"Authorization: Basic s3cr3t-1\","
                        + " \"User-Agent: x\"]}, \"ssl\": {\"passphrase\": \"s3cr3t-2\"}},\n";
        String sent = lock(
                locked("acme/tool", "1.0.0", dist("https://user:s3cr3t-3@x.example.com/a.zip", A, ""), options),
                locked(
                        "foreign/tool",
                        "1.0.0",
                        dist("https://s3cr3t-4@x.example.com/a.zip?a=1&access_token=s3cr3t-5&b=2", A, ""),
                        options));
        Response response = send(sent);
        String answer = text(response);
        assertThat(answer)
                .doesNotContain("s3cr3t")
                .contains("header Authorization, ssl.passphrase")
                .contains("https://x.example.com/a.zip?a=1&b=2");
        assertThat(codes(send(sent)))
                .filteredOn(code -> code.equals("secret fixed"))
                .hasSize(4);
        assertThat(rewritten(answer(send(sent)))).doesNotContain("transport-options");
    }

    @Test
    void mirrorsGoWithTheUrlTheyStandBeside() {
        String mirrored = dist(UPSTREAM + "/a/" + A + ".zip", A, "")
                + ",\n                \"mirrors\": [{\"url\": \"https://m.example.com/%package%\", \"preferred\": true}]";
        String lock = rewritten(answer(send(lock(locked("acme/tool", "1.0.0", mirrored, "")))));
        assertThat(lock).doesNotContain("mirrors").contains("\"shasum\": \"\"\n            },\n");
    }

    @Test
    void aVersionWithoutAReferenceGetsTheArchiveThatIsKnownForIt() {
        String unnamed = version("acme/plain", "2.0.0", A, "")
                .replace("\"reference\":\"" + A + "\",\"shasum\"", "\"reference\":null,\"shasum\"");
        app.publish("acme/plain", unnamed);
        String dist = "\"type\": \"zip\",\n                \"url\": \"" + UPSTREAM + "/a/" + A + ".zip\",\n"
                + "                \"shasum\": \"\"";
        String sent = lock(locked("acme/plain", "2.0.0", dist, ""));
        String lock = rewritten(answer(send(sent)));
        assertThat(lock).contains(BASE + "/dist/acme/plain/2.0.0.0/rn");
        assertThat(codes(send(sent))).contains("no_reference note");
        int at = lock.indexOf("/dist/acme/plain");
        assertThat(app.admin().get(lock.substring(at, lock.indexOf('"', at))).status())
                .isEqualTo(200);
    }

    @Test
    void aBranchIsLookedForAmongBranches() {
        app.serveStatus(UPSTREAM + "/p2/acme/branch.json", 404);
        app.serve(
                UPSTREAM + "/p2/acme/branch~dev.json",
                "{\"packages\":{\"acme/branch\":[" + version("acme/branch", "dev-feature/x", B, "") + "]}}");
        String sent = lock(locked("acme/branch", "dev-feature/x", dist(UPSTREAM + "/a/" + B + ".zip", B, ""), ""));
        assertThat(rewritten(answer(send(sent)))).containsPattern(BASE + "/dist/acme/branch/[0-9a-f]{32}/r" + B);
    }

    @Test
    void aReaderLearnsNothingOfWhatItMayNotSee() {
        String sent = lock(locked("acme/tool", "1.0.0", dist(UPSTREAM + "/a/" + A + ".zip", A, ""), ""));
        answer(send(sent));
        Response response = send(app.as(app.token("other/*")), sent);
        assertThat(codes(response)).containsExactly("unknown attention", "foreign_url attention", "source attention");
    }

    @Test
    void noUpstreamForAllNamesLearnsAPrivateName() {
        app.addUpstream("https://repo.packages.example.net", "*", 1_000, false);
        String foreign = locked("secret/project", "1.0.0", dist("https://satis.example.com/x.zip", A, ""), "");
        app.upstream().forgetRequests();
        assertThat(codes(send(lock(foreign)))).contains("unproven attention");
        assertThat(app.upstream().requests()).isEmpty();
        app.publishAt("https://repo.packages.example.net", "open/project", version("open/project", "1.0.0", A, ""));
        String open = locked(
                "open/project",
                "1.0.0",
                dist("https://api.example.com/x.zip", A, ""),
                "            \"notification-url\": \"https://packages.example.net/downloads/\",\n");
        assertThat(codes(send(lock(open)))).contains("foreign_url fixed");
    }

    @Test
    void whatAClaimingUpstreamLacksIsAskedOfNobodyElseAndNotTakenForAbsent() {
        app.addUpstream("https://repo.packages.example.net", "*", 1_000, false);
        app.serveStatus(UPSTREAM + "/p2/acme/later.json", 404);
        String sent = lock(locked("acme/later", "1.0.0", dist("https://x.example.com/1.zip", A, ""), ""));
        assertThat(codes(send(sent))).contains("unproven attention");
        assertThat(app.count("negative")).isZero();
        app.publish("acme/later", version("acme/later", "1.0.0", A, ""));
        assertThat(codes(send(sent))).contains("foreign_url fixed");
    }

    @Test
    void aFailingUpstreamIsNoAnswerAndIsAskedOnce() {
        app.serveStatus(UPSTREAM + "/p2/acme/one.json", 503);
        String sent = lock(
                locked("acme/one", "1.0.0", dist("https://x.example.com/1.zip", A, ""), ""),
                locked("acme/two", "1.0.0", dist("https://x.example.com/1.zip", A, ""), ""));
        assertThat(codes(send(sent)))
                .filteredOn(code -> code.equals("unchecked unchecked"))
                .hasSize(2);
    }

    @Test
    void aCallBringsInABoundedNumberOfPackagesAndTheNextGoesOn() {
        List<String> packages = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            app.publish("acme/p" + i, version("acme/p" + i, "1.0.0", A, ""));
            packages.add(locked("acme/p" + i, "1.0.0", dist(UPSTREAM + "/a/" + A + ".zip", A, ""), ""));
        }
        String sent = lock(packages.toArray(new String[0]));
        app.upstream().forgetRequests();
        assertThat(codes(send(sent)))
                .filteredOn(code -> code.equals("unchecked unchecked"))
                .hasSize(5);
        assertThat(app.upstream().requests()).hasSizeLessThanOrEqualTo(41);
        assertThat(codes(send(sent)))
                .filteredOn(code -> code.equals("foreign_url fixed"))
                .hasSize(25);
    }

    @Test
    void aKnownLockOfAnyLengthCostsAFewRoundTrips() {
        List<String> packages = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            packages.add(locked("acme/tool", "1.0.0", dist(UPSTREAM + "/a/" + A + ".zip", A, ""), ""));
        }
        app.admin().get(OURS.substring(BASE.length()));
        app.drain();
        long before = app.counts().of("d1_round_trips");
        long reads = app.counts().of("r2_reads");
        answer(send(lock(packages.toArray(new String[0]))));
        assertThat(app.counts().of("d1_round_trips") - before).isLessThanOrEqualTo(4);
        assertThat(app.counts().of("r2_reads")).isEqualTo(reads);
    }

    @Test
    void whatHasNoArchiveIsLeftAlone() {
        String sent = lock(
                "{\"name\":\"acme/meta\",\"version\":\"1.0.0\",\"type\":\"metapackage\"}",
                "{\"name\":\"acme/local\",\"version\":\"1.0.0\",\"dist\":{\"type\":\"path\",\"url\":\"../x\"}}",
                "{\"name\":\"acme/vcs\",\"version\":\"1.0.0\",\"source\":{\"type\":\"git\",\"url\":\"git@x:y\"}}");
        assertThat(rewritten(answer(send(sent)))).isEqualTo(sent);
        assertThat(codes(send(sent))).containsExactly("no_dist attention");
    }

    @Test
    void whatIsNoLockIsRefused() {
        for (String sent : List.of(
                "{}",
                "[]",
                "{\"packages\":{}}",
                "{\"packages\":[1]}",
                "{\"packages\":[{\"name\":\"a/b\",\"name\":\"a/c\"}]}",
                "{\"packages\":[],\"packages\":[]}")) {
            assertThat(send(sent).status()).as(sent).isEqualTo(422);
        }
        for (String sent :
                List.of("", "{\"packages\":[", "\uFEFF{\"packages\":[]}", "{\"packages\":" + "[".repeat(70))) {
            assertThat(send(sent).status()).as(sent).isEqualTo(400);
        }
        byte[] large = new byte[8_000_001];
        assertThat(app.admin()
                        .send("POST", "/api/lock", "application/json", large)
                        .status())
                .isEqualTo(413);
        assertThat(app.admin()
                        .send("POST", "/api/lock", "text/plain", new byte[2])
                        .status())
                .isEqualTo(415);
        assertThat(app.count("document")).isZero();
    }

    @Test
    void aLockOfEightMegabytesIsExamined() {
        String padding = "            \"description\": \"" + "é\\u0001 \\\"x\\\" ".repeat(400_000) + "\",\n";
        String sent = lock(locked("acme/tool", "1.0.0", dist(UPSTREAM + "/a/" + A + ".zip", A, ""), padding));
        assertThat(sent.getBytes(StandardCharsets.UTF_8).length).isBetween(5_000_000, 8_000_000);
        String answer = text(send(sent));
        assertThat(answer).contains("\"ours\":1").hasSizeGreaterThan(5_000_000);
    }
}
