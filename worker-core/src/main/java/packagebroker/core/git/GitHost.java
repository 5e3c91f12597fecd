package packagebroker.core.git;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A git host as its API shows it. Each method is exactly one request. What a host does not have is null, and so is what could not be
 * had: then its {@link #calls} say why.
 */
interface GitHost {
    /**
     * A part of a list.
     *
     * @param next what to ask for the following part with, or empty if this is the last
     */
    record Page<T>(List<T> items, String next) {}

    /**
     * A repository as its host describes it.
     *
     * @param id the host's own, which no renaming changes
     * @param path the way to it, such as {@code acme/tool}
     * @param url to clone it over HTTPS
     * @param stamp changes with every push; empty where the host tells nothing of the kind, or not reliably
     * @param etag of the answer, if it was about this repository alone; else empty
     */
    record Repository(
            String id, String path, String url, String defaultBranch, boolean archived, String stamp, String etag) {}

    /**
     * A tag or a branch.
     *
     * @param name as git has it
     * @param commit the commit; that of the commit a tag leads to, not of the tag itself
     * @param time when it was committed, in any form that {@code IsoTime} reads; empty where the list does not say so
     */
    record Ref(String name, String commit, String time) {}

    /** Returns what it is called with. */
    Calls calls();

    /** Returns a part of the repositories of an organisation, in an order that does not change. */
    @Nullable
    Page<Repository> repositories(String organisation, String next);

    /**
     * Returns a repository.
     *
     * @param etag that of the last answer, or empty: if nothing has changed since, this is null and {@link Calls#isUnchanged}
     */
    @Nullable
    Repository repository(String path, String etag);

    /** Returns a part of the tags, or else of the branches. */
    @Nullable
    Page<Ref> refs(Repository repository, boolean tags, String next);

    /** Returns a file as it is at a commit, or at the end of a branch. */
    byte @Nullable [] file(Repository repository, String commit, String path);

    /** Returns when a commit was made. Asked for only where lists do not have it. */
    @Nullable
    String time(Repository repository, String commit);

    /** Returns the URL of a zip of a commit. No request. */
    String archive(Repository repository, String commit);
}
