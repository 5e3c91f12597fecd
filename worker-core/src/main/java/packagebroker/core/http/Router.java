package packagebroker.core.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds what answers a path. A pattern such as {@code /p2/{vendor}/{file}} matches segment by segment; what stands in
 * braces is handed over raw, still percent-encoded. A path that matches as a whole is taken so; else it is tried without its
 * first segments, since an instance may live below a path of its host. Whether those are that path, the caller has to check.
 *
 * @param <T> what a pattern leads to
 */
public final class Router<T> {
    /** The most segments that may come before a pattern. */
    public static final int MAX_PREFIX = 4;

    private static final List<String> ROOT = List.of("");

    private final Map<String, List<Entry<T>>> byFirstSegment = new HashMap<>();

    /** A pattern and where it leads. */
    private record Entry<T>(String method, List<String> segments, T target) {}

    /**
     * What was found: a target with its parameters in the order of the pattern, or, with a null target, the methods that the
     * path has.
     *
     * @param prefix the raw path before the pattern, such as {@code /org}; mostly empty
     */
    public record Match<T>(@Nullable T target, List<String> parameters, String allowed, String prefix) {}

    /** Adds a pattern. */
    public void add(String method, String pattern, T target) {
        List<String> segments = segments(pattern);
        byFirstSegment
                .computeIfAbsent(segments.get(0), first -> new ArrayList<>())
                .add(new Entry<>(method, segments, target));
    }

    /** Returns what answers, or null if the path leads nowhere. HEAD is answered by GET. */
    public @Nullable Match<T> find(String method, String path) {
        List<String> segments = segments(path);
        String wanted = method.equals("HEAD") ? "GET" : method;
        Match<T> match = find(wanted, segments, 0, "");
        int end = 0;
        int deepest = Math.min(segments.size(), MAX_PREFIX);
        for (int first = 1; match == null && first <= deepest; first++) {
            end += 1 + segments.get(first - 1).length();
            String prefix = path.substring(0, Math.min(end, path.length()));
            boolean whole = first == segments.size();
            match = whole ? find(wanted, ROOT, 0, prefix) : find(wanted, segments, first, prefix);
        }
        return match;
    }

    private @Nullable Match<T> find(String method, List<String> segments, int first, String prefix) {
        List<Entry<T>> entries = byFirstSegment.get(segments.get(first));
        if (entries == null) {
            return null;
        }
        String allowed = "";
        for (Entry<T> entry : entries) {
            if (matches(entry.segments(), segments, first)) {
                if (entry.method().equals(method)) {
                    return new Match<>(entry.target(), parameters(entry.segments(), segments, first), "", prefix);
                }
                allowed += (allowed.isEmpty() ? "" : ", ") + entry.method();
            }
        }
        return allowed.isEmpty() ? null : new Match<>(null, List.of(), allowed, prefix);
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>(6);
        int from = 1;
        for (int slash = path.indexOf('/', 1); slash >= 0; slash = path.indexOf('/', from)) {
            segments.add(path.substring(from, slash));
            from = slash + 1;
        }
        segments.add(path.substring(Math.min(from, path.length())));
        return segments;
    }

    private static boolean matches(List<String> pattern, List<String> path, int first) {
        if (pattern.size() != path.size() - first) {
            return false;
        }
        for (int i = 0; i < pattern.size(); i++) {
            String segment = path.get(first + i);
            boolean fits = isParameter(pattern.get(i))
                    ? !segment.isEmpty()
                    : pattern.get(i).equals(segment);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static List<String> parameters(List<String> pattern, List<String> path, int first) {
        List<String> parameters = new ArrayList<>(4);
        for (int i = 0; i < pattern.size(); i++) {
            if (isParameter(pattern.get(i))) {
                parameters.add(path.get(first + i));
            }
        }
        return parameters;
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{");
    }
}
