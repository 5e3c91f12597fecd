package packagebroker.core;

import packagebroker.core.access.BaseUrls;
import packagebroker.core.access.PrincipalCache;
import packagebroker.core.access.SetupEndpoints;
import packagebroker.core.access.TokenStore;
import packagebroker.core.alert.AlertEndpoints;
import packagebroker.core.alert.AlertStore;
import packagebroker.core.audit.AccessLog;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.catalog.PackageEndpoints;
import packagebroker.core.catalog.PackageStore;
import packagebroker.core.dist.DistEndpoints;
import packagebroker.core.dist.Dists;
import packagebroker.core.dist.PartBuffers;
import packagebroker.core.dist.Purge;
import packagebroker.core.dist.PurgeEndpoints;
import packagebroker.core.lock.LockEndpoints;
import packagebroker.core.mirror.ChangeStore;
import packagebroker.core.mirror.Mirror;
import packagebroker.core.mirror.Survey;
import packagebroker.core.mirror.Views;
import packagebroker.core.port.Ports;
import packagebroker.core.registry.ChangeEndpoints;
import packagebroker.core.registry.IndexEndpoints;
import packagebroker.core.registry.IndexStore;
import packagebroker.core.registry.RegistryEndpoints;
import packagebroker.core.registry.RootDocument;
import packagebroker.core.registry.RootStore;
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
        RegistryEndpoints registry,
        ChangeEndpoints changes,
        IndexEndpoints index,
        DistEndpoints dist,
        HealthEndpoints health,
        SetupEndpoints setup,
        SettingsEndpoints settings,
        UpstreamEndpoints upstreams,
        PackageEndpoints packages,
        StatsEndpoints stats,
        Dangers dangers,
        LockEndpoints locks,
        PurgeEndpoints purges,
        AlertEndpoints alerts,
        AccessLog reads,
        Evidence evidence,
        JobEndpoints jobList,
        Jobs jobs) {

    static Graph of(Ports ports, Settings settings, Keys keys) {
        TokenStore tokenStore = new TokenStore(ports.database(), ports.background());
        PrincipalCache principals = new PrincipalCache(settings.authCacheSeconds());

        Sources sources = Sources.of(ports, settings, keys.ring());
        UpstreamStore upstreams = sources.upstreams();
        Evidence evidence = Evidence.of(ports, settings.audit(), keys, sources.guard());
        Mirror.Ages ages = new Mirror.Ages(settings.freshSeconds() * 1000L, settings.negativeSeconds() * 1000L);
        Mirror mirror = new Mirror(ports, upstreams, sources.repository(), settings.metaCacheSeconds(), ages);
        Views views = new Views(ports, mirror, upstreams, settings.metaCacheSeconds());
        PartBuffers buffers = new PartBuffers(ports.clock());
        Dists dists = new Dists(ports, buffers, mirror, sources.client(), settings.metaCacheSeconds());

        Purge purge = new Purge(ports, dists, upstreams);
        AccessLog reads = reads(ports, settings.audit().strict());
        Dangers dangers = Dangers.of(ports, settings, sources, mirror, views);
        RootDocument root = new RootDocument(new RootStore(ports.database()), upstreams, settings.metaCacheSeconds());
        return new Graph(
                Identities.of(ports, settings, sources, tokenStore, principals),
                new RegistryEndpoints(mirror, views, root),
                new ChangeEndpoints(new ChangeStore(ports.database()), views),
                new IndexEndpoints(new IndexStore(ports.database()), views),
                new DistEndpoints(dists),
                new HealthEndpoints(
                        tokenStore, new Counters(ports.meter(), buffers, reads), settings, keys, evidence.sealer()),
                new SetupEndpoints(tokenStore, ports, settings.setupSecret(), sources.furniture()),
                settings(ports, sources, principals),
                new UpstreamEndpoints(
                        upstreams, sources.guard(), sources.credentials(), sources.probe(), ports.random()),
                new PackageEndpoints(new PackageStore(ports.database())),
                new StatsEndpoints(new TallyStore(ports.database())),
                dangers,
                new LockEndpoints(new Survey(ports, mirror, upstreams)),
                new PurgeEndpoints(purge),
                new AlertEndpoints(new AlertStore(ports.database()), upstreams),
                reads,
                evidence,
                new JobEndpoints(new JobStore(ports.database())),
                Chores.jobs(ports, settings, sources, new Chores.Offered(mirror, views, purge, dangers, evidence)));
    }

    private static AccessLog reads(Ports ports, boolean strict) {
        return new AccessLog(new AuditStore(ports.database()), new Downloads(), ports, strict);
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
