package packagebroker.core.json.jackson.util;

/** Stands in for Jackson's class of this name, of which we reach the failures only; the rest brings regular expressions with it. */
public final class VersionUtil {
    private VersionUtil() {}

    public static void throwInternal() {
        throw new IllegalStateException("expected this code never to be reached");
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // as its callers know it
    public static <T> T throwInternalReturnAny() {
        throw new IllegalStateException("expected this code never to be reached");
    }
}
