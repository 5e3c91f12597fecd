package packagebroker.core.port;

/** Randomness fit for secrets, from the runtime; it fails rather than fall back. */
public interface Random {
    /** Returns {@code count} random bytes. */
    byte[] bytes(int count);
}
