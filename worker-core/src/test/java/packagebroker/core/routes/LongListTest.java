package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.text;

import java.util.List;
import org.junit.jupiter.api.Test;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** {@code GET /list.json} of an instance with more names than one query reads. */
class LongListTest {
    private static void fill(TestApp app, int names) {
        String upstream = app.addUpstream("*");
        app.database().batch(List.of(Statement.of("""
                                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
                                INSERT INTO package (name, upstream, owned_at)
                                SELECT 'v/n' || i, ?, 0
                                FROM n
                                """, names, upstream), Statement.of("""
                                INSERT INTO document (package, dev, object, size, advertised_size, digest, versions, last_modified,
                                                      upstream_modified, upstream_etag, fresh_until, missing_since, base_url, generation)
                                SELECT name, 0, '', 1, 0, '', 1, 0, '', '', 0, 0, '', 1
                                FROM package
                                """)));
    }

    @Test
    void itComesWhole() {
        try (TestApp app = TestApp.start()) {
            fill(app, 12_000);
            String list = text(app.admin().get("/list.json"));
            assertThat(list.split(",", -1)).hasSize(12_000).doesNotHaveDuplicates();
            assertThat(TestApp.json(app.admin().get("/list.json?filter=v/n1199*"))
                            .findTexts("packageNames", 50))
                    .hasSize(11);
            assertThat(text(app.admin().get("/search.json?q=n1199"))).contains("\"total\":11");
        }
    }

    @Test
    void itSaysWhereItEnds() {
        try (TestApp app = TestApp.start()) {
            fill(app, 50_001);
            assertThat(text(app.admin().get("/list.json")))
                    .endsWith(
                            ",\"warning\":\"There are more than 50000 packages: the list ends here. Ask with a filter.\"}");
        }
    }
}
