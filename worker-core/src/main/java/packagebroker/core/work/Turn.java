package packagebroker.core.work;

import packagebroker.core.audit.AuditEvent;

/**
 * What a step is told.
 *
 * @param subject what it is done for, one of {@link Chore#subjects}
 * @param cursor where the last step ended; empty at first
 * @param baseUrl the URL this instance is reached by
 * @param cause the event on whose behalf changes are made
 */
public record Turn(String subject, String cursor, String baseUrl, AuditEvent cause) {
    /** Returns when the step began, ms since 1970. */
    public long now() {
        return cause.at();
    }

    /** Returns the event of the system's own act at a time; {@code request} names the job. */
    static AuditEvent cause(String request, long now) {
        return new AuditEvent(now, request, "system", "", "", 0, "", "", "{}");
    }
}
