package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException.Reason;

/** {@code POST /security-advisories}. */
class AdvisoriesTest extends AdvisoryScene {
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
