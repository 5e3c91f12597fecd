package packagebroker.core.access;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.http.Request;
import packagebroker.core.json.Json;
import packagebroker.core.port.Row;

/** One request on its way through the rooms: what was asked, by whom, and what is to be remembered of it. */
public final class Call {
    private static final int MAX_AGENT = 256;

    private final Request request;
    private final String prefix;
    private final List<String> parameters;
    private final String requestId;
    private final long startedAt;
    private Principal principal = Principal.NOBODY;
    private @Nullable List<Row> rows;
    private String target = "";
    private boolean placed;
    private boolean limited;
    private boolean changing;

    /**
     * Creates a call.
     *
     * @param prefix the part of the raw path that comes before the route's pattern
     * @param parameters the raw segments that the pattern names
     */
    public Call(Request request, String prefix, List<String> parameters, String requestId, long startedAt) {
        this.request = request;
        this.prefix = prefix;
        this.placed = prefix.isEmpty();
        this.parameters = parameters;
        this.requestId = requestId;
        this.startedAt = startedAt;
    }

    /** Returns the request. */
    public Request request() {
        return request;
    }

    /** Returns what comes before {@link #path}: the path of the base URL, once the gate has let the call through. */
    String prefix() {
        return prefix;
    }

    /** Returns the raw path within this instance. */
    public String path() {
        return request.path().substring(prefix.length());
    }

    /** Returns whether the path leads into this instance, as far as one can say: of a prefix only the gate can. */
    public boolean isPlaced() {
        return placed;
    }

    /** Records that the prefix is that of this instance. */
    void place() {
        placed = true;
    }

    /** Returns the raw parameter at {@code index}, still percent-encoded. */
    public String parameter(int index) {
        return parameters.get(index);
    }

    /** Returns the server-made id. */
    public String requestId() {
        return requestId;
    }

    /** Returns when the call began, ms since 1970. */
    public long startedAt() {
        return startedAt;
    }

    /** Returns who is asking; nobody before the gate. */
    public Principal principal() {
        return principal;
    }

    /**
     * Returns the rows of the route's own read, made together with the token's; null if it was not made. Where the read found
     * nothing, there is one row whose columns are all NULL.
     */
    public @Nullable List<Row> rows() {
        return rows;
    }

    /** Returns the client's address as the edge saw it, or null; what the client says itself counts for nothing. */
    @Nullable
    String address() {
        return request.findHeader("cf-connecting-ip");
    }

    /** Returns whether the token that is read in the round trip of the call is one of a customer, which is limited. */
    public boolean isOfCustomer() {
        return limited;
    }

    /** Records that the token shown is one of a customer. */
    void ofCustomer() {
        limited = true;
    }

    /** Lets the call through. */
    void allow(Principal allowed, @Nullable List<Row> found) {
        this.principal = allowed;
        this.rows = found;
    }

    /** Names what the call is about, for the audit log. */
    public void about(String subject) {
        this.target = subject;
    }

    /** Returns whether the call was about to make a change, which is recorded with it. */
    public boolean isChanging() {
        return changing;
    }

    /** Returns the audit event of this call for a change that is about to be made. */
    public AuditEvent change(String action, String subject, @Nullable Object... detail) {
        changing = true;
        about(subject);
        return event(action, 200).as(action, subject, Json.write(Json.object(detail)));
    }

    /** Returns the audit event of this call, answered with a status. */
    public AuditEvent event(String action, int status) {
        String address = address();
        String agent = request.findHeader("user-agent");
        return new AuditEvent(
                startedAt,
                requestId,
                principal.actor(),
                action,
                clean(target),
                status,
                address == null ? "" : clean(address),
                agent == null ? "" : clean(agent),
                "{}");
    }

    /** Returns a text without control characters and overrides of direction, so that it stays one field of one line, and reads as it is. */
    private static String clean(String text) {
        int length = Math.min(text.length(), MAX_AGENT);
        StringBuilder plain = null;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean control = c < ' ' || (c >= 0x7F && c < 0xA0);
            boolean override = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
            if (plain == null && (control || override)) {
                plain = new StringBuilder(length).append(text, 0, i);
            }
            if (plain != null) {
                plain.append(control || override ? ' ' : c);
            }
        }
        return plain != null ? plain.toString() : length == text.length() ? text : text.substring(0, length);
    }
}
