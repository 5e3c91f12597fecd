package packagebroker.core.port.contract;

import java.util.List;
import packagebroker.core.port.Database;
import packagebroker.core.port.DatabaseException.Kind;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** What {@link Database} promises about reads, changes and failures. It makes its own tables and drops them again. */
final class DatabaseContract {
    private static final String INSERT = "INSERT INTO contract_item (id, number) VALUES (?, ?)";
    private static final String COUNT = "SELECT count(*) AS total FROM contract_item";

    private final Database database;

    DatabaseContract(Database database) {
        this.database = database;
    }

    List<Check> checks() {
        return List.of(
                check("a row is found by its key", this::findsByKey),
                check("what is not there is no row", this::findsNothing),
                check("several reads are answered in order", this::answersInOrder),
                check("nothing to do is answered with nothing", this::doesNothing),
                check("rows are ordered by their bytes", this::ordersByBytes),
                check("a list travels as one parameter through json_each", this::expandsLists),
                check("a limit may be a parameter", this::limits),
                check("each change tells how many rows it changed", this::countsChanges),
                check("a conflict that does nothing changes no row", this::countsConflicts),
                check("a conflict that updates changes one row", this::countsUpserts),
                check("an insert may depend on what the same batch did", this::insertsWhereExists),
                check(
                        "a batch whose second statement violates a key leaves nothing of the first",
                        this::rollsBackOnKey),
                check("a batch whose last statement is wrong leaves nothing", this::rollsBackOnMistake),
                check("the primary reads what was just written", this::primaryReadsWrites),
                check("a key taken, a null, a check, a foreign key: CONSTRAINT", this::tellsConstraints),
                check("a trigger that raises: CONSTRAINT", this::tellsRaised),
                check("a table or column that is not there: NOT_MIGRATED", this::tellsNotMigrated),
                check("a statement that is wrong: REFUSED", this::tellsRefused),
                check("too few or too many parameters: REFUSED", this::countsParameters),
                check("a transaction cannot be begun: REFUSED", this::refusesTransactions),
                check("100 parameters are taken, 101 are REFUSED", this::limitsParameters),
                check("a LIKE pattern over 50 bytes: REFUSED", this::limitsPatterns));
    }

    private Check check(String name, Check.Proof proof) {
        return new Check("Database", name, () -> {
            create();
            proof.run();
            drop();
        });
    }

    private void create() {
        drop();
        database.batch(List.of(Statement.of("""
                        CREATE TABLE contract_item (
                          id TEXT PRIMARY KEY NOT NULL,
                          number INTEGER NOT NULL,
                          CHECK (number < 1000)
                        ) WITHOUT ROWID
                        """), Statement.of("""
                        CREATE TABLE contract_part (
                          id TEXT PRIMARY KEY NOT NULL,
                          item TEXT NOT NULL REFERENCES contract_item (id)
                        ) WITHOUT ROWID
                        """)));
    }

    private void drop() {
        database.batch(List.of(
                Statement.of("DROP TABLE IF EXISTS contract_part"),
                Statement.of("DROP TABLE IF EXISTS contract_item")));
    }

    private static Statement insert(String id, int number) {
        return Statement.of(INSERT, id, number);
    }

    private static Statement find(String id) {
        return Statement.of("SELECT id, number FROM contract_item WHERE id = ?", id);
    }

    private long total() {
        return database.primary().query(Statement.of(COUNT)).get(0).number("total");
    }

    private void findsByKey() {
        Expect.number("rows changed", 1, database.update(insert("a", 7)));
        Row row = Expect.notNull("row", database.primary().findOne(find("a")));
        Expect.equal("id", "a", row.text("id"));
        Expect.number("number", 7, row.number("number"));
    }

    private void findsNothing() {
        Expect.isNull("first row", database.findOne(find("nobody")));
        Expect.number("rows", 0, database.query(find("nobody")).size());
    }

    private void answersInOrder() {
        database.batch(List.of(insert("a", 1), insert("b", 2)));
        Statement both = Statement.of("SELECT id FROM contract_item ORDER BY id DESC");
        List<List<Row>> found = database.primary().queryAll(List.of(find("b"), find("none"), both, find("a")));
        Expect.number("lists", 4, found.size());
        Expect.number("first list", 2, found.get(0).get(0).number("number"));
        Expect.number("size of the second list", 0, found.get(1).size());
        Expect.equal("third list, first row", "b", found.get(2).get(0).text("id"));
        Expect.equal("third list, second row", "a", found.get(2).get(1).text("id"));
        Expect.number("fourth list", 1, found.get(3).get(0).number("number"));
    }

    private void doesNothing() {
        Expect.number("lists", 0, database.queryAll(List.of()).size());
        Expect.number("counts", 0, database.batch(List.of()).size());
    }

    private void ordersByBytes() {
        Statement statement = Statement.of(
                "SELECT value FROM json_each(?) ORDER BY value",
                "[\"b\",\"é\",\"B\",\"😀\",\"\uFFFD\",\"a\",\"10\",\"9\"]");
        StringBuilder order = new StringBuilder();
        for (Row row : database.query(statement)) {
            order.append(row.text("value")).append(' ');
        }
        Expect.equal("order", "10 9 B a b é \uFFFD 😀 ", order.toString());
    }

    private void expandsLists() {
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; i < 500; i++) {
            json.append(i == 0 ? "\"k" : ",\"k").append(i).append('"');
        }
        String sql = "INSERT INTO contract_item (id, number) SELECT value, 1 FROM json_each(?)";
        Expect.number(
                "rows changed",
                500,
                database.update(Statement.of(sql, json.append(']').toString())));
        Expect.number("rows", 500, total());
    }

    private void limits() {
        database.batch(List.of(insert("a", 1), insert("b", 2), insert("c", 3)));
        List<Row> rows = database.primary()
                .query(Statement.of("SELECT id FROM contract_item ORDER BY id LIMIT ? OFFSET ?", 1, 1));
        Expect.number("rows", 1, rows.size());
        Expect.equal("row", "b", rows.get(0).text("id"));
    }

    private void countsChanges() {
        List<Integer> changed = database.batch(List.of(
                Statement.of(
                        "INSERT INTO contract_item (id, number) VALUES (?, ?), (?, ?), (?, ?)", "a", 1, "b", 1, "c", 2),
                Statement.of("UPDATE contract_item SET number = number + 1 WHERE number = ?", 1),
                Statement.of("UPDATE contract_item SET number = ? WHERE id = ?", 5, "none"),
                Statement.of("UPDATE contract_item SET number = number"),
                Statement.of("DELETE FROM contract_item WHERE id > ?", "b"),
                Statement.of("DELETE FROM contract_item WHERE id > ?", "b")));
        Expect.equal("rows changed", List.of(3, 2, 0, 3, 1, 0), changed);
    }

    private void countsConflicts() {
        Statement statement = Statement.of(INSERT + " ON CONFLICT DO NOTHING", "a", 1);
        Statement again = Statement.of(INSERT + " ON CONFLICT DO NOTHING", "a", 2);
        Expect.equal("rows changed", List.of(1, 0), database.batch(List.of(statement, again)));
        Expect.number("number", 1, database.primary().query(find("a")).get(0).number("number"));
    }

    private void countsUpserts() {
        Statement upsert = Statement.of(INSERT + " ON CONFLICT (id) DO UPDATE SET number = excluded.number", "a", 9);
        Expect.equal("rows changed", List.of(1, 1), database.batch(List.of(insert("a", 1), upsert)));
        Expect.number("number", 9, database.primary().query(find("a")).get(0).number("number"));
    }

    private void insertsWhereExists() {
        String sql = """
                INSERT INTO contract_part (id, item)
                SELECT ?, ? WHERE EXISTS (SELECT 1 FROM contract_item WHERE id = ? AND number = ?)
                """;
        List<Integer> changed = database.batch(List.of(
                insert("mine", 4),
                Statement.of(sql, "won", "mine", "mine", 4),
                Statement.of(sql, "lost", "mine", "mine", 5)));
        Expect.equal("rows changed", List.of(1, 1, 0), changed);
    }

    private void rollsBackOnKey() {
        database.update(insert("taken", 1));
        List<Statement> batch = List.of(insert("new", 1), insert("taken", 2), insert("never", 3));
        Expect.refused("batch", Kind.CONSTRAINT, () -> database.batch(batch));
        Expect.number("rows", 1, total());
    }

    private void rollsBackOnMistake() {
        List<Statement> batch = List.of(insert("a", 1), Statement.of("INSERT INTO contract_absent VALUES (1)"));
        Expect.refused("batch with an absent table", Kind.NOT_MIGRATED, () -> database.batch(batch));
        List<Statement> wrong = List.of(insert("a", 1), Statement.of("UPDATE contract_item SET"));
        Expect.refused("batch with a mistake", Kind.REFUSED, () -> database.batch(wrong));
        Expect.number("rows", 0, total());
    }

    private void primaryReadsWrites() {
        for (int i = 0; i < 5; i++) {
            database.primary().update(insert("k" + i, i));
            Expect.notNull("row " + i, database.primary().findOne(find("k" + i)));
        }
    }

    private void tellsConstraints() {
        database.update(insert("a", 1));
        Expect.refused("key taken", Kind.CONSTRAINT, () -> database.update(insert("a", 2)));
        Expect.refused("null", Kind.CONSTRAINT, () -> database.update(Statement.of(INSERT, "b", null)));
        Expect.refused("check", Kind.CONSTRAINT, () -> database.update(insert("b", 1000)));
        Statement orphan = Statement.of("INSERT INTO contract_part (id, item) VALUES (?, ?)", "p", "nobody");
        Expect.refused("foreign key", Kind.CONSTRAINT, () -> database.update(orphan));
    }

    private void tellsRaised() {
        database.update(Statement.of("""
                CREATE TRIGGER contract_forever BEFORE UPDATE ON contract_item
                BEGIN
                  SELECT RAISE(ABORT, 'rows are for ever');
                END
                """));
        database.update(insert("a", 1));
        Statement update = Statement.of("UPDATE contract_item SET number = ?", 2);
        Expect.refused("update", Kind.CONSTRAINT, () -> database.update(update));
    }

    private void tellsNotMigrated() {
        Statement table = Statement.of("SELECT id FROM contract_absent");
        Expect.refused("read of an absent table", Kind.NOT_MIGRATED, () -> database.query(table));
        Statement column = Statement.of("SELECT absent FROM contract_item");
        Expect.refused("read of an absent column", Kind.NOT_MIGRATED, () -> database.query(column));
        Statement change = Statement.of("DELETE FROM contract_absent");
        Expect.refused("change of an absent table", Kind.NOT_MIGRATED, () -> database.update(change));
    }

    private void tellsRefused() {
        Expect.refused("read", Kind.REFUSED, () -> database.query(Statement.of("SELEC 1")));
        Expect.refused("change", Kind.REFUSED, () -> database.update(Statement.of("DELETE contract_item")));
    }

    private void countsParameters() {
        Expect.refused("too few", Kind.REFUSED, () -> database.update(Statement.of(INSERT, "a")));
        Expect.refused("too many", Kind.REFUSED, () -> database.update(Statement.of(INSERT, "a", 1, 2)));
        Expect.refused("none", Kind.REFUSED, () -> database.query(Statement.of("SELECT ? AS one")));
    }

    private void refusesTransactions() {
        Expect.refused("begin", Kind.REFUSED, () -> database.update(Statement.of("BEGIN")));
        Expect.refused("savepoint", Kind.REFUSED, () -> database.update(Statement.of("SAVEPOINT one")));
    }

    private void limitsParameters() {
        Expect.number("parameters", 100, inListOf(100));
        Expect.refused("101 parameters", Kind.REFUSED, () -> inListOf(101));
    }

    private long inListOf(int count) {
        Object[] parameters = new Object[count];
        for (int i = 0; i < count; i++) {
            parameters[i] = "p" + i;
        }
        String sql =
                "SELECT count(*) AS total FROM json_each('[\"p0\"]') WHERE value IN (?" + ", ?".repeat(count - 1) + ")";
        long found = database.query(Statement.of(sql, parameters)).get(0).number("total");
        return found == 1 ? count : -1;
    }

    private void limitsPatterns() {
        String sql = "SELECT ? LIKE ? AS alike";
        Row row = database.query(Statement.of(sql, "abc", "a%" + "c".repeat(1))).get(0);
        Expect.number("short pattern", 1, row.number("alike"));
        Statement longer = Statement.of(sql, "abc", "a".repeat(51));
        Expect.refused("long pattern", Kind.REFUSED, () -> database.query(longer));
    }
}
