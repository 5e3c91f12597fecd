package packagebroker.core;

import java.util.List;
import java.util.function.LongFunction;
import packagebroker.core.git.GitHosts;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Statement;
import packagebroker.core.release.ReleaseStore;
import packagebroker.core.release.Releases;
import packagebroker.core.rotation.KeyStore;
import packagebroker.core.secrets.KeyRing;
import packagebroker.core.secrets.Safe;
import packagebroker.core.upstream.ComposerRepository;
import packagebroker.core.upstream.CredentialColumnStore;
import packagebroker.core.upstream.Credentials;
import packagebroker.core.upstream.PackageSource;
import packagebroker.core.upstream.Packagist;
import packagebroker.core.upstream.Probe;
import packagebroker.core.upstream.UpstreamClient;
import packagebroker.core.upstream.UpstreamStore;
import packagebroker.core.upstream.UrlGuard;

/** The part of the graph that speaks with upstreams. */
record Sources(
        KeyStore sealing,
        Safe safe,
        UrlGuard guard,
        Credentials credentials,
        UpstreamClient client,
        ComposerRepository repository,
        Releases releases,
        UpstreamStore upstreams,
        GitHosts hosts,
        Probe probe,
        Packagist packagist) {

    static Sources of(Ports ports, Settings settings, KeyRing keys) {
        UrlGuard guard = new UrlGuard(ports.urls(), settings.upstreamAllow());
        KeyStore sealing = new KeyStore(ports.database(), keys, List.of(new CredentialColumnStore()));
        Safe safe = new Safe(keys, ports.vault(), ports.random());
        Credentials credentials = new Credentials(safe, sealing);
        UpstreamClient client = new UpstreamClient(
                ports.upstream(),
                guard,
                credentials,
                ports.clock(),
                new UpstreamClient.Sizes(settings.maxDocumentBytes(), settings.maxArchiveBytes()));
        UpstreamStore upstreams = new UpstreamStore(ports.database(), ports.clock(), settings.metaCacheSeconds());
        ComposerRepository repository =
                new ComposerRepository(client, upstreams, ports.digests(), ports.clock(), settings.freshSeconds());
        GitHosts hosts = new GitHosts(client, upstreams);
        return new Sources(
                sealing,
                safe,
                guard,
                credentials,
                client,
                repository,
                new Releases(new ReleaseStore(ports.database()), settings.maxDocumentBytes()),
                upstreams,
                hosts,
                new Probe(upstreams, repository, hosts, ports),
                new Packagist(settings.packagistUrl()));
    }

    /** Returns where the files of packages are read, by the kind of their upstream. */
    PackageSource packages() {
        return (source, name, dev, modified, etag) -> source.isComposer()
                ? repository.fetch(source, name, dev, modified, etag)
                : releases.fetch(source, name, dev, modified, etag);
    }

    /** Returns what a new instance has: packagist.org as an upstream, if this deployment knows where it is. */
    LongFunction<List<Statement>> furniture() {
        return now -> packagist.isKnown() ? List.of(packagist.creation(now)) : List.of();
    }
}
