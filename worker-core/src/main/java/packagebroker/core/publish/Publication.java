package packagebroker.core.publish;

import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Version;
import packagebroker.core.dist.Deposits.Deposit;
import packagebroker.core.dist.DistPath;
import packagebroker.core.release.Release;
import packagebroker.core.upstream.Source;

/**
 * A version that is about to be published.
 *
 * @param deposit its archive, which nobody sees yet
 * @param manifest what will be listed of it
 */
record Publication(PackageName name, Version version, Deposit deposit, String manifest) {
    /** Returns where its archive will be had. */
    DistPath path() {
        return deposit.path(name, Version.pathSegment(version.normalized()));
    }

    /** Returns which state of the version it is: a release has one only. */
    String edition() {
        return version.isDev() ? deposit.sha1() : "";
    }

    Release release() {
        return new Release(Source.PUBLISHED, name, version.normalized(), manifest, deposit.sha1());
    }
}
