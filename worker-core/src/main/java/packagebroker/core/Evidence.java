package packagebroker.core;

import java.util.List;
import packagebroker.core.port.Ports;
import packagebroker.core.proof.Archive;
import packagebroker.core.proof.AuditEndpoints;
import packagebroker.core.proof.Sealer;
import packagebroker.core.proof.Trail;
import packagebroker.core.relay.Anchor;
import packagebroker.core.relay.Webhook;
import packagebroker.core.upstream.UrlGuard;
import packagebroker.core.work.Chore;

/** The part of the graph that proves the audit log, and hands it on. */
record Evidence(AuditEndpoints endpoints, Sealer sealer, List<Chore> chores) {
    static Evidence of(Ports ports, Settings.Audit settings, Keys keys, UrlGuard guard) {
        Sealer sealer = new Sealer(ports, keys.signing());
        Archive archive = new Archive(ports, new Archive.Ages(settings.archiveDays(), settings.retentionDays()));
        Trail trail = new Trail(ports, archive);
        Settings.Receivers to = settings.receivers();
        return new Evidence(
                new AuditEndpoints(trail, sealer, keys.signing(), ports.digests()),
                sealer,
                List.of(
                        archive,
                        new Anchor(ports, guard, trail, to.anchor()),
                        new Webhook(ports, guard, trail, to.webhook(), to.secret())));
    }
}
