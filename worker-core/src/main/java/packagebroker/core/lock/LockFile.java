package packagebroker.core.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.json.JsonText;

/** A composer.lock as its bytes, with the packages that it names. */
final class LockFile {
    private static final int MAX_PACKAGES = 2_000;

    private final byte[] json;
    private final List<LockedPackage> packages = new ArrayList<>();

    private LockFile(byte[] json) {
        this.json = json;
    }

    /**
     * Reads a lock.
     *
     * @throws JsonException if it is none
     */
    static LockFile read(byte[] json) {
        LockFile file = new LockFile(JsonText.clean(json));
        if (json.length == 0) {
            throw JsonException.malformed("expected JSON but found nothing");
        }
        JsonCursor cursor = JsonSlice.of(json).cursor();
        if (!cursor.atObject()) {
            throw JsonException.unexpected("expected a composer.lock: an object");
        }
        Map<String, JsonSlice> fields = cursor.fields();
        cursor.requireEnd();
        if (fields == null || !fields.containsKey("packages")) {
            throw JsonException.unexpected("expected a composer.lock: packages, and each key once");
        }
        for (String section : List.of("packages", "packages-dev")) {
            JsonSlice list = fields.get(section);
            if (list != null && !list.is("null")) {
                file.readPackages(section, list.cursor());
            }
        }
        return file;
    }

    private void readPackages(String section, JsonCursor cursor) {
        if (!cursor.atArray()) {
            throw JsonException.unexpected("expected a list at $." + section);
        }
        cursor.enter();
        while (cursor.nextElement()) {
            if (packages.size() == MAX_PACKAGES) {
                throw JsonException.unexpected("expected at most " + MAX_PACKAGES + " packages");
            }
            JsonSlice entry = cursor.atObject() ? cursor.slice() : null;
            Map<String, JsonSlice> fields = entry == null ? null : entry.findFields();
            if (entry == null || fields == null) {
                throw JsonException.unexpected("expected objects with each key once at $." + section);
            }
            packages.add(new LockedPackage(section, entry, fields));
        }
    }

    /** Returns the bytes. */
    byte[] json() {
        return json;
    }

    /** Returns the packages in their order. */
    List<LockedPackage> packages() {
        return packages;
    }
}
