package packagebroker.core;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.dist.ArtifactHoldingsStore;
import packagebroker.core.dist.Purge;
import packagebroker.core.dist.UploadSweep;
import packagebroker.core.git.Git;
import packagebroker.core.mirror.DocumentHoldingsStore;
import packagebroker.core.mirror.FeedStore;
import packagebroker.core.mirror.Feeds;
import packagebroker.core.mirror.Mirror;
import packagebroker.core.mirror.Refresh;
import packagebroker.core.mirror.ViewHoldingsStore;
import packagebroker.core.mirror.Views;
import packagebroker.core.port.Ports;
import packagebroker.core.proof.ArchiveHoldingsStore;
import packagebroker.core.stats.RollUp;
import packagebroker.core.stats.TallyStore;
import packagebroker.core.work.Chore;
import packagebroker.core.work.DamageStore;
import packagebroker.core.work.Holdings;
import packagebroker.core.work.JobStore;
import packagebroker.core.work.Jobs;
import packagebroker.core.work.Scrub;
import packagebroker.core.work.Sweep;

/** The part of the graph that works in the background: every chore, and every table that names objects. */
final class Chores {
    private Chores() {}

    /** What the graph has made already. */
    record Offered(
            Mirror mirror, Views views, Purge purge, Dangers dangers, Evidence evidence, Sealing sealing, Git git) {}

    /** Returns every table that names objects. */
    static List<Holdings> holdings(Ports ports) {
        return List.of(
                new ArtifactHoldingsStore(ports.database()),
                new ArchiveHoldingsStore(ports.database()),
                new DocumentHoldingsStore(ports.database()),
                new ViewHoldingsStore(ports.database()));
    }

    static Jobs jobs(Ports ports, Settings settings, Sources sources, Offered offered) {
        FeedStore feeds = new FeedStore(ports.database());
        List<Holdings> holdings = holdings(ports);
        List<Chore> chores = new ArrayList<>(offered.dangers().chores());
        chores.addAll(offered.evidence().chores());
        chores.addAll(offered.sealing().chores());
        chores.add(offered.git().sync());
        chores.addAll(List.of(
                new Feeds(sources.upstreams(), sources.repository(), feeds, ports.log(), settings.negativeSeconds()),
                new Refresh(feeds, offered.mirror(), ports.log()),
                new RollUp(new TallyStore(ports.database())),
                sources.probe(),
                offered.purge(),
                offered.views(),
                new UploadSweep(ports),
                new Sweep(ports.objects(), holdings, ports.log()),
                new Scrub(ports.objects(), ports.digests(), holdings, new DamageStore(ports.database()))));
        return new Jobs(new JobStore(ports.database()), chores, ports.clock(), ports.log(), Failures::word);
    }
}
