package packagebroker.core.upstream;

import packagebroker.core.composer.PackageName;

/** Where the files of packages are read: in a Composer repository, or where one is made of releases. */
public interface PackageSource {
    /**
     * Asks a source for a package.
     *
     * @param dev whether the file of branches is wanted, where there is one of their own
     * @param modified the Last-Modified of the copy we have, or empty
     * @param etag the ETag of the copy we have, or empty
     * @throws UpstreamException if it does not answer, or with something that cannot be trusted
     */
    Fetched fetch(Source source, PackageName name, boolean dev, String modified, String etag);
}
