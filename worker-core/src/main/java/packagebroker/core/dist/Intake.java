package packagebroker.core.dist;

import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;
import packagebroker.core.port.Digests;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.text.Hex;

/**
 * Reads an archive from an upstream part by part, hashing as it goes, into an object that nothing names yet. One part becomes
 * a single put whose digest the store checks; more become a multipart upload.
 */
final class Intake {
    private static final int MAGIC_BYTES = 262;

    private final ObjectStore objects;
    private final Digests digests;
    private final PartBuffers buffers;
    private final DistStore store;

    Intake(ObjectStore objects, Digests digests, PartBuffers buffers, DistStore store) {
        this.objects = objects;
        this.digests = digests;
        this.buffers = buffers;
        this.store = store;
    }

    /** What came in; not yet in the ledger. */
    record Received(String sha256, String sha1, long size) {}

    /** The bytes are not the ones they should be; nothing is left of them. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String what) {
            super(what);
        }
    }

    /** What an archive must be: of this type, with this SHA-1 and SHA-256 in hex; an empty one demands nothing. */
    record Expected(String type, String sha1, String sha256) {}

    /**
     * Stores an archive under a new object.
     *
     * @throws Refused if it is not what was expected
     * @throws packagebroker.core.http.TransferException if it does not arrive whole
     */
    Received receive(Body archive, String object, Expected expected, long now) {
        int lease = buffers.lend();
        try {
            Digests.Running sha256 = digests.sha256();
            Digests.Running sha1 = digests.sha1();
            Body first = archive.next(PartBuffers.PART);
            requireArchive(first, expected.type());
            boolean more = first != null && first.length() == PartBuffers.PART;
            if (first != null && more) {
                return receiveParts(new Transfer(archive, object, sha256, sha1, lease), first, expected, now);
            }
            Body only = first == null ? Body.empty() : first;
            sha256.update(only);
            sha1.update(only);
            Received received = new Received(Hex.of(sha256.finish()), Hex.of(sha1.finish()), only.length());
            requireExpected(received, expected);
            objects.put(object, only, received.sha256());
            return received;
        } finally {
            buffers.giveBack(lease);
        }
    }

    /** A multipart transfer under way. */
    private record Transfer(Body archive, String object, Digests.Running sha256, Digests.Running sha1, int lease) {}

    private Received receiveParts(Transfer transfer, Body first, Expected expected, long now) {
        ObjectStore.Upload upload = objects.upload(transfer.object(), null);
        boolean complete = false;
        try {
            store.recordUpload(transfer.object(), upload.id(), now);
            long size = 0;
            int number = 1;
            for (Body part = first; part != null; part = transfer.archive().next(PartBuffers.PART)) {
                buffers.renew(transfer.lease());
                transfer.sha256().update(part);
                transfer.sha1().update(part);
                upload.part(number++, part);
                size += part.length();
                transfer.archive().reuse(part); // else each part is garbage of 5 MiB, collected when the isolate likes
            }
            Received received = new Received(
                    Hex.of(transfer.sha256().finish()), Hex.of(transfer.sha1().finish()), size);
            requireExpected(received, expected);
            upload.complete();
            complete = true;
            return received;
        } finally {
            if (!complete) {
                upload.abort();
                store.forgetUpload(transfer.object());
            }
        }
    }

    private static void requireExpected(Received received, Expected expected) {
        if (!expected.sha1().isEmpty() && !expected.sha1().equals(received.sha1())) {
            throw new Refused("expected the SHA-1 that the upstream stated but the bytes have another");
        }
        if (!expected.sha256().isEmpty() && !expected.sha256().equals(received.sha256())) {
            throw new Refused("expected the bytes that were first seen but found others");
        }
    }

    private static void requireArchive(@Nullable Body first, String type) {
        byte[] start = first == null ? new byte[0] : first.start(MAGIC_BYTES);
        boolean fits = switch (type) {
            case "zip" -> startsWith(start, 0x50, 0x4B);
            case "tar" -> isTar(start) || isCompressed(start);
            case "gzip" -> startsWith(start, 0x1F, 0x8B);
            case "xz" -> startsWith(start, 0xFD, 0x37);
            default -> start.length > 0 && start[0] != '<';
        };
        if (!fits) {
            throw new Refused("expected an archive of type " + type + " but found something else");
        }
    }

    private static boolean isTar(byte[] start) {
        return start.length == MAGIC_BYTES && start[257] == 'u' && start[258] == 's' && start[259] == 't';
    }

    private static boolean isCompressed(byte[] start) {
        return startsWith(start, 0x1F, 0x8B) || startsWith(start, 0x42, 0x5A) || startsWith(start, 0xFD, 0x37);
    }

    private static boolean startsWith(byte[] bytes, int first, int second) {
        return bytes.length > 1 && (bytes[0] & 0xFF) == first && (bytes[1] & 0xFF) == second;
    }
}
