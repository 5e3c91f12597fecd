package packagebroker.core.git;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.upstream.UpstreamException;

/**
 * A git host as its API shows it. Each method is exactly one request; whatever fails is an {@link UpstreamException}. What a host
 * does not have is null, so that a repository that was deleted is no failure.
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
            String id, String path, String url, String defaultBranch, boolean archived, String stamp, String etag) {
        /** Stands for the one whose ETag was given: nothing has changed. */
        static final Repository UNCHANGED = new Repository("", "", "", "", false, "", "");

        /** Returns whether this is {@link #UNCHANGED}, which alone has no id. */
        boolean isUnchanged() {
            return id.isEmpty();
        }
    }

    /**
     * A tag or a branch.
     *
     * @param name as git has it
     * @param commit the commit; that of the commit a tag leads to, not of the tag itself
     * @param time when it was committed, in any form that {@code IsoTime} reads; empty where the list does not say so
     */
    record Ref(String name, String commit, String time) {}

    /** Returns a part of the repositories of an organisation, in an order that does not change; null if there is none. */
    @Nullable
    Page<Repository> repositories(String organisation, String next);

    /**
     * Returns a repository, {@link Repository#UNCHANGED}, or null if there is none.
     *
     * @param etag that of the last answer, or empty
     */
    @Nullable
    Repository repository(String path, String etag);

    /** Returns a part of the tags. */
    @Nullable
    Page<Ref> tags(Repository repository, String next);

    /** Returns a part of the branches. */
    @Nullable
    Page<Ref> branches(Repository repository, String next);

    /** Returns a file as it is at a commit, or at the end of a branch. */
    byte @Nullable [] file(Repository repository, String commit, String path);

    /** Returns when a commit was made; empty if the host does not say. Asked for only where lists do not have it. */
    @Nullable
    String time(Repository repository, String commit);

    /** Returns the absolute URL of a zip of a commit, or of a directory of it where the host can do that. No request. */
    String archive(Repository repository, String commit, String directory);
}
