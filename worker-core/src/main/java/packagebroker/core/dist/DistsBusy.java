package packagebroker.core.dist;

/** Too many archives are on their way into the store: all part buffers are lent and none came back in time. */
public final class DistsBusy extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DistsBusy() {
        super("expected a free part buffer within 10 s but all are in use");
    }
}
