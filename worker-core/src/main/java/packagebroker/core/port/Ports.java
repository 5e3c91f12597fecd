package packagebroker.core.port;

/** Everything the product needs from its platform. */
public record Ports(
        Database database,
        ObjectStore objects,
        Upstream upstream,
        Urls urls,
        Digests digests,
        Vault vault,
        Signatures signatures,
        Compression compression,
        Random random,
        EdgeCache edgeCache,
        Clock clock,
        Background background,
        Log log,
        Meter meter) {}
