package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.testing.TestApp;

/** What was served once is served for ever: versions, references, bytes. */
class ImmutabilityTest {
    private static final String TOOL = "/p2/acme/tool.json";
    private static final String DEV = "/p2/acme/tool~dev.json";
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private static final String C = "cccccccccccccccccccccccccccccccccccccccc";
    private static final String DIST = "/dist/acme/tool/1.0.0.0/r" + A + ".zip";

    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
        app.addUpstream("acme/*");
        for (String reference : new String[] {A, B, C}) {
            app.serve(UPSTREAM + "/a/" + reference + ".zip", zip(reference));
        }
    }

    @AfterEach
    void close() {
        app.close();
    }

    private String refreshed(String path) {
        app.clock().advance(Duration.ofMinutes(6));
        return text(app.admin().get(path));
    }

    private void publish(String... versions) {
        app.publish("acme/tool", versions);
    }

    private static String old(String reference, String more) {
        return version("acme/tool", "1.0.0", reference, more);
    }

    private static String withShasum(String version, String shasum) {
        return version.replace("\"shasum\":\"\"", "\"shasum\":\"" + shasum + "\"");
    }

    @Test
    void everyNewReferenceOfAReleaseIsToldOnce() {
        publish(old(A, ",\"require\":{\"php\":\">=8\"}"));
        String first = refreshed(TOOL);
        int release = 1;
        for (String reference : new String[] {B, B, C, B, C}) {
            publish(version("acme/tool", "1." + release++ + ".0", B, ""), old(reference, ",\"require\":{}"));
            assertThat(refreshed(TOOL)).contains("/1.0.0.0/r" + A).contains("\"php\":\">=8\"");
        }
        assertThat(app.rows("SELECT subject FROM alert WHERE kind = 'retag' ORDER BY subject"))
                .extracting(row -> row.text("subject"))
                .containsExactly("acme/tool 1.0.0.0 " + B, "acme/tool 1.0.0.0 " + C);
        assertThat(app.count("audit WHERE action = 'refuse.retag'")).isEqualTo(2);
        assertThat(app.log().lines()).anyMatch(line -> line.startsWith("warn retag.refused"));
        publish(old(A, ",\"require\":{\"php\":\">=8\"}"));
        assertThat(refreshed(TOOL)).isEqualTo(first);
    }

    @Test
    void aRetagThatChangesNothingElseIsToldOnceAsWell() {
        publish(old(A, ""));
        String first = refreshed(TOOL);
        for (String reference : new String[] {B, B, C}) {
            publish(old(reference, ""));
            assertThat(refreshed(TOOL))
                    .startsWith(
                            first.substring(0, first.length() - 1) + ",\"warnings\":[{\"message\":\"acme/tool 1.0.0.0 ")
                    .contains("(" + reference + ")");
        }
        assertThat(app.rows("SELECT subject FROM alert WHERE kind = 'retag' ORDER BY subject"))
                .extracting(row -> row.text("subject"))
                .containsExactly("acme/tool 1.0.0.0 " + B, "acme/tool 1.0.0.0 " + C);
        assertThat(app.count("audit WHERE action = 'refuse.retag'")).isEqualTo(2);
        assertThat(app.count("audit WHERE action = 'mirror.document'")).isEqualTo(3);
        publish(old(A, ""));
        assertThat(refreshed(TOOL)).isEqualTo(first);
    }

    @Test
    void aReleaseThatVanishedAndCameBackWithAnotherReferenceIsLeftOut() {
        publish(version("acme/tool", "1.1.0", B, ""), old(A, ""));
        refreshed(TOOL);
        publish(version("acme/tool", "1.1.0", B, ""));
        assertThat(refreshed(TOOL)).doesNotContain("1.0.0.0");
        publish(version("acme/tool", "1.1.0", B, ""), old(C, ""));
        assertThat(refreshed(TOOL))
                .contains("1.1.0.0")
                .doesNotContain("\"1.0.0.0\"")
                .doesNotContain("/1.0.0.0/")
                .doesNotContain("\"" + C);
        publish(version("acme/tool", "1.1.0", B, ""), old(A, ""));
        assertThat(refreshed(TOOL)).contains("/1.0.0.0/r" + A);
    }

    @Test
    void theArchiveOfTheOldReferenceStaysAndThatOfTheNewNeverComes() {
        publish(old(A, ""));
        refreshed(TOOL);
        publish(version("acme/tool", "1.1.0", B, ""), old(B, ""));
        refreshed(TOOL);
        app.upstream().forgetRequests();
        assertThat(app.admin().get("/dist/acme/tool/1.0.0.0/r" + B + ".zip").status())
                .isEqualTo(404);
        assertThat(app.upstream().requestsTo(UPSTREAM + "/a/" + B + ".zip")).isEmpty();
        assertThat(app.admin().get(DIST).body().bytes(100)).isEqualTo(zip(A));
    }

    @Test
    void aMinifiedListIsHeldToTheSameRule() {
        publish(old(A, ""));
        refreshed(TOOL);
        app.serve(
                UPSTREAM + TOOL,
                "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "1.1.0", B, ",\"bin\":[\"x\"]")
                        + ",{\"version\":\"1.0.0\"}]},\"minified\":\"composer/2.0\"}");
        assertThat(refreshed(TOOL))
                .contains("/1.1.0.0/r" + B)
                .contains("/1.0.0.0/r" + A)
                .doesNotContain("/1.0.0.0/r" + B)
                .contains("\"bin\":\"__unset\"");
    }

    @Test
    void aMovedBranchHasANewUrlAndItsOldOneStillDownloads() {
        app.serveStatus(UPSTREAM + TOOL, 404);
        for (String reference : new String[] {A, B, C}) {
            app.serve(
                    UPSTREAM + DEV,
                    "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "dev-main", reference, "") + "]}}");
            assertThat(refreshed(DEV)).contains("/dev-main/r" + reference + ".zip");
        }
        for (String reference : new String[] {A, B, C}) {
            assertThat(app.admin()
                            .get("/dist/acme/tool/dev-main/r" + reference + ".zip")
                            .body()
                            .bytes(100))
                    .isEqualTo(zip(reference));
        }
        assertThat(app.count("alert")).isZero();
    }

    @Test
    void anotherShasumOfAReferenceIsTakenUntilItsBytesAreStored() {
        publish(withShasum(old(A, ""), B));
        assertThat(refreshed(TOOL)).contains("\"shasum\":\"" + B + "\"");
        publish(withShasum(old(A, ""), C));
        assertThat(refreshed(TOOL)).contains("\"shasum\":\"" + C + "\"");
        assertThat(app.count("alert")).isZero();
    }

    @Test
    void anotherShasumOfAReferenceIsRefusedOnceItsBytesAreStored() {
        publish(old(A, ""));
        app.admin().get(DIST);
        String sha1 = app.rows("SELECT sha1 FROM version").get(0).text("sha1");
        publish(withShasum(old(A, ""), sha1));
        assertThat(refreshed(TOOL)).contains("\"shasum\":\"" + sha1 + "\"");
        publish(version("acme/tool", "1.1.0", B, ""), withShasum(old(A, ",\"x\":1"), C));
        assertThat(refreshed(TOOL)).contains("\"shasum\":\"" + sha1 + "\"").doesNotContain(C);
        assertThat(app.admin().get(DIST).body().bytes(100)).isEqualTo(zip(A));
    }

    @Test
    void aShasumThatDoesNotFitTheStoredBytesIsNotServed() {
        publish(old(A, ""));
        app.admin().get(DIST);
        publish(version("acme/tool", "1.1.0", B, ""), withShasum(old(A, ""), C));
        assertThat(refreshed(TOOL)).doesNotContain(C);
    }

    @Test
    void otherBytesUnderTheSameUrlNeverReplaceTheStoredOnes() {
        publish(old(A, ""));
        app.admin().get(DIST);
        app.serve(UPSTREAM + "/a/" + A + ".zip", zip("evil"));
        refreshed(TOOL);
        assertThat(app.admin().get(DIST).body().bytes(100)).isEqualTo(zip(A));
        assertThat(app.count("version")).isEqualTo(1);
    }

    @Test
    void aReleaseWithoutAReferenceMayMoveUntilItIsStored() {
        publish(unreferenced(A));
        String first = path(refreshed(TOOL));
        publish(unreferenced(B));
        String second = path(refreshed(TOOL));
        assertThat(second).isNotEqualTo(first);
        assertThat(app.admin().get(second).body().bytes(100)).isEqualTo(zip(B));
    }

    @Test
    void aReleaseWithoutAReferenceStaysOnceItIsStored() {
        publish(unreferenced(A));
        String first = path(refreshed(TOOL));
        app.admin().get(first);
        publish(version("acme/tool", "1.1.0", C, ""), unreferenced(B));
        assertThat(refreshed(TOOL)).contains(first);
    }

    @Test
    void aReleaseWithoutAReferenceThatMovedStaysOnceItIsStored() {
        publish(unreferenced(A));
        refreshed(TOOL);
        publish(unreferenced(B));
        String second = path(refreshed(TOOL));
        app.admin().get(second);
        publish(version("acme/tool", "1.1.0", C, ""), unreferenced(C));
        assertThat(refreshed(TOOL)).contains(second);
    }

    private static String unreferenced(String file) {
        return old(file, "").replace("\"reference\":\"" + file + "\",\"shasum\"", "\"reference\":null,\"shasum\"");
    }

    private static String path(String json) {
        int at = json.indexOf("/dist/acme/tool/1.0.0.0/");
        assertThat(at).isPositive();
        return json.substring(at, json.indexOf('"', at));
    }
}
