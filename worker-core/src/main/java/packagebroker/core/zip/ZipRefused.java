package packagebroker.core.zip;

/** An archive is damaged, can be read in more than one way, or is more than anybody unpacks. */
public final class ZipRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean large;

    private ZipRefused(boolean large, String message) {
        super(message, null, false, false);
        this.large = large;
    }

    /** Returns one for what is wrong. */
    public static ZipRefused wrong(String message) {
        return new ZipRefused(false, message);
    }

    /** Returns one for what is too much. */
    public static ZipRefused tooMuch(String message) {
        return new ZipRefused(true, message);
    }

    /** Returns whether there is too much of something, rather than something wrong. */
    public boolean isTooMuch() {
        return large;
    }

    /** Returns what was expected and what was found. */
    public String text() {
        return "" + getMessage();
    }
}
