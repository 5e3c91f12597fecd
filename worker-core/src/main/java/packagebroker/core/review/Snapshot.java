package packagebroker.core.review;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.TokenEndpoints;
import packagebroker.core.identity.PersonEndpoints;
import packagebroker.core.identity.RuleEndpoints;
import packagebroker.core.json.Json;
import packagebroker.core.port.Row;
import packagebroker.core.text.Words;

/**
 * Who could do what at a moment: a line of JSON for the whole, and one for each person, token and rule. It is kept as text, so
 * that what was signed is what is shown.
 *
 * @param lines without their line breaks
 */
record Snapshot(List<String> lines) {
    private static final int PAGE = 200_000;
    private static final String ITEM = "{\"item\":\"";
    private static final String ID = "\",\"id\":\"";

    /** One line of it, by what identifies it. */
    record Item(String kind, String id) {}

    /** Takes one of rows, after a first line that says what it is of. */
    static Snapshot of(Map<String, @Nullable Object> head, ReviewStore.Present present) {
        List<String> lines = new ArrayList<>();
        lines.add(Json.write(head));
        for (Row row : present.people()) {
            lines.add(line("person", PersonEndpoints.described(row)));
        }
        for (Row row : present.tokens()) {
            lines.add(line("token", TokenEndpoints.listed(row)));
        }
        for (Row row : present.rules()) {
            lines.add(line("rule", RuleEndpoints.described(row)));
        }
        return new Snapshot(lines);
    }

    private static String line(String kind, Map<String, @Nullable Object> described) {
        Map<String, @Nullable Object> item = Json.object("item", kind);
        item.putAll(described); // its first field is the id
        return Json.write(item);
    }

    /** Returns the one that was stored in pages. */
    static Snapshot stored(List<Row> pages) {
        StringBuilder text = new StringBuilder();
        for (Row page : pages) {
            text.append(page.text("body"));
        }
        return new Snapshot(Words.separated(text.toString(), '\n'));
    }

    /** Returns the text in pieces that a row can hold. */
    List<String> pages() {
        List<String> pages = new ArrayList<>();
        StringBuilder page = new StringBuilder();
        for (String line : lines) {
            page.append(line).append('\n');
            if (page.length() > PAGE) {
                pages.add(page.toString());
                page.setLength(0);
            }
        }
        pages.add(page.toString());
        return pages;
    }

    /** Returns the lines of items, after the first one. */
    List<String> itemLines() {
        return lines.subList(1, lines.size());
    }

    /** Returns what the snapshot holds. */
    Set<Item> items() {
        Set<Item> items = new HashSet<>();
        for (String line : itemLines()) {
            items.add(itemOf(line));
        }
        return items;
    }

    /** Returns what a line is about. */
    static Item itemOf(String line) {
        int kindEnd = line.indexOf('"', ITEM.length());
        int idStart = kindEnd + ID.length();
        return new Item(line.substring(ITEM.length(), kindEnd), line.substring(idStart, line.indexOf('"', idStart)));
    }
}
