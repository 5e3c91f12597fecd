package packagebroker.core.git;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.text.Words;
import packagebroker.core.upstream.Selection;
import packagebroker.core.upstream.Selection.Organisation;

/** A walk through what is selected: how far it has come, as a cursor tells from step to step, and what this step has found. */
final class Walk {
    private final Selection selection;
    private final Map<String, GitHost.Repository> found = new LinkedHashMap<>();
    private final Map<String, RepositoryRow> byPath = new HashMap<>();
    private boolean whole = true;
    private int index;
    private String next = "";
    private String ids = "";

    /** Goes on where a cursor says: {@code +} while all was answered for, the index, where the list goes on, what was seen. */
    Walk(Selection selection, String cursor) {
        this.selection = selection;
        int first = cursor.indexOf('\n');
        int second = cursor.indexOf('\n', first + 1);
        if (isUnderWay(cursor)) {
            whole = cursor.charAt(0) == '+';
            index = Integer.parseInt(cursor.substring(1, first));
            next = cursor.substring(first + 1, second);
            ids = cursor.substring(second + 1);
        }
    }

    /** Returns whether a cursor is that of a walk. */
    static boolean isUnderWay(String cursor) {
        return cursor.indexOf('\n') > 0;
    }

    /** Returns the cursor. */
    String cursor() {
        return (whole ? "+" : "-") + index + "\n" + next + "\n" + ids;
    }

    boolean isAtEnd() {
        return index
                >= selection.organisations().size() + selection.repositories().size();
    }

    /** Returns whether everything was answered for, so that what was not seen is not there. */
    boolean isWhole() {
        return whole;
    }

    /** Returns the ids of all that was seen. */
    List<String> seen() {
        return Words.of(ids);
    }

    /** Returns what this step has found, by id. */
    Map<String, GitHost.Repository> found() {
        return found;
    }

    /** Returns the paths of the repositories that come next, {@code limit} at most. */
    List<String> paths(int limit) {
        List<String> all = selection.repositories();
        int first = Math.min(
                all.size(), Math.max(0, index - selection.organisations().size()));
        return all.subList(first, Math.min(all.size(), first + limit));
    }

    /** Takes in what is known of repositories. */
    void know(Map<String, RepositoryRow> rows) {
        for (RepositoryRow row : rows.values()) {
            byPath.put(row.repository().path(), row);
        }
    }

    /** Asks a host for what comes next; returns why that was passed over, or an empty text. */
    String goOn(GitHost host) {
        int organisations = selection.organisations().size();
        if (index < organisations) {
            Organisation organisation = selection.organisations().get(index);
            return take(host.calls(), organisation, host.repositories(organisation.name(), next));
        }
        String path = selection.repositories().get(index - organisations);
        RepositoryRow known = byPath.get(path);
        String etag = known == null || known.missingSince() > 0
                ? ""
                : known.repository().etag();
        return take(host.calls(), known, host.repository(path, etag));
    }

    private String take(Calls calls, Organisation organisation, GitHost.@Nullable Page<GitHost.Repository> page) {
        if (page == null) {
            return pass(calls, "there is no organisation " + organisation.name());
        }
        for (GitHost.Repository repository : page.items()) {
            String path = repository.path();
            if (organisation.includes(path.substring(path.lastIndexOf('/') + 1))) {
                add(repository);
            }
        }
        next = page.next();
        index += next.isEmpty() ? 1 : 0;
        return "";
    }

    private String take(Calls calls, @Nullable RepositoryRow known, GitHost.@Nullable Repository repository) {
        if (calls.failure() != null) {
            return pass(calls, "");
        }
        if (repository != null) {
            add(repository);
        } else if (known != null && calls.isUnchanged()) {
            see(known.repository().id());
        }
        index++;
        return "";
    }

    /** Passes over what gave no answer; where the host does not answer at all, it is asked again. */
    private String pass(Calls calls, String why) {
        if (calls.isDown()) {
            return "";
        }
        whole = false;
        index++;
        next = "";
        return calls.failure() == null ? why : calls.failure().text();
    }

    private void add(GitHost.Repository repository) {
        if (!repository.id().isEmpty() && Selection.isPath(repository.path())) {
            found.put(repository.id(), repository);
            see(repository.id());
        }
    }

    private void see(String id) {
        ids = ids.isEmpty() ? id : ids + " " + id;
    }

    /** What has to be written of what was found. */
    List<GitHost.Repository> changed(Map<String, RepositoryRow> known) {
        List<GitHost.Repository> changed = new ArrayList<>();
        for (GitHost.Repository repository : found.values()) {
            RepositoryRow row = known.get(repository.id());
            if (row == null || row.missingSince() > 0 || !row.repository().equals(repository)) {
                changed.add(repository);
            }
        }
        return changed;
    }
}
