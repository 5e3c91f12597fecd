package packagebroker.core;

import packagebroker.core.access.BaseUrls;
import packagebroker.core.access.PrincipalCache;
import packagebroker.core.access.SetupEndpoints;
import packagebroker.core.access.SetupSecret;
import packagebroker.core.access.TokenStore;
import packagebroker.core.alert.AlertEndpoints;
import packagebroker.core.alert.AlertStore;
import packagebroker.core.audit.AccessLog;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.backup.Copies;
import packagebroker.core.catalog.PackageEndpoints;
import packagebroker.core.catalog.PackageStore;
import packagebroker.core.dist.Deposits;
import packagebroker.core.dist.Purge;
import packagebroker.core.dist.PurgeEndpoints;
import packagebroker.core.git.Git;
import packagebroker.core.port.Ports;
import packagebroker.core.publish.Publications;
import packagebroker.core.publish.PublishEndpoints;
import packagebroker.core.stats.Downloads;
import packagebroker.core.stats.StatsEndpoints;
import packagebroker.core.stats.TallyStore;
import packagebroker.core.upstream.UpstreamEndpoints;
import packagebroker.core.upstream.UpstreamStore;
import packagebroker.core.work.JobEndpoints;
import packagebroker.core.work.JobStore;
import packagebroker.core.work.Jobs;

/** The objects of an isolate, wired by hand, once. */
record Graph(
        Identities identities,
        Serving serving,
        HealthEndpoints health,
        SetupEndpoints setup,
        SettingsEndpoints settings,
        UpstreamEndpoints upstreams,
        Git git,
        Sealing sealing,
        PackageEndpoints packages,
        StatsEndpoints stats,
        Dangers dangers,
        PurgeEndpoints purges,
        PublishEndpoints publishing,
        AlertEndpoints alerts,
        AccessLog reads,
        Evidence evidence,
        Inspection inspection,
        Copies copies,
        JobEndpoints jobList,
        Jobs jobs) {

    static Graph of(Ports ports, Settings settings, Keys keys) {
        TokenStore tokenStore = new TokenStore(ports.database(), ports.background(), settings.authCacheSeconds() == 0);
        PrincipalCache principals = new PrincipalCache(settings.authCacheSeconds());
        Sources sources = Sources.of(ports, settings, keys.ring());
        UpstreamStore upstreams = sources.upstreams();
        Copies copies = Copies.of(ports, Chores.holdings(ports));
        Sealing sealing = Sealing.of(ports, settings, keys.ring(), sources, copies.restoring());
        Evidence evidence = Evidence.of(ports, settings.audit(), keys, sources.guard(), principals);
        Serving serving = Serving.of(ports, settings, sources);
        Purge purge = new Purge(ports, serving.dists(), upstreams);
        AccessLog reads = reads(ports, settings.audit().strict());
        Counters counters = new Counters(ports.meter(), serving.buffers(), reads, evidence.sealer());
        Git git = Git.of(ports, upstreams, sources.hosts());
        Dangers dangers = Dangers.of(ports, settings, sources, serving.mirror(), serving.views());
        return new Graph(
                Identities.of(ports, settings, sources, tokenStore, principals),
                serving,
                new HealthEndpoints(tokenStore, counters, settings, keys, sealing.safety()),
                setup(ports, settings, sources, tokenStore),
                settings(ports, sources, principals),
                upstreams(ports, sources, sealing),
                git,
                sealing,
                new PackageEndpoints(new PackageStore(ports.database())),
                new StatsEndpoints(new TallyStore(ports.database())),
                dangers,
                new PurgeEndpoints(purge),
                publishing(ports, settings, upstreams, serving),
                new AlertEndpoints(new AlertStore(ports.database()), upstreams),
                reads,
                evidence,
                Inspection.of(ports, settings, keys, upstreams),
                copies,
                new JobEndpoints(new JobStore(ports.database())),
                Chores.jobs(
                        ports,
                        settings,
                        sources,
                        new Chores.Offered(serving.mirror(), serving.views(), purge, dangers, evidence, sealing, git)));
    }

    private static UpstreamEndpoints upstreams(Ports ports, Sources sources, Sealing sealing) {
        UpstreamEndpoints.Stores stores = new UpstreamEndpoints.Stores(sources.upstreams(), sealing.credentials());
        return new UpstreamEndpoints(stores, sources.guard(), sources.credentials(), sources.probe(), ports.random());
    }

    private static PublishEndpoints publishing(
            Ports ports, Settings settings, UpstreamStore upstreams, Serving serving) {
        Deposits deposits = new Deposits(ports, serving.buffers(), settings.maxArchiveBytes());
        return new PublishEndpoints(new Publications(ports, upstreams, deposits, serving.dists()));
    }

    private static AccessLog reads(Ports ports, boolean strict) {
        return new AccessLog(new AuditStore(ports.database()), new Downloads(), ports, strict);
    }

    private static SetupEndpoints setup(Ports ports, Settings settings, Sources sources, TokenStore tokens) {
        return new SetupEndpoints(tokens, ports, new SetupSecret(ports, settings.setupSecret()), sources.furniture());
    }

    private static SettingsEndpoints settings(Ports ports, Sources sources, PrincipalCache principals) {
        return new SettingsEndpoints(
                new SettingStore(ports.database()),
                sources.upstreams(),
                principals,
                new BaseUrls(ports.urls()),
                sources.packagist());
    }
}
