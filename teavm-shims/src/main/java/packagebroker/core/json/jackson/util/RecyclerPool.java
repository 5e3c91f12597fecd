package packagebroker.core.json.jackson.util;

/** Stands in for Jackson's interface of this name, without its kinds of pools. */
public interface RecyclerPool<P extends RecyclerPool.WithPool<P>> {
    P acquireAndLinkPooled();

    void releasePooled(P pooled);

    /** What can be pooled. */
    interface WithPool<P extends WithPool<P>> {
        P withPool(RecyclerPool<P> pool);

        void releaseToPool();
    }
}
