package packagebroker.core.stats;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import packagebroker.core.json.Json;

/** How often each of some versions was installed, or downloaded: what becomes one row of {@code tally}. */
final class Tally {
    private final Map<Counted, Integer> counts = new LinkedHashMap<>();

    /** A version as the dist URL has it. */
    private record Counted(String name, String version) {}

    /** Adds one. */
    void add(String name, String version) {
        counts.merge(new Counted(name, version), 1, Integer::sum);
    }

    /** Counts a version once, however often it is named. */
    void addOnce(String name, String version) {
        counts.put(new Counted(name, version), 1);
    }

    /** Returns the number of versions. */
    int size() {
        return counts.size();
    }

    /** Returns the counts as installs, {@code [package, version, installs, downloads]} each. */
    String asInstalls() {
        return json(true);
    }

    /** Returns the counts as downloads. */
    String asDownloads() {
        return json(false);
    }

    private String json(boolean installs) {
        List<Object> rows = new ArrayList<>();
        for (Map.Entry<Counted, Integer> entry : counts.entrySet()) {
            int count = entry.getValue();
            rows.add(List.of(
                    entry.getKey().name(), entry.getKey().version(), installs ? count : 0, installs ? 0 : count));
        }
        return Json.write(rows);
    }
}
