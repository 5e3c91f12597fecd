package packagebroker.core.composer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Expands and minifies the versions of a package, one step at a time, as Composer's {@code MetadataMinifier} does: each
 * version lists what differs from the one before it, and {@code "__unset"} for a key that it lacks. Values are opaque, so
 * that raw slices of JSON pass through untouched; JSON's null is a value like any other.
 */
public final class MetadataMinifier {

    private MetadataMinifier() {}

    /**
     * Returns the version that follows {@code previous}, which is the expanded version before it.
     *
     * @param previous the version before, expanded; empty for the first
     * @param diff the minified version
     * @param isUnset recognises the value that removes a key
     */
    public static <V> Map<String, V> apply(Map<String, V> previous, Map<String, V> diff, Predicate<V> isUnset) {
        Map<String, V> expanded = new LinkedHashMap<>(previous);
        for (Map.Entry<String, V> change : diff.entrySet()) {
            // Composer takes a version literally when nothing precedes it, even a marker.
            if (isUnset.test(change.getValue()) && !previous.isEmpty()) {
                expanded.remove(change.getKey());
            } else {
                expanded.put(change.getKey(), change.getValue());
            }
        }
        return expanded;
    }

    /**
     * Returns what is to be listed for {@code current}: keys that are new or have another value, then keys to remove.
     *
     * <p>Removed keys come in the order of {@code previous}. To get Composer's bytes in every case, pass what a client
     * knows by then, which is {@code apply(previous, diff, unset::equals)} of the step before.
     *
     * @param previous the version before, expanded; empty for the first
     * @param current the version to minify
     * @param unset the value that removes a key
     */
    public static <V> Map<String, V> diff(Map<String, V> previous, Map<String, V> current, V unset) {
        Map<String, V> minified = new LinkedHashMap<>();
        for (Map.Entry<String, V> entry : current.entrySet()) {
            if (!entry.getValue().equals(previous.get(entry.getKey()))) {
                minified.put(entry.getKey(), entry.getValue());
            }
        }
        for (String key : previous.keySet()) {
            if (!current.containsKey(key)) {
                minified.put(key, unset);
            }
        }
        return minified;
    }
}
