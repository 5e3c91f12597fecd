package packagebroker.core.text;

import java.util.ArrayList;
import java.util.List;

/** Words separated by single spaces: a list in a text column. */
public final class Words {
    private Words() {}

    /** Returns the words; none for an empty text. */
    public static List<String> of(String separated) {
        return separated(separated, ' ');
    }

    /** Returns the parts that another character separates; none for an empty text. */
    public static List<String> separated(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int next = text.indexOf(separator, from);
            int end = next < 0 ? text.length() : next;
            parts.add(text.substring(from, end));
            from = end + 1;
        }
        return parts;
    }
}
