package packagebroker.core.rotation;

import packagebroker.core.port.Statement;
import packagebroker.core.secrets.Safe;

/** A column of sealed texts that a room has. */
public interface SealedColumn {
    /** Returns the place of a row's sealed text. */
    Safe.Place place(String row);

    /** Returns the read of how many texts ({@code n}) each key ({@code id}) has sealed. */
    Statement counts();

    /** Returns the read of up to {@code limit} texts ({@code row}, {@code sealed}) in the order of their rows, that another key has sealed. */
    Statement sealedByOthers(String key, String afterRow, int limit);

    /**
     * Returns the change that replaces texts which are still what they were.
     *
     * @param replacements JSON: a list of lists of a row, the text that is there and the one that is to be
     */
    Statement replacement(String replacements);
}
