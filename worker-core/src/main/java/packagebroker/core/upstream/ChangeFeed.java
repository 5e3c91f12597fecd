package packagebroker.core.upstream;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageFile;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonSlice;

/**
 * What a repository says has changed since a time: its {@code metadata-changes-url}.
 *
 * @param timestamp what to ask with the next time, in 1/10000 s since 1970
 * @param isResync whether it cannot say what has changed: anything may have
 * @param files each file that changed: true if it has gone
 * @see <a href="https://packagist.org/apidoc#track-package-updates">Tracking package updates</a>
 */
public record ChangeFeed(long timestamp, boolean isResync, Map<PackageFile, Boolean> files) {
    /** How many units of its times a millisecond has. */
    public static final long UNITS = 10;

    private static final int MAX_ACTIONS = 4_000;
    private static final long DAY_MILLIS = 86_400_000;

    /** Returns the feed that says nothing but to look at everything again, as of a time in ms. */
    static ChangeFeed resync(long now) {
        return new ChangeFeed(now * UNITS, true, Map.of());
    }

    /**
     * Returns the feed that cleaned bytes hold. More changes than we take in are as good as a resync; names that are none are
     * left out.
     *
     * @throws JsonException if they hold none, or its time is far ahead of ours: it would silence the feed for good
     */
    static ChangeFeed parse(byte[] json, long now) {
        JsonCursor cursor = JsonSlice.of(json).cursor();
        if (!cursor.atObject()) {
            throw JsonException.unexpected("expected an object");
        }
        Map<PackageFile, Boolean> files = new LinkedHashMap<>();
        long timestamp = -1;
        boolean resync = false;
        cursor.enter();
        for (String key = cursor.nextKey(); key != null; key = cursor.nextKey()) {
            if (key.equals("timestamp")) {
                timestamp = cursor.slice().findNumber();
            } else if (key.equals("actions") && cursor.atArray()) {
                resync = readActions(cursor, files);
            } else {
                cursor.skip();
            }
        }
        cursor.requireEnd();
        if (timestamp <= 0 || timestamp > (now + DAY_MILLIS) * UNITS) {
            throw JsonException.unexpected("expected a timestamp");
        }
        return new ChangeFeed(timestamp, resync, resync ? Map.of() : files);
    }

    /** Reads the actions into {@code files} and returns whether they come down to a resync. */
    private static boolean readActions(JsonCursor cursor, Map<PackageFile, Boolean> files) {
        boolean resync = false;
        int actions = 0;
        cursor.enter();
        while (cursor.nextElement()) {
            if (++actions > MAX_ACTIONS || !cursor.atObject()) {
                resync |= actions > MAX_ACTIONS;
                cursor.skip();
                continue;
            }
            Map<String, JsonSlice> action = cursor.fields();
            if (action != null) {
                resync |= read(text(action, "type"), text(action, "package"), files);
            }
        }
        return resync;
    }

    private static String text(Map<String, JsonSlice> action, String key) {
        JsonSlice value = action.get(key);
        String text = value == null ? null : value.findText();
        return text == null ? "" : text;
    }

    private static boolean read(String type, String name, Map<PackageFile, Boolean> files) {
        if (type.equals("resync") && name.equals("*")) {
            return true;
        }
        @Nullable PackageFile file = PackageFile.find(name);
        if (file != null && (type.equals("update") || type.equals("delete") || type.equals("resync"))) {
            files.put(file, type.equals("delete")); // The last word on a file counts.
        }
        return false;
    }
}
