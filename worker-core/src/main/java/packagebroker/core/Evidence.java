package packagebroker.core;

import java.util.List;
import packagebroker.core.access.PrincipalCache;
import packagebroker.core.access.RevocationStore;
import packagebroker.core.port.Ports;
import packagebroker.core.proof.Archive;
import packagebroker.core.proof.AuditEndpoints;
import packagebroker.core.proof.Sealer;
import packagebroker.core.proof.Trail;
import packagebroker.core.relay.Anchor;
import packagebroker.core.relay.Webhook;
import packagebroker.core.review.Overdue;
import packagebroker.core.review.ReviewEndpoints;
import packagebroker.core.review.ReviewStore;
import packagebroker.core.upstream.UrlGuard;
import packagebroker.core.work.Chore;

/** The part of the graph that proves the audit log, and hands it on; and the reviews, which are signed with the same key. */
record Evidence(AuditEndpoints endpoints, ReviewEndpoints reviews, Sealer sealer, List<Chore> chores) {
    static Evidence of(Ports ports, Settings.Audit settings, Keys keys, UrlGuard guard, PrincipalCache principals) {
        Sealer sealer = new Sealer(ports, keys.signing());
        Archive archive = new Archive(ports, new Archive.Ages(settings.archiveDays(), settings.retentionDays()));
        Trail trail = new Trail(ports, archive);
        Settings.Receivers to = settings.receivers();
        ReviewStore reviews = new ReviewStore(ports.database());
        return new Evidence(
                new AuditEndpoints(trail, sealer, keys.signing(), ports.digests()),
                new ReviewEndpoints(
                        reviews, new RevocationStore(ports.database()), keys.signing(), principals, ports.random()),
                sealer,
                List.of(
                        new Overdue(reviews, ports.random()),
                        archive,
                        new Anchor(ports, guard, trail, to.anchor()),
                        new Webhook(ports, guard, trail, to.webhook(), to.secret())));
    }
}
