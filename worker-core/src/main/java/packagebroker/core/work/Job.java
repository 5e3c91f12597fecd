package packagebroker.core.work;

import packagebroker.core.port.Row;

/**
 * A row of {@code job}.
 *
 * @param leaseUntil 0, or until when the step under way has it for itself; one that was cut off never gives it back
 * @param tries how many steps were begun since one last succeeded
 * @param ranAt when the last step that succeeded began, or 0
 * @param problem why the last one failed, or empty
 */
record Job(
        String kind,
        String subject,
        String cursor,
        long notBefore,
        long leaseUntil,
        int tries,
        long ranAt,
        String problem) {

    static Job of(Row row) {
        return new Job(
                row.text("kind"),
                row.text("subject"),
                row.text("cursor"),
                row.number("not_before"),
                row.number("lease_until"),
                (int) row.number("tries"),
                row.number("ran_at"),
                row.text("problem"));
    }

    boolean isDue(long now) {
        return notBefore <= now && leaseUntil <= now;
    }

    boolean isFor(String otherKind, String otherSubject) {
        return kind.equals(otherKind) && subject.equals(otherSubject);
    }
}
