package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tables of docs/access.md, which were written by hand: what the matrix test holds the product against. */
final class AccessTables {
    /** How a caller may stand to what it asks for, in the order of the table's columns. */
    static final List<String> RELATIONS = List.of("in", "out", "gone", "capitals", "absent", "malformed");

    /** A route's row. */
    record RouteRow(String method, String pattern, String right, Map<String, Integer> answers) {}

    /** A credential's row. */
    record CredentialRow(String name, String door, String rights, String patterns) {}

    private final List<RouteRow> routes = new ArrayList<>();
    private final List<CredentialRow> credentials = new ArrayList<>();
    private final Map<String, Set<String>> rightsOf = new LinkedHashMap<>();
    private final Set<String> ofTheWholeInstance = new HashSet<>();

    AccessTables() throws IOException {
        Path docs = Path.of("..", "docs", "access.md");
        List<String> lines = Files.readAllLines(Files.exists(docs) ? docs : Path.of("docs", "access.md"));
        for (List<String> row : table(lines, "| right |")) {
            addRight(row);
        }
        for (List<String> row : table(lines, "| route |")) {
            addRoute(row);
        }
        for (List<String> row : table(lines, "| credential |")) {
            credentials.add(new CredentialRow(row.get(0), row.get(1), row.get(2), row.get(3)));
        }
    }

    private static List<List<String>> table(List<String> lines, String head) {
        List<List<String>> rows = new ArrayList<>();
        int at = 0;
        while (!lines.get(at).startsWith(head)) {
            at++;
        }
        rows.add(cells(lines.get(at)));
        for (at += 2; at < lines.size() && lines.get(at).startsWith("|"); at++) {
            rows.add(cells(lines.get(at)));
        }
        return rows.get(0).get(0).equals("right") ? rows : rows.subList(1, rows.size());
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.substring(1, line.length() - 1).split("\\|", -1)) {
            cells.add(cell.strip().replace("`", ""));
        }
        return cells;
    }

    private void addRight(List<String> row) {
        if (rightsOf.isEmpty()) {
            row.forEach(column -> rightsOf.put(column, new HashSet<>()));
            return;
        }
        List<String> columns = List.copyOf(rightsOf.keySet());
        for (int i = 3; i < row.size(); i++) {
            if (row.get(i).equals("✓")) {
                rightsOf.get(columns.get(i)).add(row.get(0));
            }
        }
        if (row.get(2).equals("yes")) {
            ofTheWholeInstance.add(row.get(0));
        }
    }

    private void addRoute(List<String> row) {
        String[] route = row.get(0).split(" ", -1);
        Map<String, Integer> answers = new LinkedHashMap<>();
        for (int i = 0; i < RELATIONS.size(); i++) {
            if (!row.get(i + 2).isEmpty()) {
                answers.put(RELATIONS.get(i), Integer.parseInt(row.get(i + 2)));
            }
        }
        routes.add(new RouteRow(route[0], route[1], row.get(1), answers));
    }

    List<RouteRow> routes() {
        return routes;
    }

    List<CredentialRow> credentials() {
        return credentials;
    }

    /** Returns the row of a method and a pattern, or null. */
    RouteRow find(String method, String pattern) {
        for (RouteRow row : routes) {
            if (row.method().equals(method) && row.pattern().equals(pattern)) {
                return row;
            }
        }
        return null;
    }

    /** Returns the patterns of the routes, each once. */
    List<String> patterns() {
        return routes.stream().map(RouteRow::pattern).distinct().toList();
    }

    /** Returns the relations that make a difference for a pattern. */
    Set<String> relations(String pattern) {
        Set<String> relations = new HashSet<>();
        for (RouteRow row : routes) {
            if (row.pattern().equals(pattern)) {
                relations.addAll(row.answers().keySet());
            }
        }
        assertThat(relations).contains("in");
        return relations;
    }

    /** Returns the status that the tables say. */
    int answer(String method, String pattern, CredentialRow credential, String relation) {
        RouteRow row = find(method, pattern);
        RouteRow byId = row == null ? find(method, pattern.substring(0, pattern.lastIndexOf('/')) + "/{id}") : null;
        RouteRow byVersion =
                row == null ? find(method, pattern.substring(0, pattern.lastIndexOf('/')) + "/{version}") : null;
        if (byVersion != null) {
            // To this method it is a version that nobody published.
            boolean unseen = answer(method, byVersion.pattern(), credential, relation) == 404;
            return unseen ? 404 : answer(method, byVersion.pattern(), credential, "absent");
        }
        if (byId != null) {
            // To this method the last word is the id of something that nobody has.
            return answer(method, byId.pattern(), credential, "absent");
        }
        if (row != null && row.right().equals("–")) {
            return row.answers().get(relation);
        }
        if (row != null && row.right().equals("setup")) {
            return 401; // No credential is the setup secret.
        }
        if (!credential.door().equals("open")) {
            return Integer.parseInt(credential.door());
        }
        if (row == null) {
            return 405;
        }
        if (row.right().equals("any")) {
            boolean session = credential.name().startsWith("a session");
            return session && method.equals("POST")
                    ? 403
                    : session && method.equals("DELETE") ? 204 : row.answers().get(relation);
        }
        boolean limited = !credential.patterns().equals("*");
        boolean has = rightsOf.get(credential.rights()).contains(row.right())
                && !(limited && ofTheWholeInstance.contains(row.right()));
        if (!has) {
            return 403;
        }
        boolean byPattern = !ofTheWholeInstance.contains(row.right());
        // Of the packages that the matrix knows there are versions 1 only: nothing is open to whom others are.
        boolean closed = credential.patterns().endsWith("^9") && row.answers().containsKey("out");
        return limited && byPattern && (closed || relation.equals("out"))
                ? 404
                : row.answers().get(relation);
    }
}
