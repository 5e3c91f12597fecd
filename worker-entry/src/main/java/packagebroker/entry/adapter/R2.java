package packagebroker.entry.adapter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;
import packagebroker.core.http.Body;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.ObjectStoreException;
import packagebroker.entry.js.R2Bucket;
import packagebroker.entry.js.R2MultipartUpload;
import packagebroker.entry.js.R2Object;
import packagebroker.entry.js.R2Objects;
import packagebroker.entry.js.ReadableStream;
import packagebroker.entry.js.Values;

/** R2. */
public final class R2 implements ObjectStore {
    private static final String DIGEST_DIFFERS = "(10037)";

    private final R2Bucket bucket;
    private final Counters counters;

    /** Creates one over a bucket. */
    public R2(R2Bucket bucket, Counters counters) {
        this.bucket = bucket;
        this.counters = counters;
    }

    @Override
    public @Nullable Stored get(String key, @Nullable Range range) {
        counters.objectGet();
        R2Object object = find(
                range == null
                        ? bucket.get(key)
                        : bucket.getRange(key, (double) range.offset(), (double) range.length()));
        if (object == null) {
            return null;
        }
        long size = (long) object.getSize();
        ReadableStream stream = object.body();
        if (stream == null) {
            return new Stored(key, size, Body.empty());
        }
        long length = range == null ? size : Math.min(range.length(), size - range.offset());
        return new Stored(key, size, new StreamBody(stream, length));
    }

    @Override
    public @Nullable Stored head(String key) {
        counters.objectGet();
        R2Object object = find(bucket.head(key));
        return object == null ? null : new Stored(key, (long) object.getSize(), Body.empty());
    }

    @Override
    public void put(String key, Body piece, @Nullable String sha256) {
        counters.objectPut();
        JSObject bytes = Pieces.view(piece);
        R2Object object = find(sha256 == null ? bucket.create(key, bytes) : bucket.create(key, bytes, sha256));
        if (object == null) {
            throw new ObjectStoreException(false, "expected a new key but found an object under " + key);
        }
    }

    @Override
    public Upload upload(String key, @Nullable String uploadId) {
        if (uploadId != null) {
            return new Multipart(bucket.resumeMultipartUpload(key, uploadId), counters);
        }
        counters.objectOther();
        return new Multipart(await(bucket.createMultipartUpload(key)), counters);
    }

    @Override
    public void delete(String key) {
        counters.objectOther();
        find(bucket.delete(key));
    }

    @Override
    public List<Listed> list(String prefix, @Nullable String after, int limit) {
        counters.objectOther();
        R2Objects listing = await(bucket.list(prefix, after == null ? "" : after, limit));
        Values objects = listing.getObjects();
        List<Listed> listed = new ArrayList<>(objects.size());
        for (int i = 0; i < objects.size(); i++) {
            R2Object object = (R2Object) objects.at(i);
            listed.add(new Listed(object.getKey(), (long) object.storedAt()));
        }
        return listed;
    }

    private static <T extends JSObject> T await(JSPromise<T> promise) {
        try {
            return Promises.await(promise);
        } catch (JsException e) {
            throw refusal(e);
        }
    }

    private static <T extends JSObject> @Nullable T find(JSPromise<T> promise) {
        try {
            return Promises.find(promise);
        } catch (JsException e) {
            throw refusal(e);
        }
    }

    private static ObjectStoreException refusal(JsException e) {
        boolean digestDiffers = e.text().contains(DIGEST_DIFFERS);
        ObjectStoreException refusal = new ObjectStoreException(digestDiffers, e.text());
        refusal.initCause(e);
        return refusal;
    }

    /** A multipart upload; R2 wants to be given back what it answered to each part. */
    private static final class Multipart implements Upload {
        private final R2MultipartUpload upload;
        private final Counters counters;
        private final List<Integer> numbers = new ArrayList<>();
        private final Values parts = Values.create();

        Multipart(R2MultipartUpload upload, Counters counters) {
            this.upload = upload;
            this.counters = counters;
        }

        @Override
        public String id() {
            return upload.getUploadId();
        }

        @Override
        public void part(int number, Body piece) {
            counters.objectPut();
            JSObject answer = await(upload.uploadPart(number, Pieces.view(piece)));
            // A part that is sent again takes the place of the first.
            int index = numbers.indexOf(number);
            if (index < 0) {
                numbers.add(number);
                parts.add(answer);
            } else {
                parts.set(index, answer);
            }
        }

        @Override
        public void complete() {
            counters.objectOther();
            await(upload.complete(parts));
        }

        @Override
        public void abort() {
            counters.objectOther();
            find(upload.abort());
        }
    }
}
