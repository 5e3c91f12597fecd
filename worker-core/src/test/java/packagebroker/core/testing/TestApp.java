package packagebroker.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import packagebroker.core.App;
import packagebroker.core.Settings;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Random;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The product in process, over the doubles, with real SQL. Closing it fails the test if anything is left over or leaked. */
public final class TestApp implements AutoCloseable {
    /** Where the instance is. */
    public static final String BASE = "https://packages.example.org";

    /** Where its upstream is. */
    public static final String UPSTREAM = "https://repo.example.com";

    private static final String SETUP_SECRET = "setup-secret-of-the-test";
    private static final String SIGNING_KEY =
            Base64.getEncoder().encodeToString("0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.UTF_8));
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

    private final Counts counts = new Counts();
    private final SqliteDatabase database = SqliteDatabase.migrated(counts);
    private final FixedClock clock = FixedClock.at("2026-11-23T12:00:00Z");
    private final FileObjects objects = new FileObjects(counts, clock);
    private final FakeUpstream upstream = new FakeUpstream(counts);
    private final RecordingLog log = new RecordingLog();
    private final DirectBackground background = new DirectBackground(log);
    private final Ports ports;
    private final Map<String, String> variables;
    private final App app;
    private String admin = "";
    private String breakGlass = "";

    private TestApp(Random random, Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(Map.of(
                "SETUP_SECRET", SETUP_SECRET,
                "ENCRYPTION_KEYS", "{\"k1\":\"" + KEY + "\"}",
                "ACTIVE_KEY", "k1",
                "AUDIT_SIGNING_KEY", SIGNING_KEY,
                "PACKAGIST_URL", "off",
                "AUTH_CACHE_SECONDS", "0",
                "META_CACHE_SECONDS", "0"));
        all.putAll(variables);
        log.forbid(SETUP_SECRET);
        log.forbid(KEY);
        log.forbid(SIGNING_KEY);
        ports = new Ports(
                database,
                objects,
                upstream,
                new WhatwgUrls(),
                new JcaDigests(),
                new JcaVault(),
                new JcaSignatures(),
                new JdkCompression(),
                random,
                new NoEdgeCache(),
                clock,
                background,
                log,
                counts);
        this.variables = Map.copyOf(all);
        app = isolate();
    }

    /** Starts an instance that was not set up; names and values of variables in turn. */
    public static TestApp fresh(String... variables) {
        return fresh(new JcaRandom(), variables);
    }

    /** Starts an instance with a randomness of its own that was not set up. */
    public static TestApp fresh(Random random, String... variables) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i + 1 < variables.length; i += 2) {
            map.put(variables[i], variables[i + 1]);
        }
        return new TestApp(random, map);
    }

    /** Starts an instance that was set up. */
    public static TestApp start(String... variables) {
        return start(new JcaRandom(), variables);
    }

    /** Starts an instance with a randomness of its own that was set up. */
    public static TestApp start(Random random, String... variables) {
        TestApp test = fresh(random, variables);
        Response response = test.setUp(test.app);
        assertThat(response.status()).isEqualTo(201);
        JsonObject made = json(response);
        test.admin = made.text("token", 100);
        test.breakGlass = made.findObject("break_glass").text("token", 100);
        test.log.forbid(test.admin);
        test.log.forbid(test.breakGlass);
        return test;
    }

    /** Sends an isolate the right setup. */
    public Response setUp(App isolate) {
        return new Caller(isolate, "")
                .send("POST", "/api/setup", Json.write(Json.object("secret", SETUP_SECRET, "base_url", BASE)));
    }

    /** Returns one more isolate over the same platform, which has seen nothing yet. */
    public App isolate() {
        return isolate(new String[0]);
    }

    /** Returns an isolate of a deployment whose variables differ; names and values in turn. */
    public App isolate(String... changes) {
        Map<String, String> all = new HashMap<>(variables);
        for (int i = 0; i < changes.length; i += 2) {
            all.put(changes[i], changes[i + 1]);
        }
        return new App(ports, Settings.from(all::get));
    }

    /** A caller with or without a token. */
    public final class Caller {
        private final App isolate;
        private final String authorization;

        private Caller(App isolate, String authorization) {
            this.isolate = isolate;
            this.authorization = authorization;
        }

        /** Returns the same caller, whose requests reach another isolate. */
        public Caller at(App other) {
            return new Caller(other, authorization);
        }

        /** Returns the Authorization header. */
        public String authorization() {
            return authorization;
        }

        /** Sends a GET; names and values of header fields in turn. */
        public Response get(String path, String... headers) {
            List<String> fields = new ArrayList<>(List.of(headers));
            addAuthorization(fields);
            return isolate.handle(Request.get(BASE + path, Headers.of(fields.toArray(new String[0]))));
        }

        /** Sends JSON; names and values of further header fields in turn. */
        public Response send(String method, String path, String json, String... headers) {
            return send(method, path, "application/json", json.getBytes(StandardCharsets.UTF_8), headers);
        }

        /** Sends bytes. */
        public Response send(String method, String path, String contentType, byte[] bytes, String... headers) {
            List<String> fields = new ArrayList<>(List.of("content-type", contentType));
            fields.addAll(List.of(headers));
            addAuthorization(fields);
            Headers sent = Headers.of(fields.toArray(new String[0]));
            return isolate.handle(new Request(method, BASE + path, sent, Body.of(bytes)));
        }

        private void addAuthorization(List<String> fields) {
            if (!authorization.isEmpty()) {
                fields.add("authorization");
                fields.add(authorization);
            }
        }
    }

    /** Returns a caller without a token. */
    public Caller anonymous() {
        return new Caller(app, "");
    }

    /** Returns a caller with a token, as Composer presents it. */
    public Caller as(String token) {
        String pair = Base64.getEncoder().encodeToString(("any:" + token).getBytes(StandardCharsets.UTF_8));
        return new Caller(app, "Basic " + pair);
    }

    /** Returns a caller with an Authorization header of any kind. */
    public Caller withAuthorization(String header) {
        return new Caller(app, header);
    }

    /** Returns who deployed the instance, and so knows its setup secret. */
    public Caller deployer() {
        return new Caller(app, "Bearer " + SETUP_SECRET);
    }

    /** Returns the administrator. */
    public Caller admin() {
        return as(admin);
    }

    /** Returns the text of the administrator's token. */
    public String adminToken() {
        return admin;
    }

    /** Returns the text of the break-glass token. */
    public String breakGlass() {
        return breakGlass;
    }

    /** Makes a read token for a pattern and returns its text. */
    public String token(String pattern) {
        Response made = admin().send(
                        "POST",
                        "/api/tokens",
                        Json.write(Json.object("name", "t", "kind", "read", "patterns", List.of(pattern))));
        assertThat(made.status()).isEqualTo(201);
        String token = json(made).text("token", 100);
        log.forbid(token);
        return token;
    }

    /** Adds the upstream at {@link #UPSTREAM} and returns its id. */
    public String addUpstream(String pattern) {
        return addUpstream(UPSTREAM, pattern, 10, false);
    }

    /** Adds an upstream and returns its id. */
    public String addUpstream(String url, String pattern, int priority, boolean exclusive) {
        Response made = admin().send(
                        "POST",
                        "/api/upstreams",
                        Json.write(Json.object(
                                "name",
                                "u",
                                "url",
                                url,
                                "patterns",
                                List.of(pattern),
                                "priority",
                                priority,
                                "exclusive",
                                exclusive)));
        assertThat(made.status()).isEqualTo(201);
        serveRoot(url);
        return json(made).text("id", 100);
    }

    /** Has an upstream serve a root with {@code metadata-url} and more keys, such as {@code ,"filter":{}}. */
    public void serveRoot(String url, String... more) {
        String root = "{\"packages\":[],\"metadata-url\":\"" + url + "/p2/%package%.json\"";
        serve(url + "/packages.json", root + String.join("", more) + "}");
    }

    /** Has an upstream serve JSON. */
    public void serve(String url, String json) {
        serve(url, json.getBytes(StandardCharsets.UTF_8));
    }

    /** Has an upstream serve bytes. */
    public void serve(String url, byte[] bytes) {
        upstream.serves(url, request -> new Response(200, Headers.of(), Body.of(bytes)));
    }

    /** Has an upstream answer with a status. */
    public void serveStatus(String url, int status) {
        upstream.serves(url, request -> new Response(status, Headers.of(), Body.empty()));
    }

    /** Has the upstream offer versions of a package, given as JSON objects, and nothing for branches. */
    public void publish(String name, String... versions) {
        publishAt(UPSTREAM, name, versions);
    }

    /** Has an upstream offer versions of a package. */
    public void publishAt(String url, String name, String... versions) {
        serve(url + "/p2/" + name + ".json", "{\"packages\":{\"" + name + "\":[" + String.join(",", versions) + "]}}");
        serveStatus(url + "/p2/" + name + "~dev.json", 404);
    }

    /** Returns a version as JSON, whose archive is at {@link #UPSTREAM}{@code /a/<reference>.zip}. */
    public static String version(String name, String version, String reference, String more) {
        return "{\"name\":\"" + name + "\",\"version\":\"" + version + "\",\"dist\":{\"type\":\"zip\",\"url\":\""
                + UPSTREAM
                + "/a/" + reference + ".zip\",\"reference\":\"" + reference
                + "\",\"shasum\":\"\"},\"source\":{\"type\":\"git\","
                + "\"url\":\"https://git.example.com/x\",\"reference\":\"" + reference + "\"}" + more + "}";
    }

    /** Returns bytes that pass for a zip. */
    public static byte[] zip(String content) {
        return ("PK\u0003\u0004" + content).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the body of an answer. */
    public static String text(Response response) {
        return new String(response.body().bytes(100_000_000), StandardCharsets.UTF_8);
    }

    /** Returns the JSON body of an answer. */
    public static JsonObject json(Response response) {
        return Json.read(response.body().bytes(1_000_000));
    }

    /** Returns the rows of a query. */
    public List<Row> rows(String sql) {
        return database.query(Statement.of(sql));
    }

    /** Returns the number a query counts. */
    public long count(String from) {
        return rows("SELECT COUNT(*) AS n FROM " + from).get(0).number("n");
    }

    /** Returns the product. */
    public App product() {
        return app;
    }

    /** Returns the upstream. */
    public FakeUpstream upstream() {
        return upstream;
    }

    /** Returns the database. */
    public SqliteDatabase database() {
        return database;
    }

    /** Returns the objects. */
    public FileObjects objects() {
        return objects;
    }

    /** Returns the clock. */
    public FixedClock clock() {
        return clock;
    }

    /** Returns what was counted. */
    public Counts counts() {
        return counts;
    }

    /** Returns the log. */
    public RecordingLog log() {
        return log;
    }

    /** Lets minutes pass, and the background work of each. */
    public void work(int minutes) {
        for (int i = 0; i < minutes; i++) {
            clock.advance(Duration.ofMinutes(1));
            app.scheduled();
        }
    }

    /** Does what is left to do after the answers. */
    public void drain() {
        background.drain();
    }

    /** Does what is due in the background: jobs are made a few at a time, and done from the next minute on. */
    public void runJobs() {
        for (int minute = 0; minute < 5; minute++) {
            app.scheduled();
            clock.advance(Duration.ofMinutes(1));
        }
    }

    /** Throws away what is left to do after the answers: the platform cut it off. */
    public void cutOff() {
        background.cutOff();
    }

    @Override
    public void close() {
        background.drain();
        upstream.assertAllExpected();
        assertThat(objects.openUploads()).isEmpty();
        log.lines(); // Throws if a line held a secret and somebody caught that.
        database.close();
        objects.close();
    }
}
