package packagebroker.core.publish;

import org.jspecify.annotations.Nullable;
import packagebroker.core.dist.Deposits.Deposit;
import packagebroker.core.http.Body;
import packagebroker.core.port.Compression;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.ObjectStoreException;
import packagebroker.core.zip.LocalHeaders;
import packagebroker.core.zip.ZipDirectory;
import packagebroker.core.zip.ZipEntry;
import packagebroker.core.zip.ZipRefused;
import packagebroker.core.zip.ZipTail;

/** Looks through an archive that is stored and not visible yet. Of all its entries only {@code composer.json} is unpacked. */
final class Examination {
    private static final String COMPOSER_JSON = "composer.json";
    private static final int MAX_JSON = 1 << 20;

    private final ObjectStore objects;
    private final Compression compression;

    Examination(ObjectStore objects, Compression compression) {
        this.objects = objects;
        this.compression = compression;
    }

    /**
     * Returns the bytes of an archive's {@code composer.json}.
     *
     * @throws ZipRefused if the archive is none that everybody unpacks to the same tree of files
     */
    byte[] composerJson(Deposit deposit) {
        String object = deposit.object();
        long size = deposit.size();
        int end = (int) Math.min(size, ZipTail.BYTES);
        ZipTail tail = ZipTail.of(open(object, size - end, end).bytes(end), size);
        if (tail.length() == 0) {
            throw missing();
        }
        byte[] bytes = open(object, tail.offset(), tail.length()).bytes(tail.length());
        ZipDirectory directory = ZipDirectory.read(bytes, tail, size);
        directory.requireTree();
        ZipEntry root = directory.find(COMPOSER_JSON);
        @Nullable ZipEntry entry = root == null ? directory.find(directory.top() + COMPOSER_JSON) : root;
        if (entry == null) {
            throw missing();
        }
        if (entry.size() > MAX_JSON || entry.packed() > MAX_JSON) {
            throw ZipRefused.tooMuch("expected at most " + MAX_JSON + " bytes of composer.json");
        }
        LocalHeaders.compare(open(object, 0, tail.offset()), directory, tail);
        long span = Math.min(entry.span(), size - entry.offset());
        byte[] held = open(object, entry.offset(), span).bytes((int) span);
        return entry.unpacked(held, compression::inflate);
    }

    private static ZipRefused missing() {
        return ZipRefused.wrong("expected composer.json at the top of the archive, or in the only folder there");
    }

    private Body open(String object, long offset, long length) {
        ObjectStore.Stored stored = objects.get(object, new ObjectStore.Range(offset, length));
        if (stored == null) {
            throw new ObjectStoreException(false, "expected the archive that was just stored but found none");
        }
        return stored.body();
    }
}
