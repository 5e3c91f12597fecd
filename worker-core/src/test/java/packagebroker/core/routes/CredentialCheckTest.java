package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** Credentials of upstreams are tried once a day, and somebody learns what is wrong with them before an install does. */
class CredentialCheckTest {
    private static final String TEST = "/p2/package-broker/connection-test.json";
    private static final String GOOD = "Bearer good-token";
    private static final String AUTH = "{\"type\":\"bearer\",\"token\":\"good-token\"}";
    private static final String GITLAB = "https://gitlab.example.com/api/v4/group/7/-/packages/composer";

    private final TestApp app = TestApp.start();
    private String accepted = GOOD;
    private Headers answered = Headers.of();
    private String id = "";

    @BeforeEach
    void start() {
        app.log().forbid("good-token");
        id = create(UPSTREAM, "");
        app.runJobs();
    }

    @AfterEach
    void close() {
        app.close();
    }

    private String create(String url, String more) {
        String packages = "{\"packages\":[],\"metadata-url\":\"" + url + "/p2/%package%.json\"}";
        app.upstream().serves(url + "/packages.json", request -> answer(request, 200, packages));
        app.upstream().serves(url + TEST, request -> answer(request, 404, ""));
        Response made = app.admin()
                .send(
                        "POST",
                        "/api/upstreams",
                        "{\"name\":\"u\",\"url\":\"" + url + "\",\"patterns\":[\"acme/*\"],\"auth\":" + AUTH + more
                                + "}");
        assertThat(made.status()).isEqualTo(201);
        return json(made).text("id", 100);
    }

    private Response answer(Request request, int status, String body) {
        boolean good = accepted.equals(request.findHeader("authorization"));
        return new Response(good ? status : 401, answered, Body.of(body.getBytes(StandardCharsets.UTF_8)));
    }

    private JsonObject credential() {
        JsonObject credential = json(app.admin().get("/api/upstreams/" + id)).findObject("credential");
        assertThat(credential).isNotNull();
        return Objects.requireNonNull(credential);
    }

    private long number(String field) {
        return credential().number(field, 0, 1L << 53, -1);
    }

    private @Nullable Row alert(String word) {
        return app
                .rows("SELECT id, detail, state FROM alert WHERE kind = 'credential' AND subject = '" + id + " " + word
                        + "'")
                .stream()
                .findFirst()
                .orElse(null);
    }

    private String state(String word) {
        Row alert = alert(word);
        return alert == null ? "none" : alert.text("state");
    }

    private void days(int days) {
        for (int hour = 0; hour < 24 * days; hour++) {
            app.clock().advance(Duration.ofHours(1));
            app.product().scheduled();
        }
    }

    private Response patch(String body) {
        return app.admin().send("PATCH", "/api/upstreams/" + id, body);
    }

    @Test
    void aCredentialThatWorksIsTriedOnceADayAndRaisesNothing() {
        assertThat(number("ok_at")).isPositive();
        long before = number("ok_at");
        app.upstream().forgetRequests();
        days(5);
        assertThat(number("ok_at") - before)
                .isBetween(Duration.ofDays(3).toMillis(), Duration.ofHours(121).toMillis());
        assertThat(app.upstream().requestsTo(UPSTREAM + TEST)).hasSizeBetween(4, 6);
        assertThat(credential().findText("problem", 20)).isEmpty();
        assertThat(app.count("alert")).isZero();
        assertThat(app.count("audit WHERE action = 'doubt.credential'")).isZero();
    }

    @Test
    void aCredentialThatIsRefusedRaisesOneAlertWhichEndsWhenItWorksAgain() {
        accepted = "Bearer another";
        days(2);
        Row alert = alert("denied");
        assertThat(alert).isNotNull();
        assertThat(alert.text("detail")).isEqualTo("upstream u (" + id + ") refuses its credential");
        assertThat(alert.text("state")).isEqualTo("open");
        assertThat(credential().text("problem", 20)).isEqualTo("denied");
        assertThat(number("failed_at")).isGreaterThan(number("ok_at"));
        assertThat(app.count("audit WHERE action = 'doubt.credential' AND target = '" + id + "'"))
                .isEqualTo(1);
        assertThat(text(app.admin().get("/api/alerts?state=open"))).contains("\"kind\":\"credential\"");

        accepted = GOOD;
        days(1);
        assertThat(state("denied")).isEqualTo("cleared");
        assertThat(credential().findText("problem", 20)).isEmpty();
        assertThat(app.count("audit WHERE action = 'trust.credential' AND target = '" + id + "'"))
                .isEqualTo(1);
        assertThat(text(app.admin().get("/api/alerts?state=cleared"))).contains(id);

        accepted = "Bearer another";
        days(2);
        assertThat(state("denied")).isEqualTo("open");
        assertThat(app.count("audit WHERE action = 'doubt.credential'")).isEqualTo(2);
    }

    @Test
    void anAlertThatSomebodyDismissedStaysDismissedWhileNothingChanges() {
        accepted = "Bearer another";
        days(2);
        Row alert = Objects.requireNonNull(alert("denied"));
        String path = "/api/alerts/" + alert.text("id") + "/";
        assertThat(app.admin().send("POST", path + "accept", "{}").status()).isEqualTo(409);
        assertThat(app.admin().send("POST", path + "dismiss", "{}").status()).isEqualTo(200);
        days(2);
        assertThat(state("denied")).isEqualTo("dismissed");
    }

    @Test
    void anotherCredentialClearsTheAlertAndIsTriedAtOnce() {
        accepted = "Bearer another";
        days(2);
        patch("{\"auth\":{\"type\":\"bearer\",\"token\":\"another\"}}");
        assertThat(state("denied")).isEqualTo("cleared");
        assertThat(number("ok_at")).isZero();
        app.runJobs();
        assertThat(number("ok_at")).isPositive();
        assertThat(state("denied")).isEqualTo("cleared");
    }

    @Test
    void anUpstreamThatIsAwayIsNoDoubtAboutItsCredential() {
        accepted = "Bearer another";
        days(2);
        accepted = GOOD;
        app.upstream().fails(UPSTREAM + "/packages.json", Reason.UNREACHABLE);
        days(1);
        assertThat(credential().text("problem", 20)).isEqualTo("unreachable");
        // It did not say that it takes the credential now.
        assertThat(state("denied")).isEqualTo("open");
        assertThat(app.count("alert WHERE kind = 'credential'")).isEqualTo(1);
        app.upstream().serves(UPSTREAM + "/packages.json", request -> answer(request, 200, "{\"packages\":[]}"));
        days(1);
        assertThat(state("denied")).isEqualTo("cleared");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-12-20 12:00:00 UTC", "2026-12-20 12:00:00 +0200", "2026-12-20"})
    void anExpiryThatGitHubStatesIsWarnedOfTwoWeeksBefore(String header) {
        answered = Headers.of("github-authentication-token-expiration", header);
        days(5);
        assertThat(number("seen_expires_at"))
                .isBetween(
                        Instant.parse("2026-12-20T00:00:00Z").toEpochMilli(),
                        Instant.parse("2026-12-20T12:00:00Z").toEpochMilli());
        assertThat(state("expires")).isEqualTo("none");
        days(10);
        assertThat(state("expires")).isIn("none", "open");
        days(10);
        Row alert = Objects.requireNonNull(alert("expires"));
        assertThat(alert.text("detail")).contains("expires at 2026-12-20T");
        assertThat(alert.text("state")).isEqualTo("open");
        answered = Headers.of("github-authentication-token-expiration", "2027-12-20 12:00:00 UTC");
        days(2);
        assertThat(state("expires")).isEqualTo("cleared");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "99999999999999999999", "2026-13-45 99:99:99 UTC", "\u0000"})
    void anExpiryThatIsNoneIsNotTakenForOne(String header) {
        answered = Headers.of("github-authentication-token-expiration", header);
        days(2);
        assertThat(number("seen_expires_at")).isZero();
        assertThat(number("ok_at")).isPositive();
    }

    @Test
    void anExpiryThatAnAdministratorGivesIsWarnedOf() {
        long ends = app.clock().millis() + Duration.ofDays(20).toMillis();
        assertThat(patch("{\"credential_expires_at\":" + ends + "}").status()).isEqualTo(200);
        assertThat(number("credential_expires_at")).isEqualTo(ends);
        days(3);
        assertThat(state("expires")).isEqualTo("none");
        days(5);
        assertThat(state("expires")).isEqualTo("open");
        patch("{\"credential_expires_at\":0}");
        app.runJobs();
        assertThat(state("expires")).isEqualTo("cleared");
    }

    @ParameterizedTest
    @CsvSource({"-1, 422", "1.5, 422", "null, 422", "'\"2027-01-01\"', 422", "99999999999999999, 422", "0, 200"})
    void anExpiryIsATime(String value, int status) {
        assertThat(patch("{\"credential_expires_at\":" + value + "}").status()).isEqualTo(status);
    }

    @Test
    void withoutACredentialNothingExpires() {
        assertThat(patch("{\"auth\":{\"type\":\"none\"},\"credential_expires_at\":5}")
                        .status())
                .isEqualTo(422);
        assertThat(patch("{\"auth\":{\"type\":\"none\"}}").status()).isEqualTo(200);
        assertThat(text(app.admin().get("/api/upstreams/" + id))).doesNotContain("\"credential\"");
    }

    @Test
    void gitLabIsAskedWhenTheTokenExpires() {
        app.admin().send("DELETE", "/api/upstreams/" + id, "{}");
        app.upstream()
                .serves(
                        "https://gitlab.example.com/api/v4/personal_access_tokens/self",
                        request -> answer(request, 200, "{\"id\":1,\"expires_at\":\"2026-12-01\"}"));
        id = create(GITLAB, "");
        app.runJobs();
        assertThat(number("seen_expires_at"))
                .isEqualTo(Instant.parse("2026-12-01T00:00:00Z").toEpochMilli());
        assertThat(state("expires")).isEqualTo("open");
        assertThat(number("ok_at")).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "401, ''",
        "403, ''",
        "404, ''",
        "500, ''",
        "200, no json",
        "200, '{\"expires_at\":null}'",
        "200, '{\"expires_at\":7}'"
    })
    void aGitLabTokenThatMayNotAskAboutItselfIsFine(int status, String body) {
        app.admin().send("DELETE", "/api/upstreams/" + id, "{}");
        app.upstream()
                .serves(
                        "https://gitlab.example.com/api/v4/personal_access_tokens/self",
                        request -> answer(request, status, body));
        id = create(GITLAB, "");
        app.runJobs();
        assertThat(number("seen_expires_at")).isZero();
        assertThat(number("ok_at")).isPositive();
        assertThat(app.count("alert")).isZero();
    }

    @Test
    void aCredentialThatCannotBeOpenedRaisesAnAlert() {
        app.database().update(Statement.of("UPDATE credential SET sealed = 'v1.k1.AAAA.AAAA.AAAA'"));
        days(2);
        assertThat(state("locked")).isEqualTo("open");
        assertThat(credential().text("problem", 20)).isEqualTo("locked");
        assertThat(state("denied")).isEqualTo("none");
    }

    @Test
    void anUpstreamThatIsDeletedTakesItsAlertsWithIt() {
        accepted = "Bearer another";
        days(2);
        app.admin().send("DELETE", "/api/upstreams/" + id, "{}");
        assertThat(state("denied")).isEqualTo("cleared");
        days(1);
        assertThat(app.count("job WHERE kind = 'credential'")).isZero();
    }

    @Test
    void whatATrialOfAnEarlierCredentialShowsIsForgotten() {
        app.upstream().serves(UPSTREAM + TEST, request -> {
            // While the old one is being tried, somebody sets another.
            app.clock().advance(Duration.ofSeconds(1));
            app.database().update(Statement.of("UPDATE credential SET changed_at = changed_at + 5000"));
            return new Response(401, Headers.of(), Body.empty());
        });
        days(1);
        assertThat(number("failed_at")).isZero();
        assertThat(app.count("alert")).isZero();
    }

    @Test
    void anUpstreamWithoutACredentialHasNoJob() {
        app.addUpstream("https://open.example.com", "other/*", 20, false);
        app.runJobs();
        assertThat(app.count("job WHERE kind = 'credential'")).isEqualTo(1);
        patch("{\"enabled\":false}");
        app.runJobs();
        assertThat(app.count("job WHERE kind = 'credential'")).isZero();
    }
}
