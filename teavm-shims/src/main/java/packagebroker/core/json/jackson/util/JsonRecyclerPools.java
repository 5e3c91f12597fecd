package packagebroker.core.json.jackson.util;

/** Stands in for Jackson's pools for threads: a Worker has one thread, and no two parsers are open longer than a call takes. */
public final class JsonRecyclerPools {
    private static final RecyclerPool<BufferRecycler> POOL = new SpareRecycler();

    private JsonRecyclerPools() {}

    public static RecyclerPool<BufferRecycler> defaultPool() {
        return POOL;
    }

    public static RecyclerPool<BufferRecycler> nonRecyclingPool() {
        return POOL;
    }

    /** Keeps one; a second one that is asked for meanwhile is new. */
    private static final class SpareRecycler implements RecyclerPool<BufferRecycler> {
        private BufferRecycler spare;

        @Override
        public BufferRecycler acquireAndLinkPooled() {
            BufferRecycler recycler = spare == null ? new BufferRecycler() : spare;
            spare = null;
            return recycler.withPool(this);
        }

        @Override
        public void releasePooled(BufferRecycler recycler) {
            spare = recycler;
        }
    }
}
