package packagebroker.core.text;

import java.util.ArrayList;
import java.util.List;

/** Words separated by single spaces: a list in a text column. */
public final class Words {
    private Words() {}

    /** Returns the words; none for an empty text. */
    public static List<String> of(String separated) {
        List<String> words = new ArrayList<>();
        int from = 0;
        while (from < separated.length()) {
            int space = separated.indexOf(' ', from);
            int end = space < 0 ? separated.length() : space;
            words.add(separated.substring(from, end));
            from = end + 1;
        }
        return words;
    }
}
