package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import packagebroker.core.composer.MetadataMinifier;
import packagebroker.core.http.Response;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonObject;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.testing.TestApp;

/** A shop with packages of acme, and its customers. */
final class CustomerScene implements AutoCloseable {
    final TestApp app;

    CustomerScene(String... variables) {
        app = TestApp.start(variables);
        app.addUpstream("acme/*");
    }

    @Override
    public void close() {
        app.close();
    }

    /** A token of a customer. */
    final class Customer {
        final String id;
        final TestApp.Caller caller;

        private Customer(JsonObject made) {
            id = made.text("id", 50);
            caller = app.as(made.text("token", 100));
        }

        /** Returns the versions that a document lists; null if it is absent. */
        List<String> versions(String file) {
            return CustomerScene.versions(caller.get("/p2/" + file + ".json"));
        }

        /** Returns the date of a document. */
        String date(String file) {
            return caller.get("/p2/" + file + ".json").findHeader("last-modified");
        }

        int archive(String name, String version, String reference) {
            Response response = caller.get("/dist/" + name + "/" + version + "/r" + reference + ".zip");
            response.body().cancel();
            return response.status();
        }

        Response change(String json) {
            return app.admin().send("PATCH", "/api/tokens/" + id, json);
        }
    }

    /** Makes a token with limits, given as JSON objects. */
    Customer customer(String reference, String... limits) {
        Response made = make(app.admin(), reference, limits);
        assertThat(made.status()).isEqualTo(201);
        return new Customer(json(made));
    }

    static Response make(TestApp.Caller maker, String reference, String... limits) {
        return maker.send(
                "POST",
                "/api/tokens",
                "{\"name\":\"shop\",\"kind\":\"customer\",\"customer\":\"" + reference + "\",\"limits\":["
                        + String.join(",", limits) + "]}");
    }

    static String limit(String pattern, String versions) {
        return "{\"pattern\":\"" + pattern + "\",\"versions\":\"" + versions + "\"}";
    }

    static String until(String pattern, String date) {
        return "{\"pattern\":\"" + pattern + "\",\"until\":" + millis(date) + "}";
    }

    static long millis(String date) {
        return Instant.parse(date).toEpochMilli();
    }

    /** Returns the reference of a version, which is the same whenever it is asked for. */
    static String reference(String version) {
        StringBuilder hex = new StringBuilder();
        version.chars().forEach(c -> hex.append(Integer.toHexString(c)));
        return hex.append("0".repeat(40)).substring(0, 40);
    }

    /** Returns a version whose archive the upstream has, released at a time. */
    String version(String name, String version, String time) {
        String reference = reference(version);
        app.serve(UPSTREAM + "/a/" + reference + ".zip", TestApp.zip(version));
        return TestApp.version(name, version, reference, time.isEmpty() ? "" : ",\"time\":\"" + time + "\"");
    }

    /** Returns the versions that a document lists, as written; null if it is absent. */
    static List<String> versions(Response response) {
        if (response.status() == 404) {
            return null;
        }
        assertThat(response.status()).isEqualTo(200);
        List<String> versions = new ArrayList<>();
        JsonCursor cursor =
                JsonSlice.of(text(response).getBytes(StandardCharsets.UTF_8)).cursor();
        cursor.enter();
        assertThat(cursor.nextKey()).isEqualTo("packages");
        cursor.enter();
        cursor.nextKey();
        cursor.enter();
        Map<String, JsonSlice> previous = Map.of();
        while (cursor.nextElement()) {
            previous = MetadataMinifier.apply(previous, cursor.fields(), value -> value.is("\"__unset\""));
            versions.add(previous.get("version").findText());
        }
        return versions;
    }
}
