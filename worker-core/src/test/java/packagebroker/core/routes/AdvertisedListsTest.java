package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.testing.TestApp;

/** What {@code packages.json} says of advisories and filter lists. */
class AdvertisedListsTest {
    private static final String LISTS = ",\"filter\":{\"metadata\":true,\"lists\":{\"malware\":{\"enabled\":true},"
            + "\"company-policy\":{\"enabled\":true}}}";

    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
    }

    @AfterEach
    void close() {
        app.close();
    }

    private String root() {
        return text(app.admin().get("/packages.json"));
    }

    @Test
    void theRootAdvertisesAdvisoriesAndFilterListsWhoeverAsks() {
        assertThat(root())
                .contains("\"security-advisories\":{\"metadata\":true,\"api-url\":\"" + TestApp.BASE
                        + "/security-advisories\"}")
                .contains("\"filter\":{\"metadata\":true,\"lists\":{\"malware\":{\"enabled\":true}},\"summary-url\":\""
                        + TestApp.BASE + "/filter/summary.json\",\"api-url\":\"" + TestApp.BASE + "/filter/entries\"}");
        assertThat(text(app.as(app.token("other/*")).get("/packages.json"))).isEqualTo(root());
    }

    @Test
    void theListsOfAllUpstreamsAreAdvertisedEachOnceAndTheRootIsNewer() {
        app.addUpstream("acme/*");
        app.serveRoot(UPSTREAM, LISTS);
        app.drain();
        String before = app.admin().get("/packages.json").findHeader("last-modified");
        app.addUpstream("https://other.example.com", "b/*", 20, false);
        app.serveRoot("https://other.example.com", LISTS.replace("company-policy", "cooldown"));
        String created = app.admin().get("/packages.json").findHeader("last-modified");
        app.drain();
        assertThat(root())
                .contains("\"lists\":{\"malware\":{\"enabled\":true},")
                .containsOnlyOnce("\"company-policy\":{\"enabled\":true}")
                .containsOnlyOnce("\"cooldown\":{\"enabled\":true}");
        assertThat(app.admin().get("/packages.json").findHeader("last-modified"))
                .isNotEqualTo(created)
                .isNotEqualTo(before);
    }
}
