package packagebroker.core.git;

import packagebroker.core.port.Row;

/**
 * A row of {@code repository}.
 *
 * @param id the host's own, with a colon and the directory if it is one
 * @param packageName as the default branch has it; empty while unknown
 * @param cursor where the list of tags or branches goes on
 */
record RepositoryRow(
        String id,
        String path,
        String directory,
        String url,
        String defaultBranch,
        boolean archived,
        String stamp,
        String etag,
        String packageName,
        String stage,
        String cursor,
        long missingSince) {

    static final String DUE = "due";
    static final String TAGS = "tags";
    static final String BRANCHES = "branches";
    static final String REFS = "refs";
    static final String IDLE = "idle";

    static RepositoryRow of(Row row) {
        return new RepositoryRow(
                row.text("id"),
                row.text("path"),
                row.text("directory"),
                row.text("url"),
                row.text("default_branch"),
                row.number("archived") == 1,
                row.text("stamp"),
                row.text("etag"),
                row.text("package"),
                row.text("stage"),
                row.text("cursor"),
                row.number("missing_since"));
    }

    /** Returns the id of a repository's row, or of that of a directory of it. */
    static String id(String hostId, String directory) {
        return directory.isEmpty() ? hostId : hostId + ":" + directory;
    }

    /** Returns the repository as its host knows it. */
    GitHost.Repository repository() {
        String hostId = directory.isEmpty() ? id : id.substring(0, id.indexOf(':'));
        return new GitHost.Repository(hostId, path, url, defaultBranch, archived, stamp, etag);
    }

    /** Returns where its {@code composer.json} is. */
    String manifestPath() {
        return directory.isEmpty() ? "composer.json" : directory + "/composer.json";
    }

    /** Returns the same at another stage. */
    RepositoryRow at(String otherStage, String otherCursor) {
        return new RepositoryRow(
                id,
                path,
                directory,
                url,
                defaultBranch,
                archived,
                stamp,
                etag,
                packageName,
                otherStage,
                otherCursor,
                missingSince);
    }

    /** Returns whether its look is still to begin. */
    boolean isDue() {
        return stage.equals(DUE);
    }
}
