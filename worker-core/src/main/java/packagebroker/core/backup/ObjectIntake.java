package packagebroker.core.backup;

import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;
import packagebroker.core.port.Digests;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.ObjectStoreException;
import packagebroker.core.port.Ports;
import packagebroker.core.text.Hex;

/** Puts objects back under their old keys: small ones at once, large ones in parts. */
final class ObjectIntake {
    private static final int PART = 5 << 20;

    private final ObjectStore objects;
    private final Digests digests;
    private final RestoreStore store;

    ObjectIntake(Ports ports, RestoreStore store) {
        this.objects = ports.objects();
        this.digests = ports.digests();
        this.store = store;
    }

    /**
     * Stores an object, unless it is there: objects never change.
     *
     * @return whether the bytes had this digest; if not, nothing is stored
     */
    boolean receive(String key, Body body, String sha256, long now) {
        Body first = body.next(PART);
        try {
            if (first != null && first.length() == PART) {
                return receiveParts(key, body, first, sha256, now);
            }
            objects.put(key, first == null ? Body.empty() : first, sha256);
            return true;
        } catch (ObjectStoreException e) {
            if (objects.head(key) != null) {
                return true; // It was sent before.
            }
            if (e.digestDiffers()) {
                return false;
            }
            throw e;
        }
    }

    private boolean receiveParts(String key, Body body, Body first, String sha256, long now) {
        if (objects.head(key) != null) {
            body.cancel();
            return true;
        }
        String before = store.findUpload(key);
        if (before != null) {
            abort(objects.upload(key, before));
        }
        ObjectStore.Upload upload = objects.upload(key, null);
        boolean noted = false;
        try {
            store.noteUpload(key, upload.id(), now);
            noted = true;
        } finally {
            if (!noted) {
                upload.abort();
            }
        }
        Digests.Running digest = digests.sha256();
        int number = 1;
        for (@Nullable Body part = first; part != null; part = body.next(PART)) {
            digest.update(part);
            upload.part(number++, part);
            body.reuse(part);
        }
        boolean same = Hex.of(digest.finish()).equals(sha256);
        if (same) {
            upload.complete();
        } else {
            upload.abort();
        }
        store.forgetUpload(key);
        return same;
    }

    private static void abort(ObjectStore.Upload cutOff) {
        try {
            cutOff.abort();
        } catch (ObjectStoreException e) {
            return; // It is gone already; and if the store is away, the next call says so.
        }
    }
}
