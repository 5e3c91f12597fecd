package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.composer.PackageFile;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.work.HoldingsStore;

/** The documents that rows name. A place is a file's name, as {@code acme/tool} or {@code acme/tool~dev}. */
public final class DocumentHoldingsStore extends HoldingsStore {
    private final Database database;

    /** Creates the store. */
    public DocumentHoldingsStore(Database database) {
        super(database, "document/", new Columns("document", "object", "digest"));
        this.database = database;
    }

    @Override
    public List<Held> after(String place, int limit) {
        PackageFile after = PackageFile.find(place);
        Statement read = Statement.of(
                """
                SELECT package, dev, object, size + advertised_size AS size, digest
                FROM document
                WHERE (package, dev) > (?, ?)
                ORDER BY package, dev
                LIMIT ?
                """, after == null ? "" : after.name().toString(), after != null && after.dev() ? 1 : 0, limit);
        List<Held> page = new ArrayList<>();
        for (Row row : database.query(read)) {
            String file = PackageFile.of(row.text("package"), row.number("dev")).toString();
            page.add(new Held(file, row.text("object"), row.number("size"), row.text("digest")));
        }
        return page;
    }

    @Override
    public Statement stillHeld(Held held) {
        PackageFile file = PackageFile.parse(held.place());
        return Statement.of(
                "SELECT 1 FROM document WHERE package = ? AND dev = ? AND object = ?",
                file.name().toString(),
                file.dev() ? 1 : 0,
                held.object());
    }
}
