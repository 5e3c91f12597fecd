package packagebroker.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    private final Router<String> router = new Router<>();

    RouterTest() {
        router.add("GET", "/packages.json", "root");
        router.add("GET", "/p2/{vendor}/{file}", "metadata");
        router.add("GET", "/api/tokens", "list");
        router.add("POST", "/api/tokens", "create");
        router.add("DELETE", "/api/tokens/{id}", "revoke");
        router.add("GET", "/api/tokens/all", "all");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /packages.json, root, ''",
        "HEAD, /packages.json, root, ''",
        "GET, /p2/acme/tool.json, metadata, 'acme,tool.json'",
        "GET, /p2/acme/tool%7Edev.json, metadata, 'acme,tool%7Edev.json'",
        "GET, /p2/../x, metadata, '..,x'",
        "POST, /api/tokens, create, ''",
        "DELETE, /api/tokens/7, revoke, 7",
        "DELETE, /api/tokens/all, revoke, all",
        "GET, /api/tokens/all, all, ''"
    })
    void findsWhatAnswersAndHandsParametersOverRaw(String method, String path, String target, String parameters) {
        Router.Match<String> match = router.find(method, path);
        assertThat(match).isNotNull();
        assertThat(match == null ? "" : match.target()).isEqualTo(target);
        assertThat(match == null ? "" : String.join(",", match.parameters())).isEqualTo(parameters);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "/packages.json/",
                "//packages.json",
                "/Packages.json",
                "/p2",
                "/p2/",
                "/p2/acme",
                "/p2/acme/",
                "/p2//tool.json",
                "/p2/acme/tool.json/",
                "/p2/acme/tool/x.json",
                "/P2/acme/tool.json",
                "/p2/acme%2ftool.json",
                "/api",
                "/api/tokens/",
                "/api/tokens/7/8"
            })
    void leadsNowhereElse(String path) {
        Router.Match<String> match = router.find("GET", path);
        assertThat(match == null || !match.prefix().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/org/packages.json, /org, root, ''",
        "/a/b/c/d/packages.json, /a/b/c/d, root, ''",
        "//packages.json, /, root, ''",
        "/org/p2/acme/tool.json, /org, metadata, 'acme,tool.json'",
        "/%6Frg/p2/acme/tool.json, /%6Frg, metadata, 'acme,tool.json'",
        "/p2/acme/tool.json, '', metadata, 'acme,tool.json'"
    })
    void namesWhatComesBeforeAPattern(String path, String prefix, String target, String parameters) {
        Router.Match<String> match = router.find("GET", path);
        assertThat(match == null ? "" : match.prefix()).isEqualTo(prefix);
        assertThat(match == null ? "" : match.target()).isEqualTo(target);
        assertThat(match == null ? "" : String.join(",", match.parameters())).isEqualTo(parameters);
    }

    @Test
    void looksForAPatternOnlySoDeep() {
        assertThat(router.find("GET", "/a/b/c/d/e/packages.json")).isNull();
        assertThat(router.find("GET", "/x".repeat(10_000))).isNull();
    }

    @ParameterizedTest
    @CsvSource({"/, ''", "'', ''", "/org, /org", "/org/, /org", "/a/b, /a/b"})
    void aRootIsWhatIsLeftOfItsPrefix(String path, String prefix) {
        router.add("GET", "/", "top");
        Router.Match<String> match = router.find("GET", path);
        assertThat(match == null ? "" : match.target()).isEqualTo("top");
        assertThat(match == null ? "none" : match.prefix()).isEqualTo(prefix);
    }

    @Test
    void namesTheMethodsThatAPathHas() {
        Router.Match<String> match = router.find("PATCH", "/api/tokens");
        assertThat(match == null ? "" : match.allowed()).isEqualTo("GET, POST");
        assertThat(match == null ? "" : match.target()).isNull();
    }

    @Test
    void takesAMethodOnlyInCapitals() {
        Router.Match<String> match = router.find("get", "/packages.json");
        assertThat(match == null ? "" : match.target()).isNull();
    }
}
