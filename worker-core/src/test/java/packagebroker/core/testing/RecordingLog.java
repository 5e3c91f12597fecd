package packagebroker.core.testing;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.port.Log;

/**
 * Keeps what was logged. A line that holds a secret, a URL with a query or a URL with a user makes the call fail, and
 * {@link #lines} as well, in case somebody caught that.
 */
public final class RecordingLog implements Log {
    private final List<String> lines = new ArrayList<>();
    private final List<String> secrets = new ArrayList<>();
    private final List<String> leaks = new ArrayList<>();

    /** Names a text that must never be in a line. */
    public synchronized void forbid(String secret) {
        secrets.add(secret);
    }

    /** Returns the lines so far: {@code level event name=value …}. */
    public synchronized List<String> lines() {
        if (!leaks.isEmpty()) {
            throw new AssertionError("expected no secrets in the log but found " + leaks);
        }
        return List.copyOf(lines);
    }

    @Override
    public void write(String level, String event, String... fields) {
        keep(line(level, event, fields).toString());
    }

    @Override
    public void failure(String event, Throwable failure, String... fields) {
        StringBuilder line = line("error", event, fields);
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            line.append(" | ").append(cause);
        }
        keep(line.toString());
    }

    private static StringBuilder line(String level, String event, String... fields) {
        if (fields.length % 2 != 0) {
            throw new IllegalArgumentException("expected names and values in turn");
        }
        StringBuilder line = new StringBuilder(level).append(' ').append(event);
        for (int i = 0; i < fields.length; i += 2) {
            line.append(' ').append(fields[i]).append('=').append(fields[i + 1]);
        }
        return line;
    }

    private synchronized void keep(String line) {
        lines.add(line);
        for (String secret : secrets) {
            refuse(line.contains(secret), line);
        }
        for (int at = line.indexOf("://"); at >= 0; at = line.indexOf("://", at + 1)) {
            int end = at;
            while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
                end++;
            }
            String url = line.substring(at, end);
            refuse(url.contains("?") || url.contains("@"), line);
        }
    }

    private void refuse(boolean leak, String line) {
        if (leak) {
            leaks.add(line);
            throw new AssertionError("expected no secret in the log but found one in: " + line);
        }
    }
}
