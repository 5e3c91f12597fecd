package packagebroker.core.audit;

/**
 * One decided request or background act.
 *
 * @param at when, ms since 1970
 * @param request the server-made request id
 * @param actor {@code token:<id>}, {@code setup}, {@code system} or {@code anonymous}
 * @param action verb.object, one of {@link Action}
 * @param target what it was done to: a package, a token's id, …; never a secret
 * @param status the HTTP status, or 0 for a background act
 * @param address the client's address as the edge saw it
 * @param agent the client's User-Agent, cleaned, at most 256 characters
 * @param detail JSON of what changed; secrets only as "(set)"
 */
public record AuditEvent(
        long at,
        String request,
        String actor,
        String action,
        String target,
        int status,
        String address,
        String agent,
        String detail) {

    /** Returns an act of the product's own, on nobody's behalf. */
    public static AuditEvent bySystem(long at, String action, String target, String detail) {
        return new AuditEvent(at, "", "system", action, target, 0, "", "", detail);
    }

    /** Returns {@code allow}, {@code deny} or {@code error}, as the status has it. */
    public String outcome() {
        return outcome(status);
    }

    /** Returns the outcome that belongs to a status. */
    public static String outcome(int status) {
        return status < 400 ? "allow" : status < 500 ? "deny" : "error";
    }

    /** Returns the hash that goes into the event's row: of every field but the row's number, which the database gives. */
    public String hash() {
        return new RecordHash(RecordHash.EVENT)
                .add(at)
                .add(request)
                .add(actor)
                .add(action)
                .add(target)
                .add(outcome())
                .add(status)
                .add(address)
                .add(agent)
                .add(detail)
                .hex();
    }

    /** Returns this event with another actor. */
    public AuditEvent by(String otherActor) {
        return new AuditEvent(at, request, otherActor, action, target, status, address, agent, detail);
    }

    /** Returns this event with another action, target and detail: a further act of the same request. */
    public AuditEvent as(String otherAction, String otherTarget, String otherDetail) {
        return new AuditEvent(at, request, actor, otherAction, otherTarget, status, address, agent, otherDetail);
    }
}
