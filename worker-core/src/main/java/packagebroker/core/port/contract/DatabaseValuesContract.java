package packagebroker.core.port.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Database;
import packagebroker.core.port.DatabaseException.Kind;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** What {@link Database} promises about values: what comes back is what was stored. */
final class DatabaseValuesContract {
    private static final long SAFE = 1L << 53;
    private static final String INSERT = "INSERT INTO contract_value (id, text, number) VALUES (?, ?, ?)";
    private static final String SELECT =
            "SELECT text, number, length(text) AS characters, typeof(number) AS kind FROM contract_value WHERE id = ?";

    private final Database database;

    DatabaseValuesContract(Database database) {
        this.database = database;
    }

    List<Check> checks() {
        return List.of(
                check("NULL, the empty text and words for nothing differ", this::tellsNullFromText),
                check("NULL is found as null and as 0, and refused where text is required", this::readsNull),
                check("numbers up to 2^53 either way are exact and stay integers", this::keepsNumbers),
                check("numbers beyond 2^53 are refused", this::refusesLargeNumbers),
                check("text of every plane and control characters come back", this::keepsText),
                check("quotes and SQL in a parameter are text", this::keepsSql),
                check("a lone surrogate is stored as U+FFFD and takes nothing with it", this::replacesLoneSurrogates),
                check("a text of a million characters comes back", this::keepsLongText),
                check("a value over 2 MB is refused, in characters or in bytes", this::refusesLongText),
                check("a column that was not selected is refused", this::refusesUnknownColumns),
                check("rows stay readable after other calls", this::rowsAreDetached));
    }

    private Check check(String name, Check.Proof proof) {
        return new Check("Database", name, () -> {
            drop();
            database.update(Statement.of("""
                    CREATE TABLE contract_value (
                      id TEXT PRIMARY KEY NOT NULL,
                      text TEXT,
                      number INTEGER
                    ) WITHOUT ROWID
                    """));
            proof.run();
            drop();
        });
    }

    private void drop() {
        database.update(Statement.of("DROP TABLE IF EXISTS contract_value"));
    }

    private Row stored(@Nullable String text, @Nullable Long number) {
        database.update(Statement.of("DELETE FROM contract_value"));
        database.update(Statement.of(INSERT, "k", text, number));
        return Expect.notNull("row", database.primary().findOne(Statement.of(SELECT, "k")));
    }

    private void tellsNullFromText() {
        Expect.isNull("NULL", stored(null, null).findText("text"));
        for (String text : List.of("", "null", "NULL", "undefined", "0", " ")) {
            Row row = stored(text, 0L);
            Expect.equal("text", text, row.findText("text"));
            Expect.isTrue("text \"" + text + "\" is not NULL", !row.isNull("text"));
            Expect.isTrue("0 is not NULL", !row.isNull("number"));
        }
    }

    private void readsNull() {
        Row row = stored(null, null);
        Expect.isTrue("text is NULL", row.isNull("text"));
        Expect.isTrue("number is NULL", row.isNull("number"));
        Expect.number("number", 0, row.number("number"));
        Expect.refused("required text", Kind.REFUSED, () -> row.text("text"));
    }

    private void keepsNumbers() {
        long[] numbers = {0, 1, -1, 127, 1L << 31, -(1L << 31), 1_800_000_000_123L, SAFE - 1, SAFE, 1 - SAFE, -SAFE};
        for (long number : numbers) {
            Row row = stored("x", number);
            Expect.number("number", number, row.number("number"));
            Expect.equal("kind of " + number, "integer", row.text("kind"));
        }
        Statement int32 = Statement.of("UPDATE contract_value SET number = ?", Integer.MIN_VALUE);
        Expect.number("rows changed", 1, database.update(int32));
        Row row = Expect.notNull("row", database.primary().findOne(Statement.of(SELECT, "k")));
        Expect.number("int", Integer.MIN_VALUE, row.number("number"));
    }

    private void refusesLargeNumbers() {
        Expect.refused("2^53 + 1", Kind.REFUSED, () -> stored("x", SAFE + 1));
        Expect.refused("-2^53 - 1", Kind.REFUSED, () -> stored("x", -SAFE - 1));
        Expect.refused("the largest long", Kind.REFUSED, () -> stored("x", Long.MAX_VALUE));
    }

    private void keepsText() {
        StringBuilder controls = new StringBuilder();
        for (char c = 1; c < 0xA1; c++) {
            controls.append(c);
        }
        List<String> texts = List.of(
                controls.toString(),
                "grüße, 日本語, עברית",
                "😀 and 👩‍👩‍👧 and \uDBFF\uDFFF",
                "\uFFFD\uFFFE\uFFFF\uFEFF",
                "\u2028\u2029\u0085",
                "e\u0301 is not \u00E9",
                "  spaces around  \r\n");
        for (String text : texts) {
            Row row = stored(text, 1L);
            Expect.equal("text", text, row.text("text"));
            Expect.number("characters", text.codePointCount(0, text.length()), row.number("characters"));
        }
    }

    private void keepsSql() {
        for (String text : List.of("'); DROP TABLE contract_value; --", "\"", "\\", "?1", "%_", "a'b''c")) {
            Expect.equal("text", text, stored(text, 1L).text("text"));
        }
    }

    private void replacesLoneSurrogates() {
        String[] texts = {"a\uD83Db", "a\uDE00b", "\uDE00\uD83D", "\"\uDE00\"", "\uD83D", "\uD83D\uD83D\uDE00"};
        String[] expected = {"a\uFFFDb", "a\uFFFDb", "\uFFFD\uFFFD", "\"\uFFFD\"", "\uFFFD", "\uFFFD😀"};
        for (int i = 0; i < texts.length; i++) {
            Row row = stored(texts[i], 1L);
            Expect.equal("text " + i, expected[i], row.text("text"));
            int characters = expected[i].codePointCount(0, expected[i].length());
            Expect.number("characters of text " + i, characters, row.number("characters"));
        }
    }

    private void keepsLongText() {
        String text = "0123456789".repeat(100_000);
        Row row = stored(text, 1L);
        Expect.number("length", text.length(), row.text("text").length());
        Expect.isTrue("the same text", text.equals(row.text("text")));
    }

    private void refusesLongText() {
        String ascii = "a".repeat(2_000_001);
        Expect.refused("2,000,001 characters", Kind.REFUSED, () -> stored(ascii, 1L));
        String euros = "€".repeat(700_000);
        Expect.refused("2,100,000 bytes", Kind.REFUSED, () -> stored(euros, 1L));
    }

    private void refusesUnknownColumns() {
        Row row = stored("x", 1L);
        Expect.refused("text", Kind.REFUSED, () -> row.findText("absent"));
        Expect.refused("number", Kind.REFUSED, () -> row.number("absent"));
        Expect.refused("null", Kind.REFUSED, () -> row.isNull("absent"));
    }

    private void rowsAreDetached() {
        Row first = stored("first", 1L);
        stored("second", 2L);
        Expect.equal("text", "first", first.text("text"));
        Expect.number("number", 1, first.number("number"));
    }
}
