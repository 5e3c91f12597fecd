package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.Settings;
import packagebroker.core.http.ArrayBody;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.JcaSignatures;
import packagebroker.core.testing.TestApp;

/** The audit log on its way to a SIEM and to whoever keeps checkpoints. */
class RelayTest {
    private static final String SIEM = "https://siem.example.net/in?token=1";
    private static final String KEEPER = "https://keeper.example.net/notes";
    private static final String SECRET = "a secret of the webhook";

    private static String body(Request request) {
        return new String(((ArrayBody) request.body()).array(), StandardCharsets.UTF_8);
    }

    private static List<Long> seals(List<Request> requests) {
        List<Long> numbers = new ArrayList<>();
        for (Request request : requests) {
            body(request)
                    .lines()
                    .filter(line -> line.startsWith("{\"type\":\"seal\""))
                    .forEach(line -> {
                        int at = line.indexOf("\"number\":") + 9;
                        numbers.add(Long.parseLong(line.substring(at, line.indexOf(',', at))));
                    });
        }
        return numbers;
    }

    private static TestApp withWebhook() {
        return TestApp.start("AUDIT_WEBHOOK_URL", SIEM, "AUDIT_WEBHOOK_SECRET", SECRET);
    }

    private static void changes(TestApp app, int count) {
        for (int i = 0; i < count; i++) {
            app.token("*");
            app.drain();
            app.work(1);
        }
    }

    @Test
    void everySealIsSentOnceInItsOrderAndSigned() {
        try (TestApp app = withWebhook()) {
            app.upstream().serves(SIEM, request -> new Response(204, Headers.of(), Body.empty()));
            changes(app, 6);
            app.work(2);
            List<Request> sent = app.upstream().requestsTo(SIEM);
            List<Long> seals = seals(sent);
            assertThat(seals)
                    .hasSize((int) app.count("seal"))
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .startsWith(1L);
            for (Request request : sent) {
                assertThat(request.method()).isEqualTo("POST");
                String signature = request.findHeader("audit-signature");
                String time = signature.substring(2, signature.indexOf(','));
                byte[] expected = new JcaSignatures()
                        .hmacSha256(
                                SECRET.getBytes(StandardCharsets.UTF_8),
                                (time + "." + body(request)).getBytes(StandardCharsets.UTF_8));
                assertThat(signature)
                        .isEqualTo("t=" + time + ",v1=" + HexFormat.of().formatHex(expected));
                assertThat(request.findHeader("audit-seals")).matches("[0-9]+-[0-9]+");
            }
            int before = sent.size();
            app.work(3);
            assertThat(app.upstream().requestsTo(SIEM))
                    .as("nothing new, nothing sent")
                    .hasSize(before);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 500})
    void whatIsNotTakenIsSentAgainLater(int status) {
        try (TestApp app = withWebhook()) {
            app.upstream().serves(SIEM, request -> new Response(status, Headers.of("location", KEEPER), Body.empty()));
            changes(app, 2);
            app.work(8);
            int tries = app.upstream().requestsTo(SIEM).size();
            assertThat(tries).isBetween(2, 5);
            assertThat(app.rows("SELECT problem FROM job WHERE kind = 'webhook'")
                            .get(0)
                            .text("problem"))
                    .isEqualTo("upstream_failing");
            app.upstream().forgetRequests();
            app.upstream().serves(SIEM, request -> new Response(200, Headers.of(), Body.empty()));
            app.work(16);
            assertThat(seals(app.upstream().requestsTo(SIEM))).startsWith(1L).hasSize((int) app.count("seal"));
        }
    }

    @Test
    void aPostIsBoundedByBytes() {
        try (TestApp app = withWebhook()) {
            app.upstream().serves(SIEM, request -> new Response(204, Headers.of(), Body.empty()));
            largeSeals(app, 12);
            app.work(20);
            List<Request> sent = app.upstream().requestsTo(SIEM);
            assertThat(seals(sent)).hasSize((int) app.count("seal")).doesNotHaveDuplicates();
            assertThat(sent).allMatch(request -> body(request).length() < 1_500_000);
        }
    }

    @Test
    void whatIsTooLargeForTheReceiverComesOneSealAtATime() {
        try (TestApp app = withWebhook()) {
            app.upstream()
                    .serves(
                            SIEM,
                            request -> new Response(
                                    seals(List.of(request)).size() > 1 ? 413 : 204, Headers.of(), Body.empty()));
            changes(app, 3);
            app.cutOff();
            app.work(30);
            assertThat(seals(app.upstream().requestsTo(SIEM)).stream().distinct())
                    .hasSize((int) app.count("seal"));
            assertThat(app.rows("SELECT problem FROM job WHERE kind = 'webhook'")
                            .get(0)
                            .text("problem"))
                    .isEmpty();
        }
    }

    @Test
    void aSealThatIsTooLargeForTheReceiverIsNamedInTheJobs() {
        try (TestApp app = withWebhook()) {
            app.upstream().serves(SIEM, request -> new Response(413, Headers.of(), Body.empty()));
            changes(app, 3);
            app.work(10);
            assertThat(app.rows("SELECT problem FROM job WHERE kind = 'webhook'")
                            .get(0)
                            .text("problem"))
                    .isEqualTo("over_limit");
        }
    }

    /** Makes seals of some 400 KB each before anything is sent. */
    private static void largeSeals(TestApp app, int count) {
        for (int i = 0; i < count; i++) {
            app.database().update(Statement.of("""
                            INSERT INTO audit_segment (isolate, first, events, from_at, to_at, body, hash)
                            VALUES ('b', ?, 1, 1, 1, ?, ?)
                            """, i, "x".repeat(400_000), "ab".repeat(32)));
            app.token("*");
            app.drain();
        }
    }

    @Test
    void aReceiverThatIsAwayHoldsNothingElseUp() {
        try (TestApp app = withWebhook()) {
            app.upstream().fails(SIEM, TransferException.Reason.TIMEOUT);
            changes(app, 3);
            assertThat(app.count("seal")).isPositive();
            assertThat(app.rows("SELECT problem FROM job WHERE kind = 'webhook'")
                            .get(0)
                            .text("problem"))
                    .isEqualTo("upstream_unreachable");
        }
    }

    @Test
    void theNewestCheckpointIsSentEachHour() {
        try (TestApp app = TestApp.start("AUDIT_ANCHOR_URL", KEEPER)) {
            app.upstream().serves(KEEPER, request -> new Response(200, Headers.of(), Body.empty()));
            changes(app, 3);
            app.work(2);
            assertThat(app.upstream().requestsTo(KEEPER)).hasSize(1);
            changes(app, 1);
            app.work(58);
            List<Request> sent = app.upstream().requestsTo(KEEPER);
            assertThat(sent).hasSize(2);
            assertThat(body(sent.get(0))).startsWith("package.broker/audit\n").contains("\nseal ");
            String newest = app.rows("SELECT note FROM seal ORDER BY number DESC LIMIT 1")
                    .get(0)
                    .text("note");
            assertThat(body(sent.get(1))).isEqualTo(newest);
            app.work(130);
            assertThat(app.upstream().requestsTo(KEEPER))
                    .as("the same one is not sent again")
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://siem.example.net/", "https://127.0.0.1/", "https://[::1]/", "https://siem.internal/",
                "https://user:x@siem.example.net/", "https://siem.example.net:22/", "file:///etc/passwd", "nonsense"
            })
    void nothingIsSentToAPlaceThatMayNotBeCalled(String url) {
        try (TestApp app =
                TestApp.start("AUDIT_ANCHOR_URL", url, "AUDIT_WEBHOOK_URL", url, "AUDIT_WEBHOOK_SECRET", SECRET)) {
            changes(app, 1);
            app.work(8);
            assertThat(app.upstream().requests()).isEmpty();
            assertThat(app.rows("SELECT problem FROM job WHERE kind IN ('webhook', 'anchor')"))
                    .hasSize(2)
                    .allMatch(job -> job.text("problem").equals("upstream_untrusted"));
        }
    }

    @Test
    void aWebhookNeedsASecret() {
        for (String secret : List.of("", "short")) {
            assertThatThrownBy(
                            () -> Settings.from(Map.of("AUDIT_WEBHOOK_URL", SIEM, "AUDIT_WEBHOOK_SECRET", secret)::get))
                    .hasMessageContaining("AUDIT_WEBHOOK_SECRET");
        }
    }
}
