package packagebroker.core.release;

import java.util.List;
import packagebroker.core.composer.PackageName;
import packagebroker.core.json.ByteSink;
import packagebroker.core.port.Row;
import packagebroker.core.upstream.Fetched;
import packagebroker.core.upstream.PackageSource;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamException;
import packagebroker.core.upstream.UpstreamException.Kind;

/** Makes files of releases, as a Composer repository would have them. Nobody outside is asked. */
public final class Releases implements PackageSource {
    private static final int PAGE = 1_000;

    private final ReleaseStore store;
    private final int maxBytes;

    /** Creates it; a file has at most {@code maxBytes}. */
    public Releases(ReleaseStore store, int maxBytes) {
        this.store = store;
        this.maxBytes = maxBytes;
    }

    @Override
    public Fetched fetch(Source source, PackageName name, boolean dev, String modified, String etag) {
        Long generation = store.findGeneration(source.id(), name);
        if (generation == null) {
            return Fetched.ABSENT;
        }
        // Read before the rows: what changes meanwhile is found at the next look.
        String current = "\"" + generation + "\"";
        return current.equals(etag) ? Fetched.UNCHANGED : Fetched.found(file(source, name, dev), "", current);
    }

    private byte[] file(Source source, PackageName name, boolean dev) {
        ByteSink file = new ByteSink(16_384);
        file.ascii("{\"packages\":{").quoted(name.toString()).ascii(":[");
        String after = "";
        List<Row> page;
        do {
            page = store.page(source.id(), name, dev, after, PAGE);
            for (Row row : page) {
                if (!after.isEmpty()) {
                    file.ascii(",");
                }
                file.text(row.text("manifest"));
                after = row.text("version");
            }
            if (file.length() > maxBytes) {
                throw new UpstreamException(
                        Kind.OVER_LIMIT,
                        "upstream " + source.name() + " has more versions than this instance takes in");
            }
        } while (page.size() == PAGE);
        file.ascii("]}}");
        return file.toBytes();
    }
}
