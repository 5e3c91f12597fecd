package packagebroker.core.git;

import packagebroker.core.port.Row;

/**
 * A row of {@code repository}.
 *
 * @param packageName as the default branch has it; empty while unknown
 * @param cursor where the list of tags or branches goes on
 */
record RepositoryRow(
        GitHost.Repository repository, String packageName, String stage, String cursor, long missingSince) {

    static final String DUE = "due";
    static final String TAGS = "tags";
    static final String BRANCHES = "branches";
    static final String REFS = "refs";
    static final String IDLE = "idle";

    static RepositoryRow of(Row row) {
        GitHost.Repository repository = new GitHost.Repository(
                row.text("id"),
                row.text("path"),
                row.text("url"),
                row.text("default_branch"),
                row.number("archived") == 1,
                row.text("stamp"),
                row.text("etag"));
        return new RepositoryRow(
                repository, row.text("package"), row.text("stage"), row.text("cursor"), row.number("missing_since"));
    }

    String id() {
        return repository.id();
    }

    /** Returns the same at another stage. */
    RepositoryRow at(String otherStage, String otherCursor) {
        return new RepositoryRow(repository, packageName, otherStage, otherCursor, missingSince);
    }

    /** Returns whether its look is still to begin. */
    boolean isDue() {
        return stage.equals(DUE);
    }
}
