package packagebroker.core.json.jackson.util;

/** Stands in for Jackson's class of this name, whose arrays of buffers are made for threads. Kept are the buffers that parsing texts takes. */
public final class BufferRecycler implements RecyclerPool.WithPool<BufferRecycler> {
    private static final int[] LENGTHS = {4000, 4000, 200, 200};

    private final char[][] spare = new char[LENGTHS.length][];
    private RecyclerPool<BufferRecycler> pool;

    public char[] allocCharBuffer(int kind) {
        return allocCharBuffer(kind, 0);
    }

    public char[] allocCharBuffer(int kind, int length) {
        char[] buffer = spare[kind];
        spare[kind] = null;
        return buffer == null || buffer.length < length ? new char[Math.max(length, LENGTHS[kind])] : buffer;
    }

    public void releaseCharBuffer(int kind, char[] buffer) {
        if (spare[kind] == null || spare[kind].length < buffer.length) {
            spare[kind] = buffer;
        }
    }

    @SuppressWarnings("unused") // bytes are parsed where they are: there are no buffers of them
    public void releaseByteBuffer(int kind, byte[] buffer) {}

    @Override
    public BufferRecycler withPool(RecyclerPool<BufferRecycler> from) {
        pool = from;
        return this;
    }

    @Override
    public void releaseToPool() {
        if (pool != null) {
            RecyclerPool<BufferRecycler> to = pool;
            pool = null;
            to.releasePooled(this);
        }
    }

    /** What lends one. */
    public interface Gettable {
        BufferRecycler bufferRecycler();
    }
}
