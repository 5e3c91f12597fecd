package packagebroker.core.alert;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.Version;
import packagebroker.core.port.Row;

/** What was decided about the alerts of a package. */
public final class Decisions {
    /** Nothing was decided. */
    public static final Decisions NONE = new Decisions();

    private final List<Accepted> accepted = new ArrayList<>();
    private final Set<String> paths = new HashSet<>();
    private final Set<String> dismissed = new HashSet<>();

    private Decisions() {}

    /** Returns the decisions of rows that {@link AlertStore#decisions} reads. */
    public static Decisions of(List<Row> rows) {
        Decisions decisions = new Decisions();
        for (Row row : rows) {
            if (row.text("state").equals("accepted")) {
                boolean retag = row.text("kind").equals(Alert.Kind.RETAG.word());
                String path = row.text("path");
                decisions.accepted.add(new Accepted(row.text("version"), row.text("reference"), path, retag));
                decisions.paths.add(path);
            } else {
                decisions.dismissed.add(row.text("subject"));
            }
        }
        return decisions;
    }

    /**
     * An archive that was accepted for its version.
     *
     * @param retag whether its reference was accepted, and not certain bytes of it
     */
    public record Accepted(String version, String reference, String path, boolean retag) {}

    /** Returns what was accepted for a version, a branch with this reference or a stable one with any, or null. */
    public @Nullable Accepted find(String version, String reference) {
        for (Accepted each : accepted) {
            boolean same = each.reference().equals(reference) || !Version.isDev(version);
            if (each.version().equals(version) && same) {
                return each;
            }
        }
        return null;
    }

    /** Returns whether the archive of a path was accepted. */
    public boolean accepts(String path) {
        return paths.contains(path);
    }

    /** Returns whether somebody saw to an alert and left things as they are. */
    public boolean dismisses(Alert alert) {
        return dismissed.contains(alert.subject());
    }
}
