package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.testing.TestApp;

/** {@code GET /p2/{vendor}/{file}}: whom we ask, when, and whom never. */
class PackageSourcesTest {
    private static final String SECOND = "https://second.example.com";
    private static final String TOOL = "/p2/acme/tool.json";
    private static final String DEV = "/p2/acme/tool~dev.json";
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private TestApp app;
    private String first = "";

    @BeforeEach
    void start() {
        app = TestApp.start();
        first = app.addUpstream(UPSTREAM, "acme/*", 10, false);
    }

    @AfterEach
    void close() {
        app.close();
    }

    private void addSecond(String pattern, int priority) {
        app.addUpstream(SECOND, pattern, priority, false);
    }

    private String owner() {
        return app.rows("SELECT upstream FROM package WHERE name = 'acme/tool'")
                .get(0)
                .text("upstream");
    }

    private static byte[] document(String... versions) {
        return ("{\"packages\":{\"acme/tool\":[" + String.join(",", versions) + "]}}").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whoIsFirstByPriorityOwnsTheName() {
        addSecond("*", 20);
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.publishAt(SECOND, "acme/tool", version("acme/tool", "99.0.0", B, ""));
        assertThat(text(app.admin().get(TOOL))).contains("1.0.0.0").doesNotContain("99.0.0");
        assertThat(owner()).isEqualTo(first);
        assertThat(app.upstream().requests()).noneMatch(request -> request.url().startsWith(SECOND));
    }

    @Test
    void whoeverIsNextIsAskedOnlyIfTheFirstSaysThatItHasNothing() {
        addSecond("*", 20);
        app.serveStatus(UPSTREAM + TOOL, 404);
        app.publishAt(SECOND, "acme/tool", version("acme/tool", "1.0.0", A, ""));
        assertThat(app.admin().get(TOOL).status()).isEqualTo(200);
        assertThat(owner()).isNotEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({"UNREACHABLE, 502", "TIMEOUT, 504", "CUT, 502", "TOO_LARGE, 503"})
    void whoeverIsNextIsNotAskedWhileTheFirstFails(Reason reason, int status) {
        addSecond("*", 20);
        app.publishAt(SECOND, "acme/tool", version("acme/tool", "99.0.0", B, ""));
        for (String url : List.of(UPSTREAM + TOOL, UPSTREAM + "/packages.json")) {
            app.upstream().fails(url, reason);
            assertThat(app.admin().get(TOOL).status()).isEqualTo(status);
        }
        assertThat(app.upstream().requests()).noneMatch(request -> request.url().startsWith(SECOND));
        assertThat(app.count("package")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"404, 502", "410, 502", "200, 502"})
    void aFirstWithoutARootIsNoReasonToAskTheNext(int rootStatus, int status) {
        addSecond("*", 20);
        app.serveStatus(UPSTREAM + "/packages.json", rootStatus);
        assertThat(app.admin().get(TOOL).status()).isEqualTo(status);
        assertThat(app.upstream().requests()).noneMatch(request -> request.url().startsWith(SECOND));
    }

    @Test
    void anOwnerThatFailsIsNeverReplaced() {
        addSecond("*", 20);
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.admin().get(TOOL);
        app.publishAt(SECOND, "acme/tool", version("acme/tool", "99.0.0", B, ""));
        for (int status : new int[] {500, 404, 401}) {
            app.serveStatus(UPSTREAM + TOOL, status);
            app.clock().advance(Duration.ofMinutes(6));
            assertThat(text(app.admin().get(TOOL))).contains("1.0.0.0").doesNotContain("99.0.0");
        }
        app.clock().advance(Duration.ofDays(3));
        app.serveStatus(UPSTREAM + TOOL, 404);
        app.admin().get(TOOL);
        app.clock().advance(Duration.ofDays(3));
        assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
        assertThat(app.admin().get(DEV).status()).isEqualTo(404);
        assertThat(app.upstream().requests()).noneMatch(request -> request.url().startsWith(SECOND));
    }

    @Test
    void branchesComeFromTheOwnerAsWell() {
        addSecond("acme/*", 5);
        app.serveStatus(SECOND + TOOL, 404);
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        assertThat(app.admin().get(TOOL).status()).isEqualTo(200);
        app.serve(SECOND + DEV, document(version("acme/tool", "dev-main", B, "")));
        assertThat(app.admin().get(DEV).status()).isEqualTo(404);
        assertThat(app.upstream().requestsTo(SECOND + DEV)).isEmpty();
    }

    @Test
    void anExclusivePatternKeepsTheOthersOutEvenWhileItsUpstreamFails() {
        app.addUpstream(SECOND, "acme/*", 90, true);
        app.publish("acme/tool", version("acme/tool", "99.0.0", B, ""));
        for (int status : new int[] {500, 404, 401}) {
            app.serveStatus(SECOND + TOOL, status);
            app.clock().advance(Duration.ofMinutes(6));
            assertThat(app.admin().get(TOOL).status()).isGreaterThanOrEqualTo(400);
        }
        assertThat(app.upstream().requests()).noneMatch(request -> request.url().startsWith(UPSTREAM));
    }

    @Test
    void revalidatesWithWhatTheUpstreamGaveAndKeepsItsOwnDate() {
        String modified = "Mon, 23 Nov 2026 11:00:00 GMT";
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.upstream()
                .serves(
                        UPSTREAM + TOOL,
                        request -> request.findHeader("if-modified-since") != null
                                ? new Response(304, Headers.of(), Body.empty())
                                : new Response(
                                        200,
                                        Headers.of("last-modified", modified, "etag", "\"e\""),
                                        Body.of(document(version("acme/tool", "1.0.0", A, "")))));
        String before = text(app.admin().get(TOOL));
        String date = "" + app.admin().get(TOOL).findHeader("last-modified");
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(app.admin().get(TOOL, "if-modified-since", date).status()).isEqualTo(304);
        var asked = app.upstream().requestsTo(UPSTREAM + TOOL);
        assertThat(asked).hasSize(2);
        assertThat(asked.get(0).findHeader("if-modified-since")).isNull();
        assertThat(asked.get(1).findHeader("if-modified-since")).isEqualTo(modified);
        assertThat(asked.get(1).findHeader("if-none-match")).isEqualTo("\"e\"");
        assertThat(text(app.admin().get(TOOL))).isEqualTo(before);
        app.clock().advance(Duration.ofMinutes(4));
        app.admin().get(TOOL);
        assertThat(app.upstream().requestsTo(UPSTREAM + TOOL)).hasSize(2);
        assertThat(app.count("audit WHERE action = 'mirror.document'")).isEqualTo(1);
    }

    @Test
    void theSameBytesAgainChangeNoDateAndLeaveNoRow() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        String date = "" + app.admin().get(TOOL).findHeader("last-modified");
        for (int i = 0; i < 3; i++) {
            app.clock().advance(Duration.ofMinutes(6));
            assertThat(app.admin().get(TOOL).findHeader("last-modified")).isEqualTo(date);
        }
        assertThat(app.count("audit WHERE action = 'mirror.document'")).isEqualTo(1);
        assertThat(app.objects().keys()).hasSize(1);
    }

    @Test
    void aChangeWithinTheSameSecondStillShows() {
        try (TestApp eager = TestApp.start("FRESH_SECONDS", "0")) {
            eager.addUpstream("acme/*");
            List<String> dates = new ArrayList<>();
            for (String number : List.of("1.0.0", "1.1.0", "1.2.0")) {
                eager.publish("acme/tool", version("acme/tool", number, A, ""));
                dates.add("" + eager.admin().get(TOOL).findHeader("last-modified"));
            }
            assertThat(dates).doesNotHaveDuplicates();
        }
    }

    @Test
    void anAbsentNameIsKnownOfBothFilesApart() {
        app.serveStatus(UPSTREAM + TOOL, 404);
        app.serveStatus(UPSTREAM + DEV, 404);
        for (int i = 0; i < 3; i++) {
            assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
            assertThat(app.admin().get(DEV).status()).isEqualTo(404);
            app.clock().advance(Duration.ofMinutes(1));
        }
        assertThat(app.upstream().requestsTo(UPSTREAM + TOOL)).hasSize(1);
        assertThat(app.upstream().requestsTo(UPSTREAM + DEV)).hasSize(1);
    }

    @Test
    void anAbsentNameIsAskedForAgainOnceAnUpstreamHasChanged() {
        app.serveStatus(UPSTREAM + TOOL, 404);
        assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
        addSecond("*", 20);
        app.publishAt(SECOND, "acme/tool", version("acme/tool", "1.0.0", A, ""));
        assertThat(app.admin().get(TOOL).status()).isEqualTo(200);
    }

    @Test
    void aPackageThatComesBackIsServedAgain() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.admin().get(TOOL);
        app.serveStatus(UPSTREAM + TOOL, 404);
        app.clock().advance(Duration.ofHours(1));
        app.admin().get(TOOL);
        app.clock().advance(Duration.ofHours(25));
        assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(app.admin().get(TOOL).status()).isEqualTo(200);
        app.serveStatus(UPSTREAM + TOOL, 404);
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(app.admin().get(TOOL).status()).isEqualTo(200);
    }

    @Test
    void aDeletedUpstreamsArchivesStillInstallButNothingNewComes() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""), version("acme/tool", "0.9.0", B, ""));
        app.serve(UPSTREAM + "/a/" + A + ".zip", zip("one"));
        app.admin().get("/dist/acme/tool/1.0.0.0/r" + A + ".zip");
        app.admin().send("DELETE", "/api/upstreams/" + first, "{}");
        app.upstream().forgetRequests();
        assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
        assertThat(app.admin().get("/dist/acme/tool/1.0.0.0/r" + A + ".zip").status())
                .isEqualTo(200);
        assertThat(app.admin().get("/dist/acme/tool/0.9.0.0/r" + B + ".zip").status())
                .isEqualTo(404);
        assertThat(app.upstream().requests()).isEmpty();
    }

    @Test
    void whoLosesARaceServesWhatTheWinnerStored() {
        String[] late = {""};
        app.serve(UPSTREAM + TOOL, document(version("acme/tool", "1.0.0", A, "")));
        app.upstream().serves(UPSTREAM + TOOL, request -> {
            if (late[0].isEmpty()) {
                late[0] = "asked";
                app.serve(UPSTREAM + "/packages.json", "{\"metadata-url\":\"/other/%package%.json\"}");
                app.serve(UPSTREAM + "/other/acme/tool.json", document(version("acme/tool", "2.0.0", B, "")));
                late[0] = text(app.admin().at(app.isolate()).get(TOOL));
            }
            return new Response(200, Headers.of(), Body.of(document(version("acme/tool", "1.0.0", A, ""))));
        });
        assertThat(text(app.admin().get(TOOL))).contains("2.0.0.0").isEqualTo(late[0]);
        assertThat(app.count("audit WHERE action = 'mirror.document'")).isEqualTo(1);
        assertThat(app.count("document")).isEqualTo(1);
    }

    @Test
    void whoLosesARefreshServesWhatTheWinnerStored() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.admin().get(TOOL);
        app.clock().advance(Duration.ofMinutes(6));
        boolean[] nested = {false};
        app.upstream().serves(UPSTREAM + TOOL, request -> {
            boolean outer = !nested[0];
            if (outer) {
                nested[0] = true;
                assertThat(text(app.admin().at(app.isolate()).get(TOOL))).contains("2.0.0.0");
            }
            String mine = outer ? "3.0.0" : "2.0.0";
            return new Response(200, Headers.of(), Body.of(document(version("acme/tool", mine, B, ""))));
        });
        assertThat(text(app.admin().get(TOOL))).contains("2.0.0.0").doesNotContain("3.0.0");
        assertThat(app.rows("SELECT generation FROM document").get(0).number("generation"))
                .isEqualTo(2);
    }

    @Test
    void whoAsksForBranchesFirstDoesNotGiveTheNameAway() {
        addSecond("*", 20);
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.publishAt(SECOND, "acme/tool", version("acme/tool", "99.0.0", B, ""));
        app.serve(SECOND + DEV, document(version("acme/tool", "dev-main", B, "")));
        app.admin().get(DEV);
        assertThat(text(app.admin().get(TOOL))).contains("1.0.0.0").doesNotContain("99.0.0");
    }

    @Test
    void aPackageThatIsGoneDoesNotAskItsUpstreamEachTime() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.admin().get(TOOL);
        app.serveStatus(UPSTREAM + TOOL, 404);
        app.clock().advance(Duration.ofHours(1));
        app.admin().get(TOOL);
        app.clock().advance(Duration.ofHours(25));
        app.upstream().forgetRequests();
        for (int i = 0; i < 5; i++) {
            assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
        }
        assertThat(app.upstream().requestsTo(UPSTREAM + TOOL)).hasSize(1);
    }

    @Test
    void whileOneRequestAsksTheUpstreamOthersAreServedTheCopyWeHave() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        String copy = text(app.admin().get(TOOL));
        app.clock().advance(Duration.ofMinutes(6));
        String file = UPSTREAM + TOOL;
        List<String> meanwhile = new ArrayList<>();
        app.upstream().forgetRequests();
        app.upstream().serves(file, request -> {
            meanwhile.add(text(app.admin().get(TOOL)));
            return new Response(503, Headers.of(), Body.empty());
        });
        assertThat(text(app.admin().get(TOOL))).isEqualTo(copy);
        assertThat(meanwhile).containsExactly(copy);
        assertThat(app.upstream().requestsTo(file)).hasSize(1);
        app.clock().advance(Duration.ofMinutes(1));
        app.publish("acme/tool", version("acme/tool", "1.1.0", A, ""));
        assertThat(text(app.admin().get(TOOL))).contains("1.1.0.0");
    }

    @Test
    void aConnectionThatEndedBeforeAnyAnswerIsMadeAnew() {
        int[] tries = {0};
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.upstream().serves(UPSTREAM + TOOL, request -> {
            if (tries[0]++ == 0) {
                throw new TransferException(Reason.UNREACHABLE, "the other side closed the connection");
            }
            return new Response(200, Headers.of(), Body.of(document(version("acme/tool", "1.0.0", A, ""))));
        });
        assertThat(app.admin().get(TOOL).status()).isEqualTo(200);
        assertThat(tries[0]).isEqualTo(2);
    }
}
