package packagebroker.core.testing;

import java.util.ArrayList;
import java.util.TreeMap;
import packagebroker.core.http.Body;
import packagebroker.core.port.ObjectStore;

/** An upload under R2's rules: all parts but the last of one size, at least 5 MiB. */
final class FileUpload implements ObjectStore.Upload {
    private static final int SMALLEST = 5 << 20;
    private static final int MOST = 10_000;

    private final FileObjects objects;
    private final String key;
    private final String id;
    private final TreeMap<Integer, byte[]> parts = new TreeMap<>();
    private boolean open = true;

    FileUpload(FileObjects objects, String key, String id) {
        this.objects = objects;
        this.key = key;
        this.id = id;
    }

    String key() {
        return key;
    }

    boolean isOpen() {
        return open;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public void part(int number, Body piece) {
        byte[] bytes = Pieces.of(piece).clone(); // the memory of the piece may be used again
        objects.call(Counts.WRITES, () -> {
            mustBeOpen();
            if (number < 1 || number > MOST) {
                throw FileObjects.refused("Part number must be between 1 and 10000, inclusive. (10025)");
            }
            parts.put(number, bytes);
            return null;
        });
    }

    @Override
    public void complete() {
        objects.call(Counts.WRITES, () -> {
            mustBeOpen();
            checkSizes();
            objects.publish(key, new ArrayList<>(parts.values()));
            open = false;
            parts.clear();
            return null;
        });
    }

    @Override
    public void abort() {
        objects.call(Counts.WRITES, () -> {
            open = false;
            parts.clear();
            return null;
        });
    }

    private void mustBeOpen() {
        if (!open) {
            throw FileObjects.refused("The specified multipart upload does not exist. (10024)");
        }
    }

    private void checkSizes() {
        if (parts.isEmpty()) {
            throw FileObjects.refused("expected at least one part");
        }
        int size = parts.firstEntry().getValue().length;
        for (int number : parts.headMap(parts.lastKey()).keySet()) {
            int found = parts.get(number).length;
            if (found < SMALLEST) {
                throw FileObjects.refused(
                        "Your proposed upload is smaller than the minimum allowed object size. (10011)");
            }
            if (found != size) {
                throw FileObjects.refused("There was a problem with the multipart upload. (10048)");
            }
        }
        if (parts.lastEntry().getValue().length > size) {
            throw FileObjects.refused("There was a problem with the multipart upload. (10048)");
        }
    }
}
