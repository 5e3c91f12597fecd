package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException;
import packagebroker.core.testing.TestApp;

/** {@code /api/alerts}: what was refused is shown, accepted by an explicit act, and served under a URL of its own. */
class AlertsTest {
    private static final String TOOL = "/p2/acme/tool.json";
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private static final String DIST_A = "/dist/acme/tool/1.0.0.0/r" + A + ".zip";
    private static final String DIST_B = "/dist/acme/tool/1.0.0.0/r" + B + ".zip";

    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
        app.addUpstream("acme/*");
        app.serve(UPSTREAM + "/a/" + A + ".zip", zip(A));
        app.serve(UPSTREAM + "/a/" + B + ".zip", zip(B));
    }

    @AfterEach
    void close() {
        app.close();
    }

    private static String stating(String version, String shasum) {
        return version.replace("\"shasum\":\"\"", "\"shasum\":\"" + shasum + "\"");
    }

    private static String sha1(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void offer(String reference, String shasum) {
        app.publish("acme/tool", stating(version("acme/tool", "1.0.0", reference, ""), shasum));
    }

    private String served() {
        return text(app.admin().get(TOOL));
    }

    private String refreshed() {
        app.clock().advance(Duration.ofMinutes(6));
        return served();
    }

    private String alert() {
        return app.rows("SELECT id FROM alert ORDER BY raised_at DESC").get(0).text("id");
    }

    private Response decide(String id, String act) {
        return app.admin().send("POST", "/api/alerts/" + id + "/" + act, "{\"reason\":\"checked with the author\"}");
    }

    private String retagged() {
        offer(A, "");
        refreshed();
        app.admin().get(DIST_A);
        offer(B, "");
        assertThat(refreshed()).contains(DIST_A).doesNotContain(DIST_B);
        return alert();
    }

    @Test
    void anAlertShowsWhatWasOfferedAndWhatIsServed() {
        String id = retagged();
        Response response = app.admin().get("/api/alerts?state=open");
        assertThat(text(response))
                .contains("\"id\":\"" + id + "\",\"kind\":\"retag\",\"state\":\"open\",\"package\":\"acme/tool\"")
                .contains("\"version\":\"1.0.0.0\",\"reference\":\"" + B + "\"")
                .contains("\"served\":\"1.0.0.0/r" + A + ".zip\"")
                .endsWith("],\"next\":null}");
        assertThat(text(app.admin().get("/api/alerts?state=accepted"))).isEqualTo("{\"alerts\":[],\"next\":null}");
        assertThat(app.admin().get("/api/alerts?state=x").status()).isEqualTo(400);
        assertThat(app.admin().get("/api/alerts?after=x").status()).isEqualTo(400);
    }

    @Test
    void anAcceptedReferenceIsServedFromThenOnAndTheOldOneStillDownloads() {
        String id = retagged();
        assertThat(decide(id, "accept").status()).isEqualTo(200);
        assertThat(served()).contains(DIST_B).doesNotContain(DIST_A);
        assertThat(app.admin().get(DIST_A).body().bytes(100)).isEqualTo(zip(A));
        assertThat(app.admin().get(DIST_B).body().bytes(100)).isEqualTo(zip(B));
        assertThat(refreshed()).contains(DIST_B);
        offer(A, "");
        assertThat(refreshed()).contains(DIST_B).doesNotContain(DIST_A);
        assertThat(app.count("alert")).isEqualTo(2);
    }

    @Test
    void acceptingIsAuditedOnceWithWhatWasBeforeAndAfter() {
        String id = retagged();
        assertThat(decide(id, "accept").status()).isEqualTo(200);
        assertThat(decide(id, "accept").status()).isEqualTo(200);
        assertThat(app.rows("SELECT target, detail FROM audit WHERE action = 'accept.alert'"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.text("target")).isEqualTo("acme/tool 1.0.0.0");
                    assertThat(row.text("detail"))
                            .contains("checked with the author")
                            .contains("\"before\":{\"state\":\"open\",\"path\":\"1.0.0.0/r" + A + ".zip\"}")
                            .contains("\"after\":{\"state\":\"accepted\",\"path\":\"1.0.0.0/r" + B + ".zip\"");
                });
    }

    @Test
    void decidingOnceMoreChangesNothingAndLeavesOneEventEach() {
        String id = retagged();
        assertThat(decide(id, "dismiss").status()).isEqualTo(200);
        app.drain();
        long changes = app.count("audit");
        for (int i = 1; i < 4; i++) {
            assertThat(decide(id, "dismiss").status()).isEqualTo(200);
            app.drain();
            assertThat(app.count("audit")).isEqualTo(changes);
            List<String> lines = new ArrayList<>();
            app.rows("SELECT body FROM audit_segment")
                    .forEach(row -> lines.addAll(row.text("body").lines().toList()));
            assertThat(lines)
                    .filteredOn(line -> line.contains("dismiss.alert"))
                    .hasSize(i)
                    .allSatisfy(line -> assertThat(line).contains("acme/tool 1.0.0.0"));
        }
    }

    @Test
    void aVersionThatWentThereAndBackCanBeAcceptedBothWays() {
        String there = retagged();
        decide(there, "accept");
        served();
        offer(A, "");
        refreshed();
        String back = alert();
        assertThat(back).isNotEqualTo(there);
        decide(back, "accept");
        assertThat(served()).contains(DIST_A).doesNotContain(DIST_B);
        offer(B, "");
        assertThat(refreshed()).contains(DIST_A).doesNotContain(DIST_B);
        decide(there, "accept");
        assertThat(served()).contains(DIST_B);
        assertThat(app.count("alert")).isEqualTo(2);
        assertThat(app.count("alert WHERE state = 'accepted'")).isEqualTo(1);
    }

    @Test
    void anAcceptanceCanBeTakenBack() {
        String id = retagged();
        decide(id, "accept");
        assertThat(served()).contains(DIST_B);
        assertThat(decide(id, "dismiss").status()).isEqualTo(200);
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        assertThat(served()).contains(DIST_A).doesNotContain(DIST_B);
    }

    @Test
    void otherBytesThatAreAcceptedHaveAUrlOfTheirOwnAndTheOldUrlKeepsItsBytes() {
        offer(A, "");
        refreshed();
        app.admin().get(DIST_A);
        byte[] rebuilt = zip("rebuilt");
        String sha1 = sha1(rebuilt);
        offer(A, sha1);
        app.serve(UPSTREAM + "/a/" + A + ".zip", rebuilt);
        assertThat(refreshed()).contains(DIST_A).doesNotContain(sha1);
        assertThat(app.count("alert WHERE kind = 'bytes'")).isEqualTo(1);
        decide(alert(), "accept");
        String url = "/dist/acme/tool/1.0.0.0/r" + A + "v" + sha1.substring(0, 16) + ".zip";
        assertThat(served())
                .contains(url)
                .contains("\"shasum\":\"" + sha1 + "\"")
                .contains("\"reference\":\"" + A);
        assertThat(app.admin().get(url).body().bytes(100)).isEqualTo(rebuilt);
        assertThat(app.admin().get(DIST_A).body().bytes(100)).isEqualTo(zip(A));
        assertThat(refreshed()).contains(url);
        offer(A, sha1(zip(A)));
        assertThat(refreshed()).contains(url);
        decide(alert(), "accept");
        assertThat(served()).contains(DIST_A).doesNotContain(url);
        assertThat(app.admin().get(url).body().bytes(100)).isEqualTo(rebuilt);
    }

    @Test
    void anotherArchiveWithoutAReferenceCanBeAcceptedToo() {
        app.publish("acme/tool", unreferenced(A));
        String first = path(refreshed());
        app.admin().get(first);
        app.publish("acme/tool", unreferenced(B));
        assertThat(path(refreshed())).isEqualTo(first);
        decide(alert(), "accept");
        String second = path(served());
        assertThat(second).isNotEqualTo(first);
        assertThat(app.admin().get(second).body().bytes(100)).isEqualTo(zip(B));
        assertThat(app.admin().get(first).body().bytes(100)).isEqualTo(zip(A));
        app.publish("acme/tool", unreferenced("c"));
        assertThat(path(refreshed())).isEqualTo(second);
    }

    private static String unreferenced(String file) {
        return version("acme/tool", "1.0.0", file, "")
                .replace("\"reference\":\"" + file + "\",\"shasum\"", "\"reference\":null,\"shasum\"");
    }

    private static String path(String json) {
        int at = json.indexOf("/dist/acme/tool/1.0.0.0/");
        return json.substring(at, json.indexOf('"', at));
    }

    @Test
    void anAcceptanceWaitsForTheUpstreamToComeBack() {
        String id = retagged();
        app.upstream().fails(UPSTREAM + TOOL, TransferException.Reason.UNREACHABLE);
        assertThat(decide(id, "accept").status()).isEqualTo(200);
        assertThat(served()).contains(DIST_A);
        offer(B, "");
        assertThat(refreshed()).contains(DIST_B);
    }

    @Test
    void aRefreshThatWasUnderWayDoesNotUndoAnAcceptance() {
        String id = retagged();
        app.clock().advance(Duration.ofMinutes(6));
        byte[] offered = ("{\"packages\":{\"acme/tool\":[" + version("acme/tool", "1.0.0", B, ",\"x\":1") + "]}}")
                .getBytes(StandardCharsets.UTF_8);
        app.upstream().serves(UPSTREAM + TOOL, request -> {
            app.serve(UPSTREAM + TOOL, offered);
            decide(id, "accept");
            return new Response(200, packagebroker.core.http.Headers.of(), packagebroker.core.http.Body.of(offered));
        });
        served();
        assertThat(served()).contains(DIST_B);
    }

    @Test
    void composerIsToldWhileAVersionIsRefusedAndNoLonger() {
        offer(A, "");
        String before = app.admin().get(TOOL).findHeader("last-modified");
        offer(B, "");
        assertThat(refreshed())
                .contains("\"warnings\":[{\"message\":\"acme/tool 1.0.0.0 names another reference at its source now ("
                        + B)
                .contains("\"versions\":\"*\"}]");
        String told = app.admin().get(TOOL).findHeader("last-modified");
        assertThat(told).isNotEqualTo(before);
        decide(alert(), "dismiss");
        app.clock().advance(Duration.ofSeconds(2));
        assertThat(served()).contains(DIST_A).doesNotContain("warnings");
        assertThat(app.admin().get(TOOL).findHeader("last-modified")).isNotEqualTo(told);
        assertThat(refreshed()).doesNotContain("warnings");
    }

    @Test
    void aWarningEndsWhenTheUpstreamGoesBackAndItsOwnOnesStay() {
        String list = "{\"warnings\":[{\"message\":\"old\",\"versions\":\"*\"}],\"packages\":{\"acme/tool\":[";
        app.serveStatus(UPSTREAM + "/p2/acme/tool~dev.json", 404);
        app.serve(UPSTREAM + TOOL, list + version("acme/tool", "1.0.0", A, "") + "]}}");
        refreshed();
        app.serve(UPSTREAM + TOOL, list + version("acme/tool", "1.0.0", B, "") + "]}}");
        assertThat(refreshed()).contains("somebody accepts the other\",\"versions\":\"*\"},{\"message\":\"old\"");
        app.serve(UPSTREAM + TOOL, list + version("acme/tool", "1.0.0", A, "") + "]}}");
        assertThat(refreshed())
                .contains("\"warnings\":[{\"message\":\"old\",\"versions\":\"*\"}]")
                .doesNotContain("accepts");
    }

    @Test
    void whatWasNeverStoredCannotBeAccepted() {
        offer(A, B);
        refreshed();
        assertThat(app.admin().get(DIST_A).status()).isEqualTo(502);
        String id = app.rows("SELECT id FROM alert WHERE kind = 'dist' AND package = 'acme/tool'")
                .get(0)
                .text("id");
        Response response = decide(id, "accept");
        assertThat(response.status()).isEqualTo(409);
        assertThat(json(response).text("code", 50)).isEqualTo("not_acceptable");
        assertThat(decide(id, "dismiss").status()).isEqualTo(200);
    }

    @Test
    void nothingElseIsThere() {
        assertThat(decide("none", "accept").status()).isEqualTo(404);
        String id = retagged();
        assertThat(app.admin()
                        .send("POST", "/api/alerts/" + id + "/accept", "{\"x\":1}")
                        .status())
                .isEqualTo(422);
        assertThat(app.count("alert WHERE state = 'open'")).isEqualTo(1);
    }

    @Test
    void manyAlertsComeInPages() {
        for (int i = 0; i < 130; i++) {
            app.publish("acme/p" + i, version("acme/p" + i, "1.0.0", A, ""));
            app.admin().get("/p2/acme/p" + i + ".json");
            app.publish("acme/p" + i, version("acme/p" + i, "1.0.0", B, ""));
        }
        app.clock().advance(Duration.ofMinutes(6));
        for (int i = 0; i < 130; i++) {
            app.admin().get("/p2/acme/p" + i + ".json");
        }
        String first = text(app.admin().get("/api/alerts"));
        String next = first.substring(first.indexOf("\"next\":\"") + 8, first.length() - 2);
        String second = text(app.admin().get("/api/alerts?after=" + next));
        assertThat(first.split("\"id\":", -1)).hasSize(101);
        assertThat(second.split("\"id\":", -1)).hasSize(31);
        assertThat(second).endsWith("\"next\":null}");
    }
}
