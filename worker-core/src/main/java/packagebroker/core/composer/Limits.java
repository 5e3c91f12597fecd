package packagebroker.core.composer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Sha256;
import packagebroker.core.text.Utf8;
import packagebroker.core.text.Words;

/**
 * What is open to somebody who may not see everything. A version is open if one of the limits opens it, and its package belongs to
 * one of the upstreams.
 *
 * @param all the limits; none for who is not limited to some versions
 * @param upstreams the ids of the upstreams; none for who is not limited to some
 * @param changedAt when they were last changed, ms in whole seconds; 0 if they are as they were at first
 */
public record Limits(List<Limit> all, List<String> upstreams, long changedAt) {
    /** Limits nothing. */
    public static final Limits NONE = new Limits(List.of(), List.of(), 0);

    private static final int KEY_DIGITS = 32;

    private static final String LAST = "~";

    /** Returns whether nothing is limited. */
    public boolean isEmpty() {
        return all.isEmpty() && upstreams.isEmpty();
    }

    /** Returns whether some versions only are open, of whatever upstream. */
    public boolean areOfVersions() {
        return !all.isEmpty();
    }

    /** Returns the same for the packages of some upstreams only. */
    public Limits of(List<String> some) {
        return new Limits(all, some, changedAt);
    }

    /** Returns what is open of a package. */
    public Opening of(PackageName name) {
        List<Limit> selecting = new ArrayList<>();
        for (Limit limit : all) {
            if (limit.pattern().matches(name)) {
                selecting.add(limit);
            }
        }
        return new Opening(selecting, all.isEmpty() ? "" : key(selecting), upstreams, changedAt);
    }

    /**
     * What is open of one package.
     *
     * @param limits those that select the package
     * @param key what names them all: the same for everybody to whom the same is open; empty if no version is kept back
     * @param upstreams the upstreams to one of which the package has to belong; none if it does not matter
     */
    public record Opening(List<Limit> limits, String key, List<String> upstreams, long changedAt) {
        /** Returns whether no version is kept back. */
        public boolean isWhole() {
            return key.isEmpty();
        }

        /**
         * Returns whether a version is open.
         *
         * @param segment the version as it stands in the path of an archive
         * @param released when it was released, or 0 if nobody knows
         */
        public boolean admits(String segment, long released) {
            for (Limit limit : limits) {
                if (limit.admits(segment, released)) {
                    return true;
                }
            }
            return isWhole();
        }

        /** Returns whether a version is open unless it was released too late. */
        public boolean admitsInTime(String segment) {
            return admits(segment, 1);
        }
    }

    private static String key(List<Limit> selecting) {
        List<String> distinct = new ArrayList<>();
        for (Limit limit : selecting) {
            if (limit.isOpen()) {
                return "";
            }
            String text = limit.versions() + "\t" + limit.until();
            if (!distinct.contains(text)) {
                distinct.add(text);
            }
        }
        distinct.sort(String::compareTo);
        return Hex.of(Sha256.of("limits-v1:" + String.join("\n", distinct))).substring(0, KEY_DIGITS);
    }

    /**
     * Returns the limits as they are stored: JSON, for each its pattern, constraint and date, the first and the last name that it may
     * select, and the key of what is open of those packages of which it is the narrowest. Patterns are nested or apart, so the
     * narrowest one that selects a package tells all others that do.
     */
    public String stored() {
        List<Object> rows = new ArrayList<>();
        for (Limit limit : all) {
            List<Limit> selecting = new ArrayList<>();
            for (Limit other : all) {
                if (other.pattern().covers(limit.pattern())) {
                    selecting.add(other);
                }
            }
            rows.add(List.of(
                    limit.pattern().text(),
                    limit.versions(),
                    "" + limit.until(),
                    limit.low(),
                    limit.high(),
                    key(selecting)));
        }
        return rows.isEmpty() ? "" : Json.write(rows);
    }

    /** Returns the first name that may be selected. */
    public String low() {
        String low = LAST;
        for (Limit limit : all) {
            low = limit.low().compareTo(low) < 0 ? limit.low() : low;
        }
        return low;
    }

    /** Returns the last name that may be selected. */
    public String high() {
        String high = "";
        for (Limit limit : all) {
            high = limit.high().compareTo(high) > 0 ? limit.high() : high;
        }
        return high;
    }

    /** Returns the limits of stored texts. */
    public static Limits parse(String stored, String upstreams, long changedAt) {
        List<String> ids = Words.of(upstreams);
        if (stored.isEmpty()) {
            return ids.isEmpty() ? NONE : NONE.of(ids);
        }
        List<Limit> limits = new ArrayList<>();
        JsonCursor cursor = JsonSlice.of(Utf8.encode(stored)).cursor();
        cursor.enter();
        while (cursor.nextElement()) {
            cursor.enter();
            List<String> row = new ArrayList<>();
            while (cursor.nextElement()) {
                @Nullable String text = cursor.text();
                row.add(text == null ? "" : text);
            }
            limits.add(new Limit(PackagePattern.parse(row.get(0)), row.get(1), Long.parseLong(row.get(2))));
        }
        return new Limits(limits, ids, changedAt);
    }

    /** Returns the patterns as texts, each once. */
    public List<String> patterns() {
        List<String> patterns = new ArrayList<>();
        for (Limit limit : all) {
            if (!patterns.contains(limit.pattern().text())) {
                patterns.add(limit.pattern().text());
            }
        }
        return patterns;
    }

    /** Returns the limits as people read them. */
    public List<Object> shown() {
        List<Object> shown = new ArrayList<>();
        for (Limit limit : all) {
            shown.add(Json.object(
                    "pattern",
                    limit.pattern().text(),
                    "versions",
                    limit.versions().isEmpty() ? null : limit.versions(),
                    "until",
                    limit.until() == 0 ? null : limit.until()));
        }
        return shown;
    }
}
