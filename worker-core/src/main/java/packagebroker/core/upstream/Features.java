package packagebroker.core.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.text.Utf8;

/**
 * What an upstream offers beside packages, as its {@code packages.json} says it. Every URL is resolved and one that may be
 * called; what leads elsewhere is not offered.
 *
 * @param isKnown whether the root was ever read
 * @param advisories its security advisories
 * @param filter its filter lists
 * @param changesUrl where it tells what has changed lately, or null
 */
public record Features(
        boolean isKnown,
        Advisories advisories,
        Filter filter,
        @Nullable String changesUrl) {

    /** Those of an upstream whose root was never read. */
    public static final Features UNKNOWN = new Features(false, Advisories.NONE, Filter.NONE, null);

    /** Those of what is no Composer repository. */
    public static final Features NONE = new Features(true, Advisories.NONE, Filter.NONE, null);

    private static final int MAX_LISTS = 20;
    private static final int MAX_LIST_NAME = 50;
    private static final int MAX_URL = 2_048;

    // Composer drops them silently, so that no list can pass for a check of its own.
    private static final List<String> RESERVED = List.of(
            "advisories",
            "abandoned",
            "package",
            "packages",
            "license",
            "licence",
            "licenses",
            "licences",
            "support",
            "maintenance",
            "security",
            "minimum-release-age");

    /**
     * Security advisories.
     *
     * @param metadata whether the files of packages hold them
     * @param apiUrl where they can be asked for, or null
     */
    public record Advisories(boolean metadata, @Nullable String apiUrl) {
        static final Advisories NONE = new Advisories(false, null);

        /** Returns whether there are any. */
        public boolean isOffered() {
            return metadata || apiUrl != null;
        }
    }

    /**
     * Filter lists, of which a client knows nothing unless the files of packages hold them.
     *
     * @param lists their names; none where there is no filter
     * @param summaryUrl what each list says of which package, in one file, or null
     * @param apiUrl where entries can be asked for, or null
     */
    public record Filter(
            List<String> lists,
            @Nullable String summaryUrl,
            @Nullable String apiUrl) {
        static final Filter NONE = new Filter(List.of(), null, null);

        /** Returns whether there are any. */
        public boolean isOffered() {
            return !lists.isEmpty();
        }

        /** Returns the names of the lists as one text. */
        String names() {
            return String.join(" ", lists);
        }

        /** Returns whether the files of packages hold the entries, and a summary says which. */
        public boolean isSummarized() {
            return apiUrl == null && summaryUrl != null;
        }

        /** Returns whether nothing but the files of packages holds the entries. */
        public boolean isInFilesOnly() {
            return isOffered() && apiUrl == null && summaryUrl == null;
        }
    }

    /** Resolves a URL of a root. */
    interface Resolver {
        /** Returns the URL, or null if it may not be called. */
        @Nullable
        String find(String url);
    }

    /** Returns what a root offers. */
    static Features of(RepositoryRoot root, Resolver urls) {
        Map<String, JsonSlice> advisories = root.object("security-advisories");
        Map<String, JsonSlice> filter = root.object("filter");
        List<String> lists = isTrue(filter.get("metadata")) ? lists(filter.get("lists")) : List.of();
        String changes = root.findUrl("metadata-changes-url");
        return new Features(
                true,
                new Advisories(isTrue(advisories.get("metadata")), url(advisories.get("api-url"), urls)),
                lists.isEmpty()
                        ? Filter.NONE
                        : new Filter(lists, url(filter.get("summary-url"), urls), url(filter.get("api-url"), urls)),
                changes == null || changes.length() > MAX_URL ? null : urls.find(changes));
    }

    private static boolean isTrue(@Nullable JsonSlice value) {
        return value != null && value.is("true");
    }

    private static @Nullable String url(@Nullable JsonSlice value, Resolver urls) {
        String text = value == null ? null : value.findText();
        return text == null || text.isEmpty() || text.length() > MAX_URL ? null : urls.find(text);
    }

    private static List<String> lists(@Nullable JsonSlice value) {
        Map<String, JsonSlice> listed = value == null ? null : value.findFields();
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, JsonSlice> list :
                listed == null ? List.<Map.Entry<String, JsonSlice>>of() : listed.entrySet()) {
            Map<String, JsonSlice> fields = list.getValue().findFields();
            boolean enabled = fields != null && isTrue(fields.get("enabled"));
            if (enabled && isListName(list.getKey()) && names.size() < MAX_LISTS) {
                names.add(list.getKey());
            }
        }
        return List.copyOf(names);
    }

    /** Returns whether a text can name a list: short, plain, and none of Composer's own words (P9). */
    public static boolean isListName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return !name.isEmpty()
                && name.length() <= MAX_LIST_NAME
                && !name.startsWith("ignore")
                && !RESERVED.contains(name);
    }

    /** Returns the features that a column holds. */
    public static Features parse(String text) {
        if (text.isEmpty()) {
            return UNKNOWN;
        }
        JsonObject json = Json.read(Utf8.encode(text));
        List<String> lists = json.findTexts("lists", MAX_LIST_NAME);
        return new Features(
                true,
                new Advisories(json.flag("advisories", false), json.findText("advisories-url", MAX_URL)),
                new Filter(
                        lists == null ? List.of() : lists,
                        json.findText("summary-url", MAX_URL),
                        json.findText("filter-url", MAX_URL)),
                json.findText("changes-url", MAX_URL));
    }

    /** Returns what the column holds; empty while nothing is known. */
    public String text() {
        if (!isKnown) {
            return "";
        }
        return Json.write(Json.object(
                "advisories",
                advisories.metadata(),
                "advisories-url",
                advisories.apiUrl(),
                "lists",
                filter.lists(),
                "summary-url",
                filter.summaryUrl(),
                "filter-url",
                filter.apiUrl(),
                "changes-url",
                changesUrl));
    }
}
