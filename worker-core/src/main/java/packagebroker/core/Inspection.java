package packagebroker.core;

import packagebroker.core.dist.LedgerEndpoints;
import packagebroker.core.dist.LedgerStore;
import packagebroker.core.port.Ports;
import packagebroker.core.upstream.FreezeEndpoints;
import packagebroker.core.upstream.FreezeStore;
import packagebroker.core.upstream.UpstreamStore;

/** The part of the graph for incidents and for whoever looks into the instance from outside. */
record Inspection(
        FreezeEndpoints freezes, EvidenceEndpoints configuration, LedgerEndpoints ledger, Deployment deployment) {
    static Inspection of(Ports ports, Settings settings, Keys keys, UpstreamStore upstreams) {
        FreezeStore freezes = new FreezeStore(ports.database());
        Deployment deployment = new Deployment(new DeploymentStore(ports.database()), settings, keys);
        return new Inspection(
                new FreezeEndpoints(freezes, upstreams),
                new EvidenceEndpoints(deployment, settings, upstreams, freezes),
                new LedgerEndpoints(new LedgerStore(ports.database())),
                deployment);
    }
}
