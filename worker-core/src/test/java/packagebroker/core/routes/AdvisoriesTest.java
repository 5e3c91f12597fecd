package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.testing.TestApp;

/** {@code POST /security-advisories}. */
class AdvisoriesTest {
    private static final String API = UPSTREAM + "/api/advisories";
    private static final String OTHER = "https://other.example.com";
    private static final String OTHER_API = OTHER + "/advisories";
    private static final String A = "a".repeat(40);

    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start("META_CACHE_SECONDS", "10");
    }

    @AfterEach
    void close() {
        app.close();
    }

    private static String advisory(String id, String more) {
        return "{\"advisoryId\":\"" + id
                + "\",\"packageName\":\"x\",\"affectedVersions\":\">=1.0,<1.5\",\"title\":\"bad\","
                + "\"sources\":[{\"name\":\"s\",\"remoteId\":\"" + id + "\"}],\"reportedAt\":\"2026-01-01 00:00:00\""
                + more
                + "}";
    }

    private String upstreamWithApi(String pattern) {
        String id = app.addUpstream(pattern);
        app.serveRoot(UPSTREAM, ",\"security-advisories\":{\"metadata\":true,\"api-url\":\"/api/advisories\"}");
        app.drain();
        return id;
    }

    private String otherWithApi(String pattern, int priority, boolean exclusive) {
        String id = app.addUpstream(OTHER, pattern, priority, exclusive);
        app.serveRoot(OTHER, ",\"security-advisories\":{\"api-url\":\"/advisories\"}");
        app.drain();
        return id;
    }

    private void own(String name, String upstream) {
        app.database()
                .update(packagebroker.core.port.Statement.of(
                        "INSERT INTO package (name, upstream, owned_at) VALUES (?, ?, 1)", name, upstream));
    }

    private void answers(String url, String advisories) {
        app.serve(url, "{\"advisories\":" + advisories + "}");
    }

    private Response post(TestApp.Caller caller, String form) {
        return caller.send(
                "POST",
                "/security-advisories",
                "application/x-www-form-urlencoded",
                form.getBytes(StandardCharsets.UTF_8));
    }

    private String asked(String... names) {
        List<String> fields = new ArrayList<>();
        for (String name : names) {
            fields.add("packages[]=" + name);
        }
        Response response = post(app.admin(), String.join("&", fields));
        assertThat(response.status()).isEqualTo(200);
        return text(response);
    }

    private List<String> forms(String url) {
        List<String> forms = new ArrayList<>();
        for (Request request : app.upstream().requestsTo(url)) {
            forms.add(new String(request.body().bytes(1_000_000), StandardCharsets.UTF_8));
        }
        return forms;
    }

    @Test
    void whatTheOwnerSaysIsPassedOnAsItWasWritten() {
        own("acme/tool", upstreamWithApi("acme/*"));
        String one = advisory("PKSA-1", ",\"severity\":\"high\",\"unknown\":{\"x\": [1, 2.50]},\"cve\":null");
        answers(API, "{\"acme/tool\":[" + one + "," + advisory("PKSA-2", "") + "]}");
        Response response = post(app.admin(), "packages%5B0%5D=acme%2Ftool");
        assertThat(text(response))
                .isEqualTo("{\"advisories\":{\"acme/tool\":[" + one + "," + advisory("PKSA-2", "") + "]}}");
        assertThat(response.findHeader("content-type")).isEqualTo("application/json");
        assertThat(response.findHeader("cache-control")).isEqualTo("private, no-store");
        Request asked = app.upstream().requestsTo(API).get(0);
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.findHeader("content-type")).isEqualTo("application/x-www-form-urlencoded");
        assertThat(forms(API)).containsExactly("packages%5B0%5D=acme%2Ftool");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "packages[]=acme/tool&packages[]=acme/other",
                "packages[0]=acme/tool&packages[1]=acme/other",
                "packages%5B%5D=acme%2Ftool&packages%5B%5D=acme%2Fother",
                "x=1&packages[7]=ACME/Tool&&packages[7]=acme/other&packages[]=acme/tool&packages=c/d&packages[]=",
                "packages[]=acme/tool&packages[]=php&packages[]=ext-json&packages[]=__root__&packages[]=%zz&packages[]=acme/other"
            })
    void everyNotationOfTheFormIsRead(String form) {
        String id = upstreamWithApi("acme/*");
        own("acme/tool", id);
        own("acme/other", id);
        answers(API, "{\"acme/tool\":[],\"acme/other\":[]}");
        assertThat(text(post(app.admin(), form))).isEqualTo("{\"advisories\":{\"acme/tool\":[],\"acme/other\":[]}}");
        assertThat(forms(API)).containsExactly("packages%5B0%5D=acme%2Ftool&packages%5B1%5D=acme%2Fother");
    }

    @Test
    void knownAndCleanIsAnEmptyListAndUnknownIsLeftOut() {
        String id = upstreamWithApi("acme/*");
        own("acme/clean", id);
        own("acme/unknown", id);
        answers(API, "{\"acme/clean\":[],\"never/asked\":[" + advisory("X", "") + "]}");
        assertThat(asked("acme/clean", "acme/unknown", "nobody/has-it"))
                .isEqualTo("{\"advisories\":{\"acme/clean\":[]}}");
        assertThat(asked()).isEqualTo("{\"advisories\":{}}");
    }

    @Test
    void aTokenLearnsNothingOfWhatItMayNotSee() {
        String id = upstreamWithApi("*");
        own("acme/tool", id);
        own("secret/tool", id);
        answers(API, "{\"acme/tool\":[],\"secret/tool\":[" + advisory("X", "") + "]}");
        Response response =
                post(app.as(app.token("acme/*")), "packages[]=secret/tool&packages[]=acme/tool&packages[]=secret/new");
        assertThat(text(response)).isEqualTo("{\"advisories\":{\"acme/tool\":[]}}");
        assertThat(forms(API)).containsExactly("packages%5B0%5D=acme%2Ftool");
    }

    @Test
    void eachNameGoesToItsOwnerAndToNobodyElse() {
        String mine = upstreamWithApi("*");
        String others = otherWithApi("private/*", 1, true);
        own("acme/tool", mine);
        own("private/tool", others);
        answers(API, "{\"acme/tool\":[" + advisory("A", "") + "],\"private/tool\":[" + advisory("FOREIGN", "") + "]}");
        answers(OTHER_API, "{\"private/tool\":[" + advisory("B", "") + "]}");
        assertThat(asked("acme/tool", "private/tool", "private/new"))
                .isEqualTo("{\"advisories\":{\"acme/tool\":[" + advisory("A", "") + "],\"private/tool\":["
                        + advisory("B", "") + "]}}");
        assertThat(forms(API)).containsExactly("packages%5B0%5D=acme%2Ftool");
        assertThat(forms(OTHER_API)).containsExactly("packages%5B0%5D=private%2Ftool&packages%5B1%5D=private%2Fnew");
    }

    @Test
    void aNameThatNobodyOwnsIsAskedForWhereThePackageWouldBeOneUpstreamAfterTheOther() {
        upstreamWithApi("*");
        otherWithApi("*", 20, false);
        answers(API, "{\"new/first\":[]}");
        answers(OTHER_API, "{\"new/second\":[" + advisory("B", "") + "]}");
        assertThat(asked("new/first", "new/second", "new/third"))
                .isEqualTo("{\"advisories\":{\"new/first\":[],\"new/second\":[" + advisory("B", "") + "]}}");
        assertThat(forms(OTHER_API)).containsExactly("packages%5B0%5D=new%2Fsecond&packages%5B1%5D=new%2Fthird");
    }

    @Test
    void aPrivateNameIsNotAskedForElsewhereBecauseItsOwnerHasNoAdvisories() {
        upstreamWithApi("*");
        String silent = app.addUpstream(OTHER, "private/*", 1, false);
        app.drain();
        own("private/tool", silent);
        assertThat(asked("private/tool")).isEqualTo("{\"advisories\":{}}");
        assertThat(app.upstream().requestsTo(API)).isEmpty();
    }

    @Test
    void aBurstAsksOnceAndTheSameQuestionAgainOnlyAfterAWhile() {
        own("acme/tool", upstreamWithApi("acme/*"));
        answers(API, "{\"acme/tool\":[]}");
        asked("acme/tool");
        app.drain();
        long written = app.count("relayed");
        long trips = app.counts().of("d1_round_trips");
        for (int i = 0; i < 5; i++) {
            assertThat(asked("acme/tool")).contains("\"acme/tool\":[]");
        }
        assertThat(app.upstream().requestsTo(API)).hasSize(1);
        assertThat(app.counts().of("d1_round_trips") - trips).isEqualTo(10); // The token's row and one more, each.
        app.clock().advance(Duration.ofSeconds(301));
        answers(API, "{\"acme/tool\":[" + advisory("NEW", "") + "]}");
        assertThat(asked("acme/tool")).contains("NEW");
        assertThat(app.upstream().requestsTo(API)).hasSize(2);
        assertThat(app.count("relayed")).isEqualTo(written);
    }

    @Test
    void anotherSetOfPackagesIsAskedForAgain() {
        String id = upstreamWithApi("acme/*");
        own("acme/tool", id);
        own("acme/other", id);
        answers(API, "{\"acme/tool\":[],\"acme/other\":[]}");
        asked("acme/tool", "acme/other");
        asked("acme/other", "acme/tool");
        assertThat(forms(API)).hasSize(1);
        asked("acme/tool");
        assertThat(forms(API)).hasSize(2);
    }

    @Test
    void oldQuestionsAreForgotten() {
        own("acme/tool", upstreamWithApi("acme/*"));
        answers(API, "{\"acme/tool\":[]}");
        asked("acme/tool");
        assertThat(app.count("relay_check")).isEqualTo(1);
        app.clock().advance(Duration.ofMinutes(10));
        app.runJobs();
        assertThat(app.count("relay_check")).isZero();
        assertThat(app.count("relayed")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void whileTheUpstreamIsAwayItsLastAnswerStands(Reason reason) {
        String id = upstreamWithApi("acme/*");
        own("acme/tool", id);
        own("acme/other", id);
        answers(API, "{\"acme/tool\":[" + advisory("A", "") + "]}");
        String before = asked("acme/tool", "acme/other");
        app.clock().advance(Duration.ofMinutes(6));
        app.upstream().fails(API, reason);
        assertThat(asked("acme/tool", "acme/other")).isEqualTo(before);
        assertThat(asked("acme/other", "acme/tool")).contains("\"A\"");
        assertThat(app.upstream().requestsTo(API)).hasSize(2); // For half a minute it is left alone.
        assertThat(app.log().lines()).anyMatch(line -> line.contains("upstream.failed"));
        app.clock().advance(Duration.ofSeconds(31));
        asked("acme/tool", "acme/other");
        assertThat(app.upstream().requestsTo(API)).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "UNREACHABLE, 502, upstream_unreachable",
        "TIMEOUT, 504, upstream_timeout",
        "CUT, 502, upstream_unreachable",
        "TOO_LARGE, 503, over_limit"
    })
    void withoutAnAnswerOfOldAFailureIsAFailureAndNeverAllClear(Reason reason, int status, String code) {
        String id = upstreamWithApi("acme/*");
        own("acme/tool", id);
        own("acme/new", id);
        answers(API, "{\"acme/tool\":[]}");
        asked("acme/tool");
        app.upstream().fails(API, reason);
        Response response = post(app.admin(), "packages[]=acme/tool&packages[]=acme/new");
        assertThat(response.status()).isEqualTo(status);
        assertThat(text(response)).contains("\"" + code + "\"").doesNotContain("advisories\":{");
        assertThat(asked("acme/tool")).contains("\"acme/tool\":[]");
    }

    @ParameterizedTest
    @CsvSource({
        "500, 503",
        "429, 503",
        "401, 502",
        "403, 502",
        "404, 502",
        "410, 502",
        "302, 502",
        "204, 502",
        "304, 502"
    })
    void aStatusOtherThan200IsNoAnswer(int answered, int status) {
        own("acme/tool", upstreamWithApi("acme/*"));
        app.serveStatus(API, answered);
        assertThat(post(app.admin(), "packages[]=acme/tool").status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "[]",
                "{}",
                "{\"advisories\":null}",
                "{\"advisories\":[1]}",
                "{\"advisories\":{\"acme/tool\":1}}",
                "{\"advisories\":{\"acme/tool\":[1]}}",
                "{\"advisories\":{\"acme/tool\":[{}]}}",
                "{\"advisories\":{\"acme/tool\":[{\"advisoryId\":\"A\"}]}}",
                "{\"advisories\":{\"acme/tool\":[{\"advisoryId\":1,\"affectedVersions\":\"*\"}]}}",
                "{\"advisories\":{\"acme/tool\":[{\"advisoryId\":\"A\",\"advisoryId\":\"B\",\"affectedVersions\":\"*\"}]}}",
                "{\"advisories\":{\"acme/tool\":[]}",
                "{\"advisories\":{}} {}"
            })
    void anAnswerThatIsNoneIsAFailure(String answer) {
        own("acme/tool", upstreamWithApi("acme/*"));
        app.serve(API, answer);
        Response response = post(app.admin(), "packages[]=acme/tool");
        assertThat(response.status()).isEqualTo(502);
        assertThat(text(response)).contains("upstream_untrusted");
        assertThat(app.count("relayed")).isZero();
    }

    @Test
    void aListThatPhpWroteAsAnObjectBecomesAList() {
        own("acme/tool", upstreamWithApi("acme/*"));
        answers(API, "{\"Acme/Tool\":{\"0\":" + advisory("A", "") + ",\"2\":" + advisory("B", "") + "}}");
        assertThat(asked("acme/tool"))
                .isEqualTo("{\"advisories\":{\"acme/tool\":[" + advisory("A", "") + "," + advisory("B", "") + "]}}");
    }

    @Test
    void anEmptyAnswerInPhpsNotationIsAnAnswer() {
        own("acme/tool", upstreamWithApi("acme/*"));
        app.serve(API, "{\"advisories\":[]}");
        assertThat(asked("acme/tool")).isEqualTo("{\"advisories\":{}}");
    }

    @Test
    void whatLacksTheWordsThatAClientNeedsIsGivenThem() {
        own("acme/tool", upstreamWithApi("acme/*"));
        answers(API, "{\"acme/tool\":[{\"advisoryId\":\"A\",\"affectedVersions\":\"*\",\"title\":null,\"x\":1}]}");
        assertThat(asked("acme/tool"))
                .isEqualTo(
                        "{\"advisories\":{\"acme/tool\":[{\"advisoryId\":\"A\",\"affectedVersions\":\"*\",\"title\":\"A\","
                                + "\"x\":1,\"sources\":[{\"name\":\"u\",\"remoteId\":\"A\"}],"
                                + "\"reportedAt\":\"1970-01-01T00:00:00+00:00\"}]}}");
    }

    @Test
    void aQuestionFollowsRedirectsThatKeepItAQuestionAndNoOthers() {
        own("acme/tool", upstreamWithApi("acme/*"));
        app.upstream()
                .serves(
                        API,
                        request -> new Response(
                                307, Headers.of("location", "https://cdn.example.com/advisories"), Body.empty()));
        app.serve("https://cdn.example.com/advisories", "{\"advisories\":{\"acme/tool\":[]}}");
        assertThat(asked("acme/tool")).contains("acme/tool");
        assertThat(forms("https://cdn.example.com/advisories")).containsExactly("packages%5B0%5D=acme%2Ftool");
        app.upstream().serves(API, request -> new Response(302, Headers.of("location", OTHER_API), Body.empty()));
        own("acme/new", app.rows("SELECT id FROM upstream").get(0).text("id"));
        assertThat(post(app.admin(), "packages[]=acme/new").status()).isEqualTo(502);
    }

    @Test
    void theCredentialGoesToItsOriginOnly() {
        String id = upstreamWithApi("acme/*");
        app.log().forbid("s3cr3t-pw");
        app.admin().send("PATCH", "/api/upstreams/" + id, "{\"auth\":{\"type\":\"bearer\",\"token\":\"s3cr3t-pw\"}}");
        own("acme/tool", id);
        answers(API, "{\"acme/tool\":[]}");
        asked("acme/tool");
        assertThat(app.upstream().requestsTo(API).get(0).findHeader("authorization"))
                .isEqualTo("Bearer s3cr3t-pw");
        app.serveRoot(UPSTREAM, ",\"security-advisories\":{\"api-url\":\"" + OTHER_API + "\"}");
        app.clock().advance(Duration.ofHours(2));
        app.runJobs();
        answers(OTHER_API, "{\"acme/tool\":[]}");
        asked("acme/tool");
        assertThat(app.upstream().requestsTo(OTHER_API)).hasSize(1);
        assertThat(app.upstream().requestsTo(OTHER_API).get(0).findHeader("authorization"))
                .isNull();
    }

    @Test
    void anUpstreamOfWhichNothingIsKnownIsAskedWhatItOffersFirst() {
        String id = app.addUpstream("acme/*");
        app.cutOff();
        own("acme/tool", id);
        app.upstream().fails(UPSTREAM + "/packages.json", Reason.UNREACHABLE);
        assertThat(post(app.admin(), "packages[]=acme/tool").status()).isEqualTo(502);
        app.serveRoot(UPSTREAM, ",\"security-advisories\":{\"api-url\":\"/api/advisories\"}");
        answers(API, "{\"acme/tool\":[" + advisory("A", "") + "]}");
        assertThat(asked("acme/tool")).contains("\"A\"");
    }

    @Test
    void anUpstreamThatHasThemInItsFilesOnlyIsReadFromOurCopiesOfThese() {
        app.addUpstream("acme/*");
        app.serveRoot(UPSTREAM, ",\"security-advisories\":{\"metadata\":true}");
        app.drain();
        String file = UPSTREAM + "/p2/acme/tool.json";
        app.serve(file, document("[" + advisory("A", "") + ",{\"advisoryId\":\"B\",\"affectedVersions\":\"<2\"}]"));
        app.admin().get("/p2/acme/tool.json");
        app.upstream().forgetRequests();
        assertThat(asked("acme/tool", "acme/new"))
                .startsWith("{\"advisories\":{\"acme/tool\":[" + advisory("A", "") + ",{\"advisoryId\":\"B\"")
                .contains("\"title\":\"B\"")
                .doesNotContain("acme/new");
        assertThat(app.upstream().requests()).isEmpty();
        app.serve(file, document("[]"));
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(asked("acme/tool")).isEqualTo("{\"advisories\":{\"acme/tool\":[]}}");
        app.upstream().fails(file, Reason.TIMEOUT);
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(asked("acme/tool")).isEqualTo("{\"advisories\":{\"acme/tool\":[]}}");
        app.serve(file, document("[1]"));
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(post(app.admin(), "packages[]=acme/tool").status()).isEqualTo(502);
    }

    private static String document(String advisories) {
        return "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "1.0.0", A, "") + "]},\"security-advisories\":"
                + advisories + "}";
    }

    @Test
    void aThousandNamesAreOneQuestion() {
        String id = upstreamWithApi("acme/*");
        StringBuilder form = new StringBuilder("x=y");
        StringBuilder answer = new StringBuilder("{\"acme/p0\":[" + advisory("A", "") + "]");
        for (int i = 0; i < 1_500; i++) {
            form.append("&packages%5B").append(i).append("%5D=acme%2Fp").append(i);
            if (i > 0) {
                answer.append(",\"acme/p").append(i).append("\":[]");
            }
        }
        app.database().update(packagebroker.core.port.Statement.of("""
                        INSERT INTO package (name, upstream, owned_at)
                        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1499)
                        SELECT 'acme/p' || i, ?, 1 FROM n
                        """, id));
        answers(API, answer + "}");
        Response response = post(app.admin(), form.toString());
        assertThat(response.status()).isEqualTo(200);
        assertThat(text(response))
                .contains("\"acme/p0\":[" + advisory("A", "") + "]")
                .endsWith("\"acme/p1499\":[]}}");
        assertThat(app.upstream().requestsTo(API)).hasSize(2);
        app.clock().advance(Duration.ofMinutes(6));
        app.upstream().fails(API, Reason.UNREACHABLE);
        assertThat(text(post(app.admin(), form.toString()))).endsWith("\"acme/p1499\":[]}}");
    }

    @Test
    void bodiesThatAreNoFormOrTooLargeAreRefused() {
        assertThat(app.admin().send("POST", "/security-advisories", "{}").status())
                .isEqualTo(415);
        assertThat(post(app.admin(), "packages[]=" + "a".repeat(600_000)).status())
                .isEqualTo(413);
        StringBuilder form = new StringBuilder();
        for (int i = 0; i <= 5_000; i++) {
            form.append("packages[]=a/p").append(i).append('&');
        }
        assertThat(post(app.admin(), form.toString()).status()).isEqualTo(422);
    }

    @Test
    void anUpstreamThatIsDeletedOrMovedLeavesNoAnswersBehind() {
        String id = upstreamWithApi("acme/*");
        own("acme/tool", id);
        answers(API, "{\"acme/tool\":[]}");
        asked("acme/tool");
        app.admin().send("PATCH", "/api/upstreams/" + id, "{\"priority\":3}");
        assertThat(app.count("relayed")).isEqualTo(1);
        app.serveRoot(OTHER, ",\"security-advisories\":{\"api-url\":\"/advisories\"}");
        app.admin().send("PATCH", "/api/upstreams/" + id, "{\"url\":\"" + OTHER + "\"}");
        assertThat(app.count("relayed")).isZero();
        app.drain();
        answers(OTHER_API, "{\"acme/tool\":[]}");
        asked("acme/tool");
        app.admin().send("DELETE", "/api/upstreams/" + id, "{}");
        assertThat(app.count("relayed")).isZero();
        assertThat(asked("acme/tool")).isEqualTo("{\"advisories\":{}}");
    }

    @Test
    void theQuestionIsInTheAuditLog() {
        own("acme/tool", upstreamWithApi("acme/*"));
        answers(API, "{\"acme/tool\":[]}");
        asked("acme/tool");
        app.drain();
        assertThat(app.rows("SELECT body FROM audit_segment ORDER BY first DESC")
                        .get(0)
                        .text("body"))
                .contains("\tread.advisories\t1 packages\t200\t");
    }
}
