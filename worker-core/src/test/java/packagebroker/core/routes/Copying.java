package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.BASE;
import static packagebroker.core.testing.TestApp.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.testing.JcaDigests;
import packagebroker.core.testing.TestApp;
import packagebroker.core.text.Hex;

/** A backup in memory, made and played back through the API as the scripts do it. */
final class Copying {
    final Map<String, String> rows = new LinkedHashMap<>();
    final Map<String, byte[]> objects = new LinkedHashMap<>();

    /** Reads everything that an instance has. */
    static Copying of(TestApp app) {
        Copying copy = new Copying();
        JsonObject description = TestApp.json(app.admin().get("/api/backup"));
        for (JsonObject table : description.objects("tables")) {
            String name = table.text("name", 100);
            copy.rows.put(name, rows(app.admin(), "/api/backup/rows?table=" + name));
        }
        for (JsonObject named : description.objects("objects")) {
            String column = named.text("object", 100);
            String from = column + " AS o FROM " + named.text("table", 100) + " WHERE " + column + " <> ''";
            for (var row : app.rows("SELECT " + from)) {
                Response object = app.admin().get("/api/backup/objects/" + row.text("o"));
                assertThat(object.status()).isEqualTo(200);
                copy.objects.put(row.text("o"), object.body().bytes(100_000_000));
            }
        }
        return copy;
    }

    /** Returns all rows of a table, page by page, as what keys they have. */
    static String rows(TestApp.Caller caller, String path) {
        Response page = caller.get(path);
        assertThat(page.status()).as(path).isEqualTo(200);
        return text(page);
    }

    /** Returns how many rows a table has. */
    long count(String table) {
        return rows.get(table).chars().filter(c -> c == '\n').count();
    }

    /** Plays the backup back; returns the first status that is no success, or 200. */
    int restoreInto(TestApp app) {
        Response begun = app.deployer().send("POST", "/api/restore", "{}");
        if (begun.status() >= 300) {
            return begun.status();
        }
        String id = TestApp.json(begun).text("id", 32);
        int status = fill(app, id);
        return status == 200 ? finish(app, id) : status;
    }

    /** Begins a restore and returns its id. */
    static String begin(TestApp app) {
        Response begun = app.deployer().send("POST", "/api/restore", "{}");
        assertThat(begun.status()).isEqualTo(201);
        return TestApp.json(begun).text("id", 32);
    }

    /** Sends everything; returns the first status that is no success, or 200. */
    int fill(TestApp app, String id) {
        for (String table : rows.keySet()) {
            int status = send(app, id, table);
            if (status >= 300) {
                return status;
            }
        }
        for (Map.Entry<String, byte[]> object : objects.entrySet()) {
            int status = put(app, id, object.getKey(), object.getValue());
            if (status >= 300) {
                return status;
            }
        }
        return 200;
    }

    /** Sends the rows of a table, if it has any. */
    int send(TestApp app, String id, String table) {
        String lines = rows.get(table);
        if (lines.isEmpty()) {
            return 204;
        }
        String all = "[" + lines.strip().replace("\n", ",") + "]";
        String path = "/api/restore/rows?table=" + table + "&id=" + id;
        return app.deployer().send("POST", path, all).status();
    }

    /** Sends an object. */
    static int put(TestApp app, String id, String key, byte[] bytes) {
        String sha256 = Hex.of(new JcaDigests().sha256(bytes));
        String path = "/api/restore/objects/" + key + "?id=" + id + "&sha256=" + sha256;
        return app.deployer()
                .send("PUT", path, "application/octet-stream", bytes)
                .status();
    }

    /** Says that everything has been sent. */
    int finish(TestApp app, String id) {
        Map<String, Object> counts = new LinkedHashMap<>();
        for (String table : rows.keySet()) {
            counts.put(table, count(table));
        }
        String body =
                Json.write(Json.object("snapshot", "s1", "digest", "d".repeat(64), "base_url", BASE, "tables", counts));
        return app.deployer().send("POST", "/api/restore/finish?id=" + id, body).status();
    }

    /** Returns the names of tables whose rows differ. */
    List<String> differences(Copying other) {
        List<String> different = new ArrayList<>();
        for (String table : rows.keySet()) {
            if (!rows.get(table).equals(other.rows.get(table))) {
                different.add(table);
            }
        }
        return different;
    }
}
