package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException.Reason;

/** {@code POST /security-advisories} while upstreams fail, lie or lead elsewhere. */
class AdvisoryFaultsTest extends AdvisoryScene {
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
        app.serveStatus(UPSTREAM + "/p2/package-broker/connection-test.json", 404); // The credential is tried.
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
}
