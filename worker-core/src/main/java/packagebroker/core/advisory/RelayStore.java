package packagebroker.core.advisory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The tables {@code relayed} and {@code relay_check}, and what else answers about packages rest on. */
final class RelayStore {
    // D1 takes 2 MB.
    private static final int MAX_PARAMETER = 1_000_000;

    private final Database database;

    RelayStore(Database database) {
        this.database = database;
    }

    /**
     * What is known of some packages, each by its name.
     *
     * @param owners the ids of the upstreams that own them
     * @param copies what upstreams answered about them, by the upstreams' ids; an empty text: that they do not know them
     * @param own advisories of ours
     * @param extras what the upstreams' files of stable versions hold beside the packages
     * @param freshUntil until when this very question need not be asked again
     */
    record Known(
            Map<String, String> owners,
            Map<String, Map<String, String>> copies,
            Map<String, List<String>> own,
            Map<String, String> extras,
            long freshUntil) {

        @Nullable
        String findCopy(String name, String upstream) {
            return copies.getOrDefault(name, Map.of()).get(upstream);
        }

        void putCopy(String name, String upstream, String answer) {
            copies.computeIfAbsent(name, unknown -> new HashMap<>()).put(upstream, answer);
        }
    }

    /** Reads what is known of some packages, in one round trip. */
    Known know(List<String> names, String kind, String question) {
        String list = Json.write(names);
        List<List<Row>> rows = database.queryAll(List.of(
                Statement.of("""
                        SELECT name, upstream
                        FROM package
                        WHERE name IN (SELECT value FROM json_each(?))
                        """, list),
                Statement.of("""
                        SELECT package, upstream, answer
                        FROM relayed
                        WHERE package IN (SELECT value FROM json_each(?)) AND kind = ?
                        """, list, kind),
                Statement.of("""
                        SELECT package, body
                        FROM advisory
                        WHERE package IN (SELECT value FROM json_each(?)) AND withdrawn_at IS NULL
                        ORDER BY created_at, id
                        """, list),
                Statement.of("SELECT fresh_until FROM relay_check WHERE question = ?", question)));
        long freshUntil = rows.get(3).isEmpty() ? 0 : rows.get(3).get(0).number("fresh_until");
        Known known = new Known(
                texts(rows.get(0), "name", "upstream"), new HashMap<>(), new HashMap<>(), new HashMap<>(), freshUntil);
        for (Row row : rows.get(1)) {
            known.putCopy(row.text("package"), row.text("upstream"), row.text("answer"));
        }
        for (Row row : rows.get(2)) {
            known.own()
                    .computeIfAbsent(row.text("package"), unknown -> new ArrayList<>())
                    .add(row.text("body"));
        }
        return known;
    }

    private static Map<String, String> texts(List<Row> rows, String key, String value) {
        Map<String, String> texts = new HashMap<>();
        for (Row row : rows) {
            texts.put(row.text(key), row.text(value));
        }
        return texts;
    }

    /** Returns what the files of some packages hold beside the packages, as JSON, by name. */
    Map<String, String> extras(List<String> names) {
        return texts(database.query(Statement.of("""
                        SELECT package, extras
                        FROM document
                        WHERE dev = 0 AND extras <> '' AND package IN (SELECT value FROM json_each(?))
                        """, Json.write(names))), "package", "extras");
    }

    /** Returns a few of the packages whose copy is no longer fresh. */
    List<String> stale(List<String> names, long now, int limit) {
        List<String> stale = new ArrayList<>();
        for (Row row : database.query(Statement.of("""
                SELECT package
                FROM document
                WHERE dev = 0 AND fresh_until <= ? AND package IN (SELECT value FROM json_each(?))
                ORDER BY fresh_until
                LIMIT ?
                """, now, Json.write(names), limit))) {
            stale.add(row.text("package"));
        }
        return stale;
    }

    /** Answers of one upstream, by package. */
    record Answers(String upstream, Map<String, String> byName) {}

    /** Keeps answers, writing only those that differ from what is kept, and until when the question need not be asked again. */
    void save(String kind, List<Answers> answers, String question, long freshUntil) {
        List<Statement> batch = new ArrayList<>();
        for (Answers of : answers) {
            ByteSink json = new ByteSink(1_000);
            for (Map.Entry<String, String> answer : of.byName().entrySet()) {
                if (json.length() + answer.getValue().length() > MAX_PARAMETER) {
                    batch.add(insert(kind, of.upstream(), json));
                    json = new ByteSink(1_000);
                }
                json.ascii(json.length() == 0 ? "{" : ",")
                        .quoted(answer.getKey())
                        .ascii(":");
                json.quoted(answer.getValue());
            }
            batch.add(insert(kind, of.upstream(), json));
        }
        batch.add(Statement.of("""
                INSERT INTO relay_check (question, fresh_until)
                VALUES (?, ?)
                ON CONFLICT (question) DO UPDATE SET fresh_until = excluded.fresh_until
                """, question, freshUntil));
        database.batch(batch);
    }

    private static Statement insert(String kind, String upstream, ByteSink json) {
        return Statement.of(
                """
                INSERT INTO relayed (package, kind, upstream, answer)
                SELECT e.key, ?, ?, e.value
                FROM json_each(?) e
                WHERE TRUE
                ON CONFLICT (package, kind, upstream) DO UPDATE SET answer = excluded.answer
                WHERE relayed.answer <> excluded.answer
                """,
                kind,
                upstream,
                packagebroker.core.text.Utf8.decode(json.ascii("}").toBytes()));
    }

    /** Forgets the questions that are not fresh any more. */
    void forgetOldQuestions(long now) {
        database.update(Statement.of("DELETE FROM relay_check WHERE fresh_until < ?", now));
    }
}
