package packagebroker.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import packagebroker.core.access.BaseUrls;
import packagebroker.core.access.Gate;
import packagebroker.core.access.PrincipalCache;
import packagebroker.core.access.SetupEndpoints;
import packagebroker.core.access.TokenEndpoints;
import packagebroker.core.access.TokenStore;
import packagebroker.core.audit.AccessLog;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.catalog.PackageEndpoints;
import packagebroker.core.catalog.PackageStore;
import packagebroker.core.dist.ArtifactHoldingsStore;
import packagebroker.core.dist.DistEndpoints;
import packagebroker.core.dist.Dists;
import packagebroker.core.dist.PartBuffers;
import packagebroker.core.dist.UploadSweep;
import packagebroker.core.mirror.ChangeStore;
import packagebroker.core.mirror.DocumentHoldingsStore;
import packagebroker.core.mirror.FeedStore;
import packagebroker.core.mirror.Feeds;
import packagebroker.core.mirror.Mirror;
import packagebroker.core.mirror.Refresh;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Statement;
import packagebroker.core.registry.ChangeEndpoints;
import packagebroker.core.registry.RegistryEndpoints;
import packagebroker.core.registry.RootDocument;
import packagebroker.core.registry.RootStore;
import packagebroker.core.secrets.KeyRing;
import packagebroker.core.secrets.Safe;
import packagebroker.core.upstream.ComposerRepository;
import packagebroker.core.upstream.Credentials;
import packagebroker.core.upstream.Packagist;
import packagebroker.core.upstream.UpstreamClient;
import packagebroker.core.upstream.UpstreamEndpoints;
import packagebroker.core.upstream.UpstreamStore;
import packagebroker.core.upstream.UrlGuard;
import packagebroker.core.work.Chore;
import packagebroker.core.work.DamageStore;
import packagebroker.core.work.Holdings;
import packagebroker.core.work.JobEndpoints;
import packagebroker.core.work.JobStore;
import packagebroker.core.work.Jobs;
import packagebroker.core.work.Scrub;
import packagebroker.core.work.Sweep;

/** The objects of an isolate, wired by hand, once. */
record Graph(
        Gate gate,
        RegistryEndpoints registry,
        ChangeEndpoints changes,
        DistEndpoints dist,
        HealthEndpoints health,
        SetupEndpoints setup,
        SettingsEndpoints settings,
        UpstreamEndpoints upstreams,
        TokenEndpoints tokens,
        PackageEndpoints packages,
        AccessLog reads,
        JobEndpoints jobList,
        Jobs jobs) {

    static Graph of(Ports ports, Settings settings, KeyRing keys) {
        TokenStore tokenStore = new TokenStore(ports.database(), ports.digests(), ports.background());
        PrincipalCache principals = new PrincipalCache(settings.authCacheSeconds());
        TokenEndpoints tokens = new TokenEndpoints(tokenStore, principals, ports.random());

        UrlGuard guard = new UrlGuard(ports.urls(), settings.upstreamAllow());
        Credentials credentials = new Credentials(new Safe(keys, ports.vault(), ports.random()));
        UpstreamClient client = new UpstreamClient(
                ports.upstream(),
                guard,
                credentials,
                ports.clock(),
                new UpstreamClient.Sizes(settings.maxDocumentBytes(), settings.maxArchiveBytes()));
        ComposerRepository repository =
                new ComposerRepository(client, ports.digests(), ports.clock(), settings.freshSeconds());
        UpstreamStore upstreams = new UpstreamStore(ports.database(), ports.clock(), settings.metaCacheSeconds());

        Mirror.Ages ages = new Mirror.Ages(settings.freshSeconds() * 1000L, settings.negativeSeconds() * 1000L);
        Mirror mirror = new Mirror(ports, upstreams, repository, settings.metaCacheSeconds(), ages);
        PartBuffers buffers = new PartBuffers(ports.clock());
        Dists dists = new Dists(ports, buffers, mirror, client, settings.metaCacheSeconds());

        AccessLog reads = new AccessLog(new AuditStore(ports.database()), ports, settings.strictAudit());
        FeedStore feedStore = new FeedStore(ports.database());
        JobStore jobStore = new JobStore(ports.database());
        Packagist packagist = new Packagist(settings.packagistUrl());
        RootDocument root = new RootDocument(new RootStore(ports.database()), upstreams, settings.metaCacheSeconds());
        return new Graph(
                new Gate(tokenStore, principals, ports.clock()),
                new RegistryEndpoints(mirror, root),
                new ChangeEndpoints(new ChangeStore(ports.database())),
                new DistEndpoints(dists),
                new HealthEndpoints(tokenStore, new Counters(ports.meter(), buffers, reads), settings, keys),
                new SetupEndpoints(tokenStore, tokens, ports, settings.setupSecret(), furniture(packagist)),
                new SettingsEndpoints(
                        new SettingStore(ports.database()),
                        upstreams,
                        principals,
                        new BaseUrls(ports.urls()),
                        packagist),
                new UpstreamEndpoints(upstreams, guard, credentials, repository, ports.random()),
                tokens,
                new PackageEndpoints(new PackageStore(ports.database())),
                reads,
                new JobEndpoints(jobStore),
                new Jobs(
                        jobStore,
                        chores(
                                ports,
                                List.of(
                                        new Feeds(
                                                upstreams,
                                                repository,
                                                feedStore,
                                                ports.log(),
                                                settings.negativeSeconds()),
                                        new Refresh(feedStore, mirror, ports.log()))),
                        ports.clock(),
                        ports.log(),
                        Failures::word));
    }

    private static List<Chore> chores(Ports ports, List<Chore> more) {
        List<Holdings> holdings =
                List.of(new ArtifactHoldingsStore(ports.database()), new DocumentHoldingsStore(ports.database()));
        List<Chore> chores = new ArrayList<>(more);
        chores.add(new UploadSweep(ports));
        chores.add(new Sweep(ports.objects(), holdings, ports.log()));
        chores.add(new Scrub(ports.objects(), ports.digests(), holdings, new DamageStore(ports.database())));
        return chores;
    }

    /** What a new instance has: packagist.org as an upstream, if this deployment knows where it is. */
    private static LongFunction<List<Statement>> furniture(Packagist packagist) {
        return now -> packagist.isKnown() ? List.of(packagist.creation(now)) : List.of();
    }
}
