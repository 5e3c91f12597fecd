package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.testing.HostileInput;
import packagebroker.core.testing.StreamBody;
import packagebroker.core.testing.TestApp;

/** Every case of {@code hostile-inputs.json} comes to the outcome that stands there, and nothing is changed by it. */
class HostileInputsTest {
    private static final String TOOL = "/p2/acme/tool.json";
    private static final String OTHER = "https://other.example.com";
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private static final String DIST = "/dist/acme/tool/1.0.0.0/r" + A + ".zip";

    private TestApp app;
    private TestApp.Caller reader;

    @BeforeEach
    void start() {
        app = TestApp.start("MAX_ARCHIVE_BYTES", "1000");
        app.addUpstream(UPSTREAM, "*", 10, false);
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.serve(UPSTREAM + "/p2/acme/tool~dev.json", "{\"packages\":{}}");
        app.serve(UPSTREAM + "/a/" + A + ".zip", zip(A));
        reader = app.as(app.token("*"));
    }

    @AfterEach
    void close() {
        app.close();
    }

    static List<HostileInput> names() {
        return HostileInput.group("pkg");
    }

    @ParameterizedTest
    @MethodSource("names")
    void aNameIsNoPackageAndAsksNobody(HostileInput input) {
        boolean same = input.outcome().startsWith("same");
        String body = "{\"name\":\"u\",\"url\":\"" + OTHER + "\",\"patterns\":[" + input.json() + "]}";
        if (!same) {
            assertThat(app.admin().send("POST", "/api/upstreams", body).status())
                    .isEqualTo(422);
        }
        String name = input.findText();
        if (name == null || name.length() > 2_000) {
            return;
        }
        app.upstream().forgetRequests();
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        for (String path : List.of(encoded, encoded.replaceFirst("%2F", "/"))) {
            boolean whole = same && path.indexOf('/') > 0;
            assertThat(reader.get("/p2/" + path + ".json").status()).as(path).isEqualTo(whole ? 200 : 404);
            assertThat(reader.get("/dist/" + path + "/1.0.0.0/r" + A + ".zip").status())
                    .isEqualTo(whole ? 200 : 404);
        }
        assertThat(app.upstream().requests().isEmpty()).isEqualTo(!same);
        String lock = "{\"packages\":[{\"name\":" + input.json()
                + ",\"version\":\"1.0.0\",\"dist\":{\"type\":\"zip\",\"url\":\"" + OTHER + "/x.zip\"}}]}";
        assertThat(app.admin().send("POST", "/api/lock", lock).status()).isEqualTo(200);
    }

    static List<HostileInput> versions() {
        return HostileInput.group("ver");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aVersionIsLeftOutOrServedAsComposerReadsItAndItsFileLives(HostileInput input) {
        app.publish(
                "acme/tool",
                version("acme/tool", "1.0.0", A, ""),
                version("acme/tool", "@", B, "").replace("\"@\"", input.json()));
        Response response = reader.get(TOOL);
        String served = text(response);
        assertThat(response.status()).as(served).isEqualTo(200);
        assertThat(served).contains("/1.0.0.0/r" + A);
        assertThat(served.contains(B) ? "served" : "left out").as(served).isEqualTo(input.outcome());
        assertThat(served)
                .doesNotContain("/dist/acme/tool/..")
                .doesNotContain("\u0000")
                .doesNotContain("\n");
    }

    static List<HostileInput> references() {
        return HostileInput.group("ref");
    }

    @ParameterizedTest
    @MethodSource("references")
    void aReferenceIsNoArchiveAndItsVersionIsNotOffered(HostileInput input) {
        String sent = input.findText();
        reader.get(TOOL);
        app.upstream().forgetRequests();
        for (String file : List.of(sent + ".zip", "r" + sent + ".zip")) {
            assertThat(reader.get("/dist/acme/tool/1.0.0.0/" + file).status())
                    .as(file)
                    .isEqualTo(404);
        }
        assertThat(app.upstream().requestsTo(UPSTREAM + "/a/" + A + ".zip")).isEmpty();
        assertThat(app.count("version")).isZero();
    }

    static List<HostileInput> paths() {
        return HostileInput.group("path");
    }

    @ParameterizedTest
    @MethodSource("paths")
    void aPathIsTheSameThingOrNothing(HostileInput input) {
        app.log().forbid("CANARY");
        String path = new String(input.bytes(), StandardCharsets.UTF_8);
        TestApp.Caller scoped = app.as(app.token("acme/*"));
        boolean dev = path.contains("dev");
        List<Integer> expected = switch (input.outcome()) {
            case "same" -> List.of(dev ? 404 : 200);
            case "forbidden" -> List.of(404); // In a Worker the runtime resolves the dots: then the right is missing.
            default -> List.of(400, 404);
        };
        assertThat(scoped.get(path).status()).as(path).isIn(expected);
        assertThat(app.anonymous().get(path).status()).isEqualTo(401);
    }

    static List<HostileInput> bodies() {
        return HostileInput.group("json");
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void aBodyIsRefusedAndAFileOfAnUpstreamIsNotTrusted(HostileInput input) {
        long tokens = app.count("token");
        for (String path : List.of("/api/tokens", "/api/lock")) {
            Response response = app.admin().send("POST", path, "application/json", input.bytes());
            assertThat(response.status()).as(path).isIn(400, 413, 422);
            assertThat(text(response)).contains("\"code\":").doesNotContain("Exception");
        }
        assertThat(app.count("token")).isEqualTo(tokens);
        app.serve(UPSTREAM + TOOL, input.bytes());
        assertThat(reader.get(TOOL).status()).isIn(404, 502);
        assertThat(app.count("document")).isZero();
    }

    static List<HostileInput> upstreams() {
        return HostileInput.group("ups");
    }

    @ParameterizedTest
    @MethodSource("upstreams")
    void anUpstreamThatFailsOrLiesIsAnErrorWithoutACopyAndTheCopyWithOne(HostileInput input) {
        String path = prepared(input.fixture());
        Response cold = reader.get(path);
        String body = text(cold);
        assertThat(cold.status()).as(body).isEqualTo(Integer.parseInt(input.outcome()));
        assertThat(body).doesNotContain("evil").doesNotContain("99.0");
        if (cold.status() != 200) {
            assertThat(body).contains("\"code\":");
            assertThat(app.count("document WHERE package = 'acme/tool' AND dev = 0"))
                    .isEqualTo(path.equals(TOOL) ? 0 : 1);
        }
        if (cold.status() > 404 && path.equals(TOOL)) {
            app.clock().advance(Duration.ofMinutes(6));
            app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
            String good = text(reader.get(TOOL));
            app.clock().advance(Duration.ofMinutes(6));
            prepared(input.fixture());
            assertThat(text(reader.get(TOOL))).isEqualTo(good);
        }
    }

    /** Has the upstream be in a state, and returns what is to be asked for. */
    private String prepared(String fixture) {
        String good = "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "1.0.0", A, "") + "]}}";
        switch (fixture) {
            case "TLS certificate expired" -> app.upstream().fails(UPSTREAM + TOOL, Reason.UNREACHABLE);
            case "429" -> app.serveStatus(UPSTREAM + TOOL, 429);
            case "404" -> app.serveStatus(UPSTREAM + TOOL, 404);
            case "404 for a package seen before" -> {
                reader.get(TOOL);
                app.clock().advance(Duration.ofMinutes(6));
                app.serveStatus(UPSTREAM + TOOL, 404);
            }
            case "200 with empty body" -> app.serve(UPSTREAM + TOOL, "");
            case "200 HTML login page" -> app.serve(UPSTREAM + TOOL, "<!doctype html><title>evil</title>");
            case "200 JSON cut at half", "Content-Length smaller than body" ->
                app.serve(UPSTREAM + TOOL, good.substring(0, good.length() / 2));
            case "gzip cut" ->
                app.upstream().cuts(UPSTREAM + TOOL, good.substring(0, 50).getBytes(StandardCharsets.UTF_8));
            case "JSON nested 100k" -> app.serve(UPSTREAM + TOOL, "{\"packages\":" + "[".repeat(100_000));
            case "JSON of 200 MiB" -> app.serve(UPSTREAM + TOOL, new byte[33_000_000]);
            case "JSON with another package's name inside" ->
                app.serve(UPSTREAM + TOOL, good.replace("\"name\":\"acme/tool\"", "\"name\":\"evil/tool\""));
            case "versions as object with __proto__" ->
                app.serve(
                        UPSTREAM + TOOL,
                        "{\"packages\":{\"acme/tool\":{\"__proto__\":{\"evil\":1},\"1.0.0\":"
                                + version("acme/tool", "1.0.0", A, "") + "}}}");
            case "first byte after 60 s" -> app.upstream().fails(UPSTREAM + TOOL, Reason.TIMEOUT);
            case "stall at 50 %" ->
                app.upstream()
                        .serves(
                                UPSTREAM + TOOL,
                                request -> new Response(
                                        200,
                                        Headers.of(),
                                        StreamBody.stallAfter(
                                                good.substring(0, 50).getBytes(StandardCharsets.UTF_8))));
            case "redirect to http" ->
                app.upstream()
                        .serves(
                                UPSTREAM + TOOL,
                                request -> new Response(
                                        302, Headers.of("location", "http://repo.example.com/x.json"), Body.empty()));
            default -> {
                return preparedArchive(fixture);
            }
        }
        return TOOL;
    }

    private String preparedArchive(String fixture) {
        String tool = version("acme/tool", "1.0.0", A, "");
        switch (fixture) {
            case "dist bytes differ from shasum" ->
                app.publish("acme/tool", tool.replace("\"shasum\":\"\"", "\"shasum\":\"" + B + "\""));
            case "dist bytes differ from first-seen sha256" -> {
                reader.get(DIST);
                app.serve(UPSTREAM + "/a/" + A + ".zip", zip("evil"));
            }
            case "dist is HTML" -> app.serve(UPSTREAM + "/a/" + A + ".zip", "<!doctype html>evil");
            case "dist over limit" -> app.serve(UPSTREAM + "/a/" + A + ".zip", zip("x".repeat(2_000)));
            case "metadata moves 1.0.0 to another reference" -> {
                reader.get(TOOL);
                app.publish("acme/tool", version("acme/tool", "1.0.0", B, ""));
                app.clock().advance(Duration.ofMinutes(6));
                assertThat(text(reader.get(TOOL))).contains(A);
            }
            case "name offered also by a lower-priority upstream at 99.0" -> {
                app.addUpstream(OTHER, "*", 20, false);
                app.publishAt(OTHER, "acme/tool", version("acme/tool", "99.0", B, ""));
                return TOOL;
            }
            default -> throw new IllegalArgumentException(fixture);
        }
        return DIST;
    }
}
