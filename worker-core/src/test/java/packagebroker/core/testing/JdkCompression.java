package packagebroker.core.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import packagebroker.core.port.Compression;

/** Compression of the JDK. */
public final class JdkCompression implements Compression {
    @Override
    public byte[] gzip(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    @Override
    public byte[] gunzip(byte[] packed, int limit) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] plain = in.readNBytes(limit);
            if (in.read() >= 0) {
                throw new IllegalArgumentException("expected at most " + limit + " bytes but found more");
            }
            return plain;
        } catch (IOException e) {
            throw new IllegalArgumentException("expected gzip but found something else", e);
        }
    }

    @Override
    public byte[] inflate(byte[] packed, int limit) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            byte[] plain = new byte[limit + 1];
            int length = 0;
            int more = 1;
            while (more > 0) {
                more = inflater.inflate(plain, length, plain.length - length);
                length += more;
            }
            if (!inflater.finished() || inflater.getRemaining() > 0 || length > limit) {
                throw new IllegalArgumentException("expected what deflates " + limit + " bytes at most");
            }
            return Arrays.copyOf(plain, length);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("expected deflate but found something else", e);
        } finally {
            inflater.end();
        }
    }
}
