package packagebroker.core;

import packagebroker.core.dist.DistEndpoints;
import packagebroker.core.dist.Dists;
import packagebroker.core.dist.PartBuffers;
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
import packagebroker.core.upstream.UpstreamStore;

/** The part of the graph that answers Composer: metadata, lists and archives, and what makes them. */
record Serving(
        RegistryEndpoints registry,
        ChangeEndpoints changes,
        IndexEndpoints index,
        DistEndpoints dist,
        LockEndpoints locks,
        Mirror mirror,
        Views views,
        Dists dists,
        PartBuffers buffers) {

    static Serving of(Ports ports, Settings settings, Sources sources) {
        UpstreamStore upstreams = sources.upstreams();
        int remembered = settings.metaCacheSeconds();
        Mirror.Ages ages = new Mirror.Ages(settings.freshSeconds() * 1000L, settings.negativeSeconds() * 1000L);
        Mirror mirror = new Mirror(ports, upstreams, sources.packages(), remembered, ages);
        Views views = new Views(ports, mirror, upstreams, remembered);
        PartBuffers buffers = new PartBuffers(ports.clock());
        Dists dists = new Dists(ports, buffers, mirror, sources.client(), remembered);
        RootDocument root = new RootDocument(new RootStore(ports.database()), upstreams, remembered);
        return new Serving(
                new RegistryEndpoints(mirror, views, root),
                new ChangeEndpoints(new ChangeStore(ports.database()), views),
                new IndexEndpoints(new IndexStore(ports.database()), views),
                new DistEndpoints(dists),
                new LockEndpoints(new Survey(ports, mirror, upstreams)),
                mirror,
                views,
                dists,
                buffers);
    }
}
