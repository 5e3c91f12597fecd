package packagebroker.core.upstream;

import packagebroker.core.port.Statement;
import packagebroker.core.rotation.SealedColumn;
import packagebroker.core.secrets.Safe;

/** The sealed column of the table {@code credential}. */
public final class CredentialColumnStore implements SealedColumn {
    /** Creates it. */
    public CredentialColumnStore() {}

    @Override
    public Safe.Place place(String row) {
        return Credentials.place(row);
    }

    @Override
    public Statement counts() {
        return Statement.of("""
                SELECT substr(sealed, 4, instr(substr(sealed, 4), '.') - 1) AS id, COUNT(*) AS n
                FROM credential
                GROUP BY 1
                """);
    }

    @Override
    public Statement sealedByOthers(String key, String afterRow, int limit) {
        return Statement.of("""
                SELECT upstream AS "row", sealed
                FROM credential
                WHERE upstream > ? AND substr(sealed, 1, ?) <> ?
                ORDER BY upstream
                LIMIT ?
                """, afterRow, key.length() + 4, "v1." + key + ".", limit);
    }

    @Override
    public Statement replacement(String replacements) {
        return Statement.of("""
                UPDATE credential
                SET sealed = json_extract(anew.value, '$[2]')
                FROM json_each(?) AS anew
                WHERE upstream = json_extract(anew.value, '$[0]') AND sealed = json_extract(anew.value, '$[1]')
                """, replacements);
    }
}
