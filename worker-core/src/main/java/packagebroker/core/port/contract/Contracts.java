package packagebroker.core.port.contract;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Ports;

/** All contracts. */
public final class Contracts {
    private Contracts() {}

    /**
     * Returns every check of every port, and of what is taken for granted of the language.
     *
     * @param upstreamOrigin where the server of {@link UpstreamContract} listens, such as {@code
     * http://127.0.0.1:8080}; or null, then the checks of the way out are left out
     */
    public static List<Check> all(Ports ports, @Nullable String upstreamOrigin) {
        List<Check> all = new ArrayList<>();
        all.addAll(new LanguageContract(ports.digests()).checks());
        all.addAll(new JsonContract().checks());
        all.addAll(new DatabaseContract(ports.database()).checks());
        all.addAll(new DatabaseValuesContract(ports.database()).checks());
        all.addAll(new ObjectStoreContract(ports.objects(), ports.digests(), ports.random(), ports.clock()).checks());
        all.addAll(new MultipartContract(ports.objects(), ports.digests(), ports.random()).checks());
        all.addAll(new BodyContract(ports.objects(), ports.digests(), ports.random()).checks());
        all.addAll(new DigestsContract(ports.digests()).checks());
        all.addAll(new VaultContract(ports.vault()).checks());
        all.addAll(new SignaturesContract(ports.signatures()).checks());
        all.addAll(new CompressionContract(ports.compression()).checks());
        all.addAll(new RandomContract(ports.random()).checks());
        all.addAll(new UrlsContract(ports.urls()).checks());
        all.addAll(new ClockContract(ports.clock()).checks());
        all.addAll(new BackgroundContract(ports.background(), ports.clock()).checks());
        all.addAll(new EdgeCacheContract(ports.edgeCache(), ports.random()).checks());
        all.addAll(new LogContract(ports.log()).checks());
        all.addAll(new MeterContract(ports.meter(), ports.database()).checks());
        if (upstreamOrigin != null) {
            all.addAll(new UpstreamContract(ports.upstream(), upstreamOrigin).checks());
            all.addAll(new UpstreamLimitsContract(ports.upstream(), ports.clock(), upstreamOrigin).checks());
        }
        return all;
    }
}
