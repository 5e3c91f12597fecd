package packagebroker.core.json.jackson.io;

/** Stands in for Jackson's class of this name, which quotes the input in messages that nobody may see. */
public final class ContentReference {
    private static final ContentReference UNKNOWN = new ContentReference();

    private ContentReference() {}

    public static ContentReference unknown() {
        return UNKNOWN;
    }

    public static ContentReference redacted() {
        return UNKNOWN;
    }

    public Object getRawContent() {
        return null;
    }

    public boolean hasTextualContent() {
        return false;
    }

    public String buildSourceDescription() {
        return "UNKNOWN";
    }
}
