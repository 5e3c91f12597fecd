package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.text;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException.Reason;

/** Filter lists while upstreams fail or lie. */
class FilterFaultsTest extends FilterScene {
    @ParameterizedTest
    @EnumSource(Reason.class)
    void whileTheUpstreamIsAwayOurCopyStands(Reason reason) {
        upstream("*", WITH_SUMMARY);
        summary(SUMMARY, "{\"malware\":{\"acme/bad\":\"1\"}}");
        String before = shown();
        String entries = asked("acme/bad");
        app.upstream().fails(SUMMARY, reason);
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(shown()).isEqualTo(before);
        assertThat(asked("acme/bad")).isEqualTo(entries).contains("acme/bad");
        // Who cannot be reached is tried twice: a connection that was kept open may just have ended.
        assertThat(app.upstream().requestsTo(SUMMARY)).hasSize(reason == Reason.UNREACHABLE ? 3 : 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"filter\":null}",
                "{\"filter\":[1]}",
                "{\"filter\":{\"malware\":1}}",
                "{\"filter\":{\"malware\":[\"a/b\"]}}",
                "{\"filter\":{\"malware\":{\"a/b\":1}}}",
                "{\"filter\":{\"malware\":{\"a/b\":[\"1\"]}}}",
                "{\"filter\":{\"malware\":{},\"malware\":{}}}",
                "{\"filter\":{}} x"
            })
    void aSummaryThatIsNoneIsAFailureAndNeverEmpty(String file) {
        upstream("*", WITH_SUMMARY);
        app.serve(SUMMARY, file);
        assertThat(app.admin().get(PATH).status()).isEqualTo(502);
        assertThat(post(app.admin(), List.of("pkg:composer/a/b"), List.of("malware"))
                        .status())
                .isEqualTo(502);
        summary(SUMMARY, "{\"malware\":{\"a/b\":\"1\"}}");
        String before = shown();
        app.serve(SUMMARY, file);
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(shown()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 410, 500, 401})
    void aSummaryThatIsNotThereIsAFailure(int status) {
        upstream("*", WITH_SUMMARY);
        app.serveStatus(SUMMARY, status);
        assertThat(app.admin().get(PATH).status()).isBetween(502, 503);
        assertThat(post(app.admin(), List.of("pkg:composer/a/b"), List.of()).status())
                .isBetween(502, 503);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"filter\":null}",
                "{\"filter\":{\"malware\":1}}",
                "{\"filter\":{\"malware\":[1]}}",
                "{\"filter\":{\"malware\":[{\"package\":\"a/b\"}]}}",
                "{\"filter\":{\"malware\":[{\"constraint\":\"*\"}]}}",
                "{\"filter\":{\"malware\":[{\"constraint\":\"*\",\"package\":\"nonsense\"}]}}"
            })
    void anAnswerThatIsNoneIsAFailure(String answer) {
        upstream("*", WITH_API);
        app.serve(API, answer);
        assertThat(post(app.admin(), List.of("pkg:composer/a/b"), List.of("malware"))
                        .status())
                .isEqualTo(502);
    }

    @Test
    void bodiesThatAskNothingAreRefused() {
        for (String body :
                List.of("{}", "{\"packages\":\"a\"}", "{\"packages\":[1]}", "{\"packages\":[],\"lists\":{}}", "[]")) {
            assertThat(app.admin().send("POST", "/filter/entries", body).status())
                    .isEqualTo(422);
        }
        assertThat(app.admin().send("POST", "/filter/entries", "x").status()).isEqualTo(400);
        assertThat(text(app.admin().send("POST", "/filter/entries", "{\"packages\":[]}")))
                .isEqualTo("{\"filter\":{}}");
    }

    @Test
    void aSummaryThatIsTooLargeIsRefused() {
        upstream("*", WITH_SUMMARY);
        StringBuilder packages = new StringBuilder("{\"malware\":{\"a/b\":\"*\"");
        for (int i = 0; i < 70_000; i++) {
            packages.append(",\"acme/p").append(i).append("\":\"1.0.0\"");
        }
        summary(SUMMARY, packages + "}}");
        Response response = app.admin().get(PATH);
        assertThat(response.status()).isEqualTo(503);
        assertThat(text(response)).contains("over_limit");
    }
}
