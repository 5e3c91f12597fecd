package packagebroker.core.testing;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A part of a stream. */
final class PartStream extends FilterInputStream {
    private long left;

    PartStream(InputStream in, long offset, long length) throws IOException {
        super(in);
        in.skipNBytes(offset);
        left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(length, left));
        left -= Math.max(count, 0);
        return count;
    }
}
