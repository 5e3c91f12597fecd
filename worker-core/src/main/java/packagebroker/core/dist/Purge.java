package packagebroker.core.dist;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Version;
import packagebroker.core.json.Json;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.Log;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.ObjectStoreException;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.upstream.UpstreamStore;
import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/**
 * Gives names free and removes what is stored for them, in steps that begin where the last one ended. A row always goes before
 * its object: what a step that broke off leaves behind is an object that nothing names.
 */
public final class Purge implements Chore {
    private static final int ARCHIVES = 15;
    private static final int PACKAGES = 5;
    /** How many steps a call does itself; what is left is done in the background. */
    private static final int FIRST_STEPS = 2;

    private static final String PACKAGE = "package:";

    private final PurgeStore store;
    private final ObjectStore objects;
    private final Dists dists;
    private final UpstreamStore upstreams;
    private final Log log;

    /** Creates it. */
    public Purge(Ports ports, Dists dists, UpstreamStore upstreams) {
        this.store = new PurgeStore(ports.database());
        this.objects = ports.objects();
        this.dists = dists;
        this.upstreams = upstreams;
        this.log = ports.log();
    }

    /** Gives a name free, and with {@code purge} hides its archives; returns false if nothing is known of it. */
    boolean release(PackageName name, boolean purge, AuditEvent event) {
        if (!store.isKnown(name)) {
            return false;
        }
        store.release(List.of(name.toString()), purge, "", List.of(event));
        forget();
        return true;
    }

    /** Returns the statements that hide the archives of a version and have them removed in the background; only what was published here. */
    public static List<Statement> hide(PackageName name, String normalized, long now) {
        return PurgeStore.hide(name, Version.pathSegment(normalized), now);
    }

    private void forget() {
        upstreams.forget();
        dists.forget();
    }

    @Override
    public String kind() {
        return "purge";
    }

    /** Returns one subject while there is something to purge, so that a job is there only then and takes nobody's turn. */
    @Override
    public List<String> subjects() {
        return store.next() == null ? List.of() : List.of("");
    }

    @Override
    public Cost cost() {
        return new Cost(PACKAGES + 12, ARCHIVES);
    }

    /** Does a step; where the last one ended stands in the table. */
    @Override
    public Progress step(Turn turn) {
        if (upstreams.isFrozen()) {
            return new Progress("", 0); // What was asked for before an incident may be a part of it.
        }
        step(turn.cause());
        return new Progress("", 0);
    }

    /** Does the first steps. The name is free whatever becomes of them: what breaks off here goes on in the background. */
    void begin(AuditEvent cause) {
        try {
            boolean more = true;
            for (int i = 0; i < FIRST_STEPS && more; i++) {
                more = step(cause);
            }
        } catch (DatabaseException e) {
            log.failure("purge.begin", e, "package", cause.target());
        }
    }

    /** Does a step, at most 15 archives or 5 packages; returns whether there was anything to do. */
    private boolean step(AuditEvent cause) {
        Row next = store.next();
        if (next == null) {
            return false;
        }
        String subject = next.text("subject");
        if (subject.startsWith(PACKAGE)) {
            removeArchives(subject, cause);
        } else {
            releasePackages(subject, next.text("after"), cause);
        }
        return true;
    }

    private void removeArchives(String subject, AuditEvent cause) {
        String name = subject.substring(PACKAGE.length());
        List<Row> archives = store.purging(name, ARCHIVES);
        if (archives.isEmpty()) {
            store.done(subject);
            return;
        }
        List<Object> paths = new ArrayList<>();
        for (Row row : archives) {
            paths.add(row.text("version") + "/r" + row.text("reference") + "." + row.text("type"));
        }
        String detail = Json.write(Json.object("archives", paths));
        String done = archives.size() < ARCHIVES ? subject : null;
        store.forget(name, archives, done, cause.as(Action.PURGE_DISTS, name, detail));
        dists.forget();
        for (Row row : archives) {
            remove(row.text("artifact"));
        }
    }

    private void remove(String artifact) {
        try {
            objects.delete(artifact);
        } catch (ObjectStoreException e) {
            log.failure("purge.object", e, "object", artifact); // Nothing names it any more: it is for the sweep.
        }
    }

    private void releasePackages(String subject, String after, AuditEvent cause) {
        String upstream = subject.substring(subject.indexOf(':') + 1);
        List<String> names = store.owned(upstream, after, PACKAGES);
        if (names.isEmpty()) {
            store.done(subject);
            return;
        }
        List<AuditEvent> events = new ArrayList<>();
        for (String name : names) {
            events.add(cause.as(Action.PURGE_PACKAGE, name, Json.write(Json.object("upstream", upstream))));
        }
        store.release(names, true, subject, events);
        forget();
    }
}
