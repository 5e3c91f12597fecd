package packagebroker.core.mirror;

import java.util.List;
import java.util.Map;
import packagebroker.core.alert.Alert;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonSlice;

/** What Composer prints for the people who use a package some of whose versions are refused (P48). */
final class Warnings {
    /** Where they stand in a file. */
    static final String KEY = "warnings";

    private static final int MAX_NAMED = 20;

    private Warnings() {}

    /**
     * Adds a warning for each refused version, before those of the upstream.
     *
     * @param extras the keys beside the packages as they are kept
     * @param served these keys as our clients read them
     */
    static void add(Map<String, JsonSlice> extras, Map<String, JsonSlice> served, List<Alert> refused) {
        if (refused.isEmpty()) {
            return;
        }
        ByteSink json = new ByteSink(256).ascii("[");
        for (int i = 0; i < refused.size() && i < MAX_NAMED; i++) {
            json.ascii(i == 0 ? "" : ",");
            append(json, text(refused.get(i)));
        }
        if (refused.size() > MAX_NAMED) {
            json.ascii(",");
            append(json, (refused.size() - MAX_NAMED) + " more versions are refused likewise");
        }
        JsonSlice others = extras.get(KEY);
        if (others != null && others.cursor().atArray() && others.length() > 2) {
            ByteSink rest = new ByteSink(others.length());
            others.appendTo(rest);
            json.ascii(",").append(rest.toBytes(), 1, rest.length());
        } else {
            json.ascii("]");
        }
        JsonSlice warnings = JsonSlice.of(json.toBytes());
        extras.put(KEY, warnings);
        served.put(KEY, warnings);
    }

    private static String text(Alert refused) {
        String version = refused.packageName() + " " + refused.version();
        return refused.kind() == Alert.Kind.RETAG
                ? version + " names another reference at its source now (" + refused.reference()
                        + "); the one seen first stands until somebody accepts the other"
                : version
                        + " has other bytes at its source now; those seen first stand until somebody accepts the others";
    }

    private static void append(ByteSink json, String message) {
        json.text(Json.write(Json.object("message", message, "versions", "*")));
    }
}
