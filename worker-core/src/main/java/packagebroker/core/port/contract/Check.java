package packagebroker.core.port.contract;

/**
 * One promise of a port, executable.
 *
 * @param port the port's name
 * @param name what is promised, as a sentence
 * @param proof throws if the promise is broken
 */
public record Check(String port, String name, Proof proof) {
    /** The executable part of a check. */
    public interface Proof {
        /** Exercises the port and throws {@link BrokenPromise} if it does not behave. */
        void run();
    }

    /** A port did not keep a promise. */
    public static final class BrokenPromise extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** Creates one with what was expected and what was found. */
        public BrokenPromise(String message) {
            super(message);
        }
    }
}
