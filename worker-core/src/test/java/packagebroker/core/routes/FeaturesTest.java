package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.version;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.testing.TestApp;
import packagebroker.core.upstream.Features;

/** What upstreams offer beside packages, and that it is noticed. */
class FeaturesTest {
    private static final String ROOT = UPSTREAM + "/packages.json";
    private static final String LISTS = ",\"filter\":{\"metadata\":true,\"lists\":{\"malware\":{\"enabled\":true},"
            + "\"company-policy\":{\"enabled\":true},\"off\":{\"enabled\":false},\"support\":{\"enabled\":true},"
            + "\"ignored\":{\"enabled\":true},\"no list\":{\"enabled\":true},\"odd\":1},"
            + "\"summary-url\":\"/lists/summary.json\",\"api-url\":\"https://api.example.com/lists\"}";
    private static final String ADVISORIES =
            ",\"security-advisories\":{\"metadata\":true,\"api-url\":\"/api/advisories\"}";
    private static final String CHANGES = ",\"metadata-changes-url\":\"/metadata/changes.json\"";

    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
        app.serve(UPSTREAM + "/lists/summary.json", "{\"filter\":{}}"); // The background asks for it.
    }

    @AfterEach
    void close() {
        app.close();
    }

    private Features features(String id) {
        return Features.parse(app.rows("SELECT features FROM upstream WHERE id = '" + id + "'")
                .get(0)
                .text("features"));
    }

    private String upstreamOffering(String... more) {
        String id = app.addUpstream("acme/*");
        app.serveRoot(UPSTREAM, more);
        app.drain();
        return id;
    }

    @Test
    void anUpstreamIsAskedWhatItOffersAfterTheAnswerToWhoeverAddedIt() {
        String id = app.addUpstream("acme/*");
        app.serveRoot(UPSTREAM, ADVISORIES, LISTS, CHANGES);
        assertThat(app.upstream().requests()).isEmpty();
        app.drain();
        Features features = features(id);
        assertThat(features.advisories()).isEqualTo(new Features.Advisories(true, UPSTREAM + "/api/advisories"));
        assertThat(features.filter())
                .isEqualTo(new Features.Filter(
                        List.of("malware", "company-policy"),
                        UPSTREAM + "/lists/summary.json",
                        "https://api.example.com/lists"));
        assertThat(features.changesUrl()).isEqualTo(UPSTREAM + "/metadata/changes.json");
        assertThat(app.count("audit WHERE action = 'note.features' AND actor = 'system' AND target = '" + id + "'"))
                .isEqualTo(1);
    }

    @Test
    void anUpstreamThatOffersNothingIsKnownToOfferNothing() {
        Features features = features(upstreamOffering());
        assertThat(features.isKnown()).isTrue();
        assertThat(features.advisories().isOffered()).isFalse();
        assertThat(features.filter().isOffered()).isFalse();
        assertThat(features.changesUrl()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://repo.example.com/x",
                "https://127.0.0.1/x",
                "https://u:p@repo.example.com/x",
                "https://169.254.169.254/latest",
                "//localhost/x",
                "file:///etc/passwd",
                "",
                " "
            })
    void whatLeadsToAnAddressThatMayNotBeCalledIsNotOffered(String url) {
        Features features = features(upstreamOffering(
                ",\"security-advisories\":{\"api-url\":\"" + url + "\"}",
                ",\"filter\":{\"metadata\":true,\"lists\":{\"malware\":{\"enabled\":true}},\"summary-url\":\"" + url
                        + "\",\"api-url\":\"" + url + "\"}",
                ",\"metadata-changes-url\":\"" + url + "\""));
        assertThat(features.advisories().isOffered()).isFalse();
        assertThat(features.filter()).isEqualTo(new Features.Filter(List.of("malware"), null, null));
        assertThat(features.changesUrl()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"security-advisories\":[],\"filter\":[]",
                ",\"security-advisories\":1,\"filter\":\"x\",\"metadata-changes-url\":{}",
                ",\"security-advisories\":{\"metadata\":\"yes\",\"api-url\":[]},\"filter\":{\"metadata\":true,\"lists\":[]}",
                ",\"filter\":{\"metadata\":false,\"lists\":{\"malware\":{\"enabled\":true}}}",
                ",\"filter\":{\"lists\":{\"malware\":{\"enabled\":true}}}"
            })
    void oddKeysOfferNothing(String more) {
        Features features = features(upstreamOffering(more));
        assertThat(features.isKnown()).isTrue();
        assertThat(features.advisories().isOffered()).isFalse();
        assertThat(features.filter().isOffered()).isFalse();
    }

    @Test
    void aRootThatIsReadAnywayShowsWhatHasChanged() {
        String id = upstreamOffering();
        app.serveRoot(UPSTREAM, LISTS);
        app.publish("acme/tool", version("acme/tool", "1.0.0", "a".repeat(40), ""));
        app.clock().advance(Duration.ofSeconds(61));
        assertThat(app.admin().get("/p2/acme/tool.json").status()).isEqualTo(200);
        assertThat(features(id).filter().lists()).containsExactly("malware", "company-policy");
    }

    @Test
    void readingTheSameRootAgainWritesNothing() {
        upstreamOffering(LISTS);
        app.product().scheduled(); // The first one notes what runs here.
        long audited = app.count("audit");
        String before = app.admin().get("/packages.json").findHeader("last-modified");
        app.runJobs();
        app.clock().advance(Duration.ofHours(2));
        app.runJobs();
        assertThat(app.upstream().requestsTo(ROOT)).hasSize(3);
        assertThat(app.count("audit")).isEqualTo(audited);
        assertThat(app.admin().get("/packages.json").findHeader("last-modified"))
                .isEqualTo(before);
    }

    @Test
    void theBackgroundAsksEachUpstreamOnceAnHour() {
        upstreamOffering();
        app.addUpstream("https://other.example.com", "b/*", 20, false);
        app.drain();
        app.upstream().forgetRequests();
        for (int minute = 0; minute < 130; minute++) {
            app.product().scheduled();
            app.clock().advance(Duration.ofMinutes(1));
        }
        assertThat(app.upstream().requestsTo(ROOT)).hasSize(3);
        assertThat(app.upstream().requestsTo("https://other.example.com/packages.json"))
                .hasSize(3);
    }

    @Test
    void anUpstreamThatFailsKeepsWhatIsKnownOfIt() {
        String id = upstreamOffering(LISTS);
        Features before = features(id);
        app.upstream().fails(ROOT, Reason.TIMEOUT);
        app.clock().advance(Duration.ofHours(2));
        app.runJobs();
        assertThat(features(id)).isEqualTo(before);
        app.serve(ROOT, "no json");
        app.clock().advance(Duration.ofHours(2));
        app.runJobs();
        assertThat(features(id)).isEqualTo(before);
        assertThat(app.log().lines()).anyMatch(line -> line.contains("job.failed job=probe"));
    }

    @Test
    void anotherUrlIsAnotherUpstreamOfWhichNothingIsKnown() {
        String id = upstreamOffering(LISTS);
        app.serveRoot("https://other.example.com");
        app.admin().send("PATCH", "/api/upstreams/" + id, "{\"url\":\"https://other.example.com\"}");
        assertThat(features(id).isKnown()).isFalse();
        app.drain();
        assertThat(features(id).isKnown()).isTrue();
        app.admin().send("PATCH", "/api/upstreams/" + id, "{\"priority\":7}");
        assertThat(features(id).isKnown()).isTrue();
    }

    @Test
    void testingAnUpstreamReadsItsRootAgain() {
        String id = upstreamOffering();
        app.serveRoot(UPSTREAM, ADVISORIES);
        app.serveStatus(UPSTREAM + "/p2/package-broker/connection-test.json", 404);
        app.admin().send("POST", "/api/upstreams/" + id + "/test", "{}");
        assertThat(features(id).advisories().isOffered()).isTrue();
    }

    @Test
    void whatWeDoNotAdvertiseDoesNotMoveTheRoot() {
        upstreamOffering();
        String before = app.admin().get("/packages.json").findHeader("last-modified");
        app.serveRoot(UPSTREAM, ADVISORIES, CHANGES);
        app.clock().advance(Duration.ofHours(2));
        app.runJobs();
        assertThat(app.admin().get("/packages.json").findHeader("last-modified"))
                .isEqualTo(before);
    }
}
