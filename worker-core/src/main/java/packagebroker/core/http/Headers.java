package packagebroker.core.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Header fields. Names are lower case; the entry answers {@link #find} straight from the runtime's own object. */
public interface Headers {
    /** Returns the value of the field with this lower-case name, or null. */
    @Nullable
    String find(String name);

    /** Returns the names and values in turn; empty where they cannot be listed. */
    List<String> pairs();

    /** Returns fields from names and values in turn. */
    static Headers of(String... namesAndValues) {
        return new Pairs(List.of(namesAndValues));
    }

    /** Returns these fields and one more. */
    default Headers with(String name, String value) {
        List<String> all = new ArrayList<>(pairs());
        all.add(name);
        all.add(value);
        return new Pairs(all);
    }

    /** Fields as a flat list; few enough that a scan beats a map. */
    record Pairs(List<String> pairs) implements Headers {
        @Override
        public @Nullable String find(String name) {
            for (int i = 0; i + 1 < pairs.size(); i += 2) {
                if (pairs.get(i).equals(name)) {
                    return pairs.get(i + 1);
                }
            }
            return null;
        }
    }
}
