package packagebroker.core.registry;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.composer.PackagePattern;
import packagebroker.core.json.Json;

/**
 * Which names an answer may hold: ranges of names in their order, which is that of the table's key. A name that begins with
 * some text lies between that text and the same with a tilde behind it, since a tilde comes after all that a name consists of.
 */
final class Scope {
    private static final String LAST = "~";

    private final List<List<String>> ranges;

    private Scope(List<List<String>> ranges) {
        this.ranges = ranges;
    }

    /** Returns the scope of what any of the patterns matches. */
    static Scope of(List<PackagePattern> patterns) {
        List<List<String>> ranges = new ArrayList<>();
        for (PackagePattern pattern : patterns) {
            String text = pattern.text();
            ranges.add(text.endsWith("*") ? prefix(text.substring(0, text.length() - 1)) : List.of(text, text));
        }
        return new Scope(ranges);
    }

    private static List<String> prefix(String text) {
        return List.of(text, text + LAST);
    }

    /** Returns the names of this scope that begin with a text. */
    Scope startingWith(String text) {
        return within(prefix(text));
    }

    /** Returns the scope of this one name, if it is within this scope. */
    Scope only(String name) {
        return within(List.of(name, name));
    }

    private Scope within(List<String> other) {
        List<List<String>> narrowed = new ArrayList<>();
        for (List<String> range : ranges) {
            String low = range.get(0).compareTo(other.get(0)) < 0 ? other.get(0) : range.get(0);
            String high = range.get(1).compareTo(other.get(1)) > 0 ? other.get(1) : range.get(1);
            if (low.compareTo(high) <= 0) {
                narrowed.add(List.of(low, high));
            }
        }
        return new Scope(narrowed);
    }

    /** Returns whether no name is within. */
    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Returns where the first range begins. */
    String low() {
        String low = LAST;
        for (List<String> range : ranges) {
            low = range.get(0).compareTo(low) < 0 ? range.get(0) : low;
        }
        return low;
    }

    /** Returns where the last range ends. */
    String high() {
        String high = "";
        for (List<String> range : ranges) {
            high = range.get(1).compareTo(high) > 0 ? range.get(1) : high;
        }
        return high;
    }

    /** Returns the ranges as JSON; empty if there is nothing between {@link #low} and {@link #high} that is not within. */
    String gaps() {
        for (List<String> range : ranges) {
            if (range.get(0).equals(low()) && range.get(1).equals(high())) {
                return "";
            }
        }
        return Json.write(ranges);
    }
}
