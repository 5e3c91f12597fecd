package packagebroker.entry.adapter;

import org.teavm.jso.typedarrays.Int8Array;
import packagebroker.core.http.Body;
import packagebroker.core.port.Digests;
import packagebroker.entry.js.Bytes;
import packagebroker.entry.js.DigestStream;
import packagebroker.entry.js.StreamWriter;
import packagebroker.entry.js.SubtleCrypto;

/** Hashing by WebCrypto, over pieces by workerd's {@code DigestStream}. */
public final class WebDigests implements Digests {
    /** Creates one. */
    public WebDigests() {}

    @Override
    public byte[] sha256(byte[] bytes) {
        return Bytes.signed(Promises.await(SubtleCrypto.sha256(Int8Array.fromJavaArray(bytes))))
                .toJavaArray();
    }

    @Override
    public Running sha256() {
        return new StreamDigest("SHA-256");
    }

    @Override
    public Running sha1() {
        return new StreamDigest("SHA-1");
    }

    private static final class StreamDigest implements Running {
        private final DigestStream stream;
        private final StreamWriter writer;

        StreamDigest(String algorithm) {
            stream = DigestStream.create(algorithm);
            writer = stream.getWriter();
        }

        @Override
        public void update(Body piece) {
            Promises.done(writer.write(Pieces.view(piece)));
        }

        @Override
        public byte[] finish() {
            Promises.done(writer.close());
            return Bytes.signed(Promises.await(stream.getDigest())).toJavaArray();
        }
    }
}
