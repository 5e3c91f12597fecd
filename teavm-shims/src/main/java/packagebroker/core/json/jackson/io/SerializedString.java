package packagebroker.core.json.jackson.io;

/** Stands in for Jackson's class of this name, of which one is made for printing, which nobody does. */
public final class SerializedString {
    @SuppressWarnings("unused") // as it is itself
    public SerializedString(String text) {}
}
