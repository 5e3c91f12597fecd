package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.ByteSink;
import packagebroker.core.text.Utf8;

/**
 * The second part of a document's object: one line for each {@link Advertised}, fields separated by tabs, in the order first seen.
 * Lines are added and never taken away.
 */
final class AdvertisedFile {
    private static final int FIELDS = 7;

    private final List<Advertised> lines = new ArrayList<>();
    private final Map<String, Advertised> byPath = new HashMap<>();
    private final Map<String, Advertised> firstOfVersion = new HashMap<>();

    /** Returns the file that bytes hold. */
    static AdvertisedFile parse(byte[] bytes) {
        AdvertisedFile file = new AdvertisedFile();
        String text = Utf8.decode(bytes);
        int from = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
            file.add(line(text.substring(from, end)));
            from = end + 1;
        }
        return file;
    }

    private static Advertised line(String line) {
        String[] fields = new String[FIELDS];
        int from = 0;
        for (int i = 0; i < FIELDS; i++) {
            int tab = line.indexOf('\t', from);
            fields[i] = line.substring(from, tab < 0 ? line.length() : tab);
            from = tab < 0 ? line.length() : tab + 1; // Of an older line the last field is missing.
        }
        return new Advertised(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], fields[6]);
    }

    /**
     * Adds a line. A known path keeps its line once its bytes are stored; before that, where they are and what they hash to
     * may change.
     */
    void put(Advertised advertised, boolean stored) {
        Advertised before = byPath.get(advertised.path());
        if (before == null) {
            add(advertised);
        } else if (!stored && !before.isSameArchive(advertised)) {
            Advertised moved = advertised.asOldAs(before);
            lines.set(lines.indexOf(before), moved);
            byPath.put(moved.path(), moved);
            firstOfVersion.replace(moved.normalized(), before, moved);
        }
    }

    private void add(Advertised advertised) {
        lines.add(advertised);
        byPath.put(advertised.path(), advertised);
        if (advertised.reference().isEmpty()) {
            firstOfVersion.put(advertised.normalized(), advertised); // It may move until it is stored, and no longer.
        } else {
            firstOfVersion.putIfAbsent(advertised.normalized(), advertised);
        }
    }

    /** Returns the line of a dist's path, or null. */
    @Nullable
    Advertised find(String path) {
        return byPath.get(path);
    }

    /** Returns the first line of a version, or null. */
    @Nullable
    Advertised findFirst(String normalized) {
        return firstOfVersion.get(normalized);
    }

    /** Returns all lines of a version, in the order first seen. */
    List<Advertised> findAll(String normalized) {
        List<Advertised> found = new ArrayList<>();
        for (Advertised line : lines) {
            if (line.normalized().equals(normalized)) {
                found.add(line);
            }
        }
        return found;
    }

    /** Returns the last line of a version that has no reference, by how the version stands in a path, or null. */
    @Nullable
    Advertised findUnreferenced(String version, String type) {
        Advertised found = null;
        for (Advertised line : lines) {
            boolean fits =
                    line.path().startsWith(version + "/rn") && line.path().endsWith("." + type);
            found = fits && line.reference().isEmpty() ? line : found;
        }
        return found;
    }

    /** Appends the file's bytes. */
    void appendTo(ByteSink sink) {
        for (Advertised line : lines) {
            sink.text(line.path()).ascii("\t").text(line.normalized()).ascii("\t");
            sink.ascii(line.reference()).ascii("\t").ascii(line.shasum()).ascii("\t");
            sink.ascii(line.firstSeen()).ascii("\t").text(line.url());
            sink.ascii(line.released().isEmpty() ? "" : "\t")
                    .ascii(line.released())
                    .ascii("\n");
        }
    }
}
