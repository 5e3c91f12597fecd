package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.composer.PackageName;
import packagebroker.core.port.Statement;
import packagebroker.core.release.Release;
import packagebroker.core.release.ReleaseStore;
import packagebroker.core.testing.TestApp;

/** Packages that are made of releases are served like those of any upstream. */
class ReleasesTest {
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private static final PackageName TOOL = PackageName.parse("acme/tool");

    private final TestApp app = TestApp.start();

    @BeforeEach
    void addSource() {
        app.database().batch(List.of(Statement.of("""
                INSERT INTO upstream (id, name, kind, url, priority, patterns, exclusive, enabled, created_at, changed_at)
                VALUES ('here', 'here', 'published', 'https://here.example', 10, 'acme/*', 1, 1, 0, 0)
                """)));
    }

    @AfterEach
    void close() {
        app.close();
    }

    private void release(String pretty, String normalized, String reference) {
        List<Statement> batch = new ArrayList<>();
        batch.add(ReleaseStore.put(
                new Release("here", TOOL, normalized, version("acme/tool", pretty, reference, ""), "test"), 0));
        batch.addAll(ReleaseStore.changed("here", TOOL, 0));
        app.database().batch(batch);
    }

    private String file(String path) {
        return text(app.admin().at(app.isolate()).get(path));
    }

    @Test
    void itsVersionsAreListedTheStableOnesAndTheBranchesEachInTheirFile() {
        release("1.0.0", "1.0.0.0", A);
        release("dev-main", "dev-main", B);
        assertThat(file("/p2/acme/tool.json"))
                .contains("\"1.0.0.0\"")
                .contains(A)
                .doesNotContain("dev-main");
        assertThat(file("/p2/acme/tool~dev.json")).contains("\"dev-main\"").doesNotContain("1.0.0.0");
    }

    @Test
    void aNewReleaseShowsAtOnce() {
        release("1.0.0", "1.0.0.0", A);
        assertThat(file("/p2/acme/tool.json")).doesNotContain("1.1.0");
        release("1.1.0", "1.1.0.0", B);
        assertThat(file("/p2/acme/tool.json")).contains("1.1.0.0");
    }

    @Test
    void anotherReferenceOfAReleaseIsRefusedAsThatOfAnyUpstream() {
        release("1.0.0", "1.0.0.0", A);
        file("/p2/acme/tool.json");
        release("1.0.0", "1.0.0.0", B);
        assertThat(file("/p2/acme/tool.json")).contains("\"reference\":\"" + A).doesNotContain("\"reference\":\"" + B);
        assertThat(text(app.admin().get("/api/alerts"))).contains("retag");
    }

    @Test
    void aNameWithoutReleasesIsAbsent() {
        assertThat(app.admin().get("/p2/acme/other.json").status()).isEqualTo(404);
    }
}
