package packagebroker.core;

import packagebroker.core.access.Call;
import packagebroker.core.access.Gate;
import packagebroker.core.access.Permission;
import packagebroker.core.audit.Action;
import packagebroker.core.http.Response;

/**
 * One row of the table of contents.
 *
 * @param permission what the caller needs; there is no default
 * @param action what the audit log calls it; empty for what it does not record
 * @param recorded whether the handler records the change itself, in the batch that makes it
 * @param lookup the reads that share the token's round trip
 * @param handler what answers
 */
record Route(Permission permission, String action, boolean recorded, Gate.Lookup lookup, Handler handler) {
    /** Returns whether an instance answers it that is not, or not wholly, there: its health, and its setup. */
    boolean isForNewInstances() {
        return permission == Permission.PUBLIC && (action.isEmpty() || action.equals(Action.SETUP));
    }

    /** Answers a call that was let through. */
    interface Handler {
        Response handle(Call call);
    }
}
