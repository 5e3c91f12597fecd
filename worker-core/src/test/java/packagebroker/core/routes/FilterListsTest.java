package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.text;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** {@code GET /filter/summary.json} and {@code POST /filter/entries}. */
class FilterListsTest extends FilterScene {
    @Test
    void withoutListsTheSummaryIsEmptyAndHasADate() {
        app.addUpstream("acme/*");
        app.drain();
        Response response = app.admin().get(PATH);
        assertThat(text(response)).isEqualTo("{\"filter\":{}}");
        assertThat(response.findHeader("content-type")).isEqualTo("application/json");
        assertThat(response.findHeader("cache-control")).isEqualTo("private, no-cache");
        String date = "" + response.findHeader("last-modified");
        Response same = app.admin().get(PATH, "if-modified-since", date);
        assertThat(same.status()).isEqualTo(304);
        assertThat(text(same)).isEmpty();
        assertThat(text(app.as(app.token("x/*")).get(PATH))).isEqualTo("{\"filter\":{}}");
    }

    @Test
    void theSummariesOfAllUpstreamsAreOne() {
        upstream("*", WITH_SUMMARY);
        other("*", 20, WITH_SUMMARY);
        summary(
                SUMMARY,
                "{\"malware\":{\"acme/bad\":\"1.0.0\",\"Acme/Worse\":\"*\"},\"cooldown\":[],\"support\":{\"a/b\":\"*\"}}");
        summary(
                OTHER_SUMMARY,
                "{\"malware\":{\"acme/bad\":\">2\"},\"cooldown\":{\"b/c\":\"3.0\"},\"unheard-of\":{\"a/b\":\"*\"}}");
        assertThat(shown())
                .isEqualTo("{\"filter\":{\"cooldown\":{\"b/c\":\"3.0\"},\"malware\":{\"acme/bad\":\""
                        + (first(SUMMARY) ? "1.0.0|>2" : ">2|1.0.0") + "\",\"acme/worse\":\"*\"}}}");
    }

    @Test
    void anUpstreamSpeaksOnlyOfWhatItOwnsOrMayBeAskedFor() {
        String mine = upstream("*", WITH_SUMMARY);
        String others = other("private/*", 1, WITH_SUMMARY);
        own("private/tool", others);
        own("acme/tool", mine);
        own("taken/name", others);
        summary(
                SUMMARY,
                "{\"malware\":{\"private/tool\":\"*\",\"acme/tool\":\"1\",\"taken/name\":\"*\",\"new/name\":\"2\"}}");
        summary(OTHER_SUMMARY, "{\"malware\":{\"private/tool\":\"9\",\"acme/tool\":\"*\",\"new/name\":\"*\"}}");
        assertThat(shown())
                .isEqualTo(
                        "{\"filter\":{\"malware\":{\"acme/tool\":\"1\",\"new/name\":\"2\",\"private/tool\":\"9\"}}}");
        assertThat(asked("private/tool", "acme/tool", "taken/name", "new/name"))
                .isEqualTo(
                        "{\"filter\":{\"malware\":[{\"package\":\"private/tool\",\"constraint\":\"9\"},"
                                + "{\"package\":\"acme/tool\",\"constraint\":\"1\"},{\"package\":\"new/name\",\"constraint\":\"2\"}]}}");
    }

    @Test
    void aTokenSeesWhatItMayAndGetsNoDateThatCouldHideTheRest() {
        upstream("*", WITH_SUMMARY);
        summary(SUMMARY, "{\"malware\":{\"acme/bad\":\"1\",\"secret/bad\":\"1\"}}");
        String date = "" + app.admin().get(PATH).findHeader("last-modified");
        TestApp.Caller narrow = app.as(app.token("acme/*"));
        Response response = narrow.get(PATH, "if-modified-since", date);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.findHeader("last-modified")).isNull();
        assertThat(text(response)).isEqualTo("{\"filter\":{\"malware\":{\"acme/bad\":\"1\"}}}");
        assertThat(text(post(narrow, List.of("pkg:composer/acme/bad", "pkg:composer/secret/bad"), List.of("malware"))))
                .isEqualTo("{\"filter\":{\"malware\":[{\"package\":\"acme/bad\",\"constraint\":\"1\"}]}}");
    }

    @Test
    void itsDateRisesWithEveryChangeAndOnlyThen() {
        String id = upstream("*", WITH_SUMMARY);
        summary(SUMMARY, "{\"malware\":{\"acme/bad\":\"1\",\"acme/tool\":\"2\"}}");
        String first = "" + app.admin().get(PATH).findHeader("last-modified");
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(app.admin().get(PATH, "if-modified-since", first).status()).isEqualTo(304);
        summary(SUMMARY, "{\"malware\":{\"acme/bad\":\"1\",\"acme/tool\":\"3\"}}");
        app.clock().advance(Duration.ofMinutes(6));
        Response changed = app.admin().get(PATH, "if-modified-since", first);
        assertThat(text(changed)).contains("\"acme/tool\":\"3\"");
        String second = "" + changed.findHeader("last-modified");
        String silent = other("none/*", 1, "");
        app.database()
                .update(Statement.of(
                        "INSERT INTO package (name, upstream, owned_at) VALUES ('acme/tool', ?, ?)",
                        silent,
                        app.clock().millis() + 5_000));
        Response owned = app.admin().get(PATH, "if-modified-since", second);
        assertThat(text(owned)).doesNotContain("acme/tool");
        String third = "" + owned.findHeader("last-modified");
        app.admin().send("DELETE", "/api/upstreams/" + id, "");
        Response deleted = app.admin().get(PATH, "if-modified-since", third);
        assertThat(text(deleted)).isEqualTo("{\"filter\":{}}");
        assertThat(app.count("filter_entry")).isZero();
        assertThat(app.count("filter_summary")).isZero();
    }

    @Test
    void aSummaryIsAskedForConditionallyAndNotWrittenAgainIfItIsTheSame() {
        upstream("*", WITH_SUMMARY);
        app.upstream()
                .serves(
                        SUMMARY,
                        request -> "\"e\"".equals(request.findHeader("if-none-match"))
                                ? new Response(304, Headers.of(), Body.empty())
                                : new Response(
                                        200,
                                        Headers.of("etag", "\"e\"", "last-modified", "Mon, 23 Nov 2026 11:00:00 GMT"),
                                        Body.of("{\"filter\":{\"malware\":{\"a/b\":\"1\"}}}"
                                                .getBytes(StandardCharsets.UTF_8))));
        String before = shown();
        assertThat(shown()).isEqualTo(before);
        assertThat(app.upstream().requestsTo(SUMMARY)).hasSize(1);
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(shown()).isEqualTo(before);
        List<Request> requests = app.upstream().requestsTo(SUMMARY);
        assertThat(requests).hasSize(2);
        assertThat(requests.get(1).findHeader("if-modified-since")).isEqualTo("Mon, 23 Nov 2026 11:00:00 GMT");
        assertThat(shown()).isEqualTo(before);
        assertThat(app.upstream().requestsTo(SUMMARY)).hasSize(2);
    }

    @Test
    void theBackgroundKeepsSummariesFreshOneAMinute() {
        upstream("*", WITH_SUMMARY);
        other("b/*", 20, WITH_SUMMARY);
        summary(SUMMARY, "{\"malware\":{\"acme/bad\":\"1\"}}");
        app.upstream().fails(OTHER_SUMMARY, Reason.TIMEOUT);
        for (int minute = 0; minute < 4; minute++) {
            app.product().scheduled();
            app.clock().advance(Duration.ofMinutes(1));
        }
        assertThat(app.count("filter_entry")).isEqualTo(1);
        assertThat(app.upstream().requestsTo(SUMMARY)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pkg://composer/acme/bad",
                "pkg:composer/acme/bad",
                "pkg:composer/acme/bad@1.0.0",
                "pkg:composer/Acme/Bad?x=y#z",
                "pkg:composer/acme%2Fbad"
            })
    void aPackageUrlIsReadInEveryNotation(String url) {
        upstream("*", WITH_SUMMARY);
        summary(SUMMARY, "{\"malware\":{\"acme/bad\":\"1\"}}");
        assertThat(text(post(app.admin(), List.of(url, "pkg:npm/acme/bad", "acme/bad", ""), List.of("malware"))))
                .isEqualTo("{\"filter\":{\"malware\":[{\"package\":\"acme/bad\",\"constraint\":\"1\"}]}}");
    }

    @Test
    void onlyTheListsThatAreAskedForAreAnswered() {
        upstream("*", WITH_SUMMARY);
        summary(SUMMARY, "{\"malware\":{\"acme/bad\":\"1\"},\"cooldown\":{\"acme/bad\":\"2\"}}");
        List<String> bad = List.of("pkg:composer/acme/bad");
        assertThat(text(post(app.admin(), bad, List.of("cooldown", "unheard-of"))))
                .isEqualTo("{\"filter\":{\"cooldown\":[{\"package\":\"acme/bad\",\"constraint\":\"2\"}]}}");
        assertThat(text(post(app.admin(), bad, List.of()))).isEqualTo("{\"filter\":{}}");
        assertThat(text(app.admin().send("POST", "/filter/entries", "{\"packages\":[\"pkg:composer/acme/bad\"]}")))
                .contains("malware")
                .contains("cooldown");
    }

    @Test
    void theFileOfAPackageTellsWhyAndTheSummaryWhatTheFileDoesNotHaveYet() {
        upstream("*", WITH_SUMMARY);
        String entry =
                "{\"constraint\":\"1.0.0\",\"url\":\"https://x\",\"reason\":\"steals\",\"id\":\"M-1\",\"source\":\"s\","
                        + "\"more\":[1.50]}";
        mirror("{\"malware\":[" + entry + ",{\"constraint\":\"1.0.1\"}]}");
        String full = "{\"package\":\"acme/tool\"," + entry.substring(1)
                + ",{\"package\":\"acme/tool\",\"constraint\":\"1.0.1\"}";
        summary(SUMMARY, "{\"malware\":{\"acme/tool\":\"1.0.0 || 1.0.1\"}}");
        assertThat(asked("acme/tool")).isEqualTo("{\"filter\":{\"malware\":[" + full + "]}}");
        summary(SUMMARY, "{\"malware\":{\"acme/tool\":\"1.0.0|1.0.2\"}}");
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(asked("acme/tool"))
                .isEqualTo("{\"filter\":{\"malware\":[" + full
                        + ",{\"package\":\"acme/tool\",\"constraint\":\"1.0.0|1.0.2\"}]}}");
        summary(SUMMARY, "{\"malware\":{}}");
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(asked("acme/tool")).isEqualTo("{\"filter\":{}}");
    }

    @Test
    void anUpstreamThatHasThemInItsFilesOnlyIsReadFromOurCopies() {
        upstream("*", IN_FILES);
        mirror("{\"malware\":[{\"constraint\":\"1.0.0\"}],\"support\":[{\"constraint\":\"*\"}]}");
        assertThat(asked("acme/tool", "acme/new"))
                .isEqualTo("{\"filter\":{\"malware\":[{\"package\":\"acme/tool\",\"constraint\":\"1.0.0\"}]}}");
        mirrorAgain("{\"malware\":[{\"reason\":\"no constraint\"}]}");
        assertThat(post(app.admin(), List.of("pkg:composer/acme/tool"), List.of("malware"))
                        .status())
                .isEqualTo(502);
    }

    @Test
    void anUpstreamWithAnApiIsAskedThereForAllItsListsAndItsAnswersAreKept() {
        own("acme/tool", upstream("*", WITH_API));
        app.serve(
                API,
                "{\"filter\":{\"malware\":[{\"package\":\"acme/tool\",\"constraint\":\"1\",\"reason\":\"r\"},"
                        + "{\"package\":\"never/asked\",\"constraint\":\"*\"}],\"cooldown\":[{\"package\":\"acme/tool\","
                        + "\"constraint\":\"2\"}],\"abandoned\":[{\"package\":\"acme/tool\",\"constraint\":\"*\"}]}}");
        String malware = "\"malware\":[{\"package\":\"acme/tool\",\"constraint\":\"1\",\"reason\":\"r\"}]";
        String cooldown = "\"cooldown\":[{\"package\":\"acme/tool\",\"constraint\":\"2\"}]";
        assertThat(asked("acme/tool")).isEqualTo("{\"filter\":{" + malware + "," + cooldown + "}}");
        assertThat(text(post(app.admin(), List.of("pkg:composer/acme/tool"), List.of("cooldown"))))
                .isEqualTo("{\"filter\":{" + cooldown + "}}");
        assertThat(app.upstream().requestsTo(API)).hasSize(1);
        assertThat(new String(app.upstream().requestsTo(API).get(0).body().bytes(1_000), StandardCharsets.UTF_8))
                .isEqualTo("{\"packages\":[\"pkg://composer/acme/tool\"],\"lists\":[\"malware\",\"cooldown\"]}");
        app.upstream().fails(API, Reason.UNREACHABLE);
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(asked("acme/tool")).isEqualTo("{\"filter\":{" + malware + "," + cooldown + "}}");
        assertThat(post(app.admin(), List.of("pkg:composer/acme/new"), List.of("malware"))
                        .status())
                .isEqualTo(502);
    }

    @Test
    void aWarmQuestionIsFewReadsAndNoWrite() {
        own("acme/tool", upstream("*", WITH_SUMMARY));
        summary(SUMMARY, "{\"malware\":{\"acme/bad\":\"1\"}}");
        asked("acme/tool");
        app.drain();
        long trips = app.counts().of("d1_round_trips");
        assertThat(asked("acme/tool")).isEqualTo("{\"filter\":{}}");
        // The token's row, what is known, the summary's row, the entries.
        assertThat(app.counts().of("d1_round_trips") - trips).isEqualTo(4);
    }
}
