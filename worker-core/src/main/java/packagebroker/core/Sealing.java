package packagebroker.core;

import java.util.List;
import packagebroker.core.backup.Restoring;
import packagebroker.core.port.Ports;
import packagebroker.core.rotation.KeyEndpoints;
import packagebroker.core.rotation.Reseal;
import packagebroker.core.secrets.KeyRing;
import packagebroker.core.secrets.SelfTest;
import packagebroker.core.upstream.CredentialCheck;
import packagebroker.core.upstream.CredentialStore;
import packagebroker.core.upstream.FreezeStore;
import packagebroker.core.work.Chore;

/** The part of the graph that sees to secrets at rest: the keys that seal them, and whether they still work. */
record Sealing(KeyEndpoints endpoints, CredentialStore credentials, HealthEndpoints.Safety safety, List<Chore> chores) {
    static Sealing of(Ports ports, Settings settings, KeyRing ring, Sources sources, Restoring restoring) {
        CredentialStore credentials = new CredentialStore(ports.database());
        SelfTest test = new SelfTest(ports.digests(), ports.signatures(), ports.vault(), ports.random());
        return new Sealing(
                new KeyEndpoints(sources.sealing(), ring, settings.keySettleSeconds()),
                credentials,
                new HealthEndpoints.Safety(
                        sources.sealing(), test, new FreezeStore(ports.database()), restoring, ports.clock()),
                List.of(
                        new CredentialCheck(
                                sources.upstreams(), credentials, sources.client(), sources.probe(), ports.random()),
                        new Reseal(sources.sealing(), ring, sources.safe(), ports.log())));
    }
}
