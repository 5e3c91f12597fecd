package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** {@code GET /list.json}, {@code /search.json} and {@code /providers/…}: our own index, within what a token may see. */
class IndexTest {
    private static final String A = "a".repeat(40);

    private TestApp app;
    private String upstream = "";

    @BeforeEach
    void start() {
        app = TestApp.start();
        upstream = app.addUpstream("*");
    }

    @AfterEach
    void close() {
        app.close();
    }

    /** Has a package come in with some keys in its only version. */
    private void take(String name, String more) {
        app.publish(name, version(name, "1.0.0", A, more));
        assertThat(app.admin().get("/p2/" + name + ".json").status()).isEqualTo(200);
    }

    private void takeBranch(String name, String more) {
        app.serveStatus(UPSTREAM + "/p2/" + name + ".json", 404);
        app.serve(
                UPSTREAM + "/p2/" + name + "~dev.json",
                "{\"packages\":{\"" + name + "\":[" + version(name, "dev-main", A, more) + "]}}");
        assertThat(app.admin().get("/p2/" + name + "~dev.json").status()).isEqualTo(200);
    }

    private static String description(String text) {
        return ",\"description\":\"" + text + "\"";
    }

    private String get(String path) {
        return get(app.admin(), path);
    }

    private static String get(TestApp.Caller caller, String path) {
        Response response = caller.get(path);
        assertThat(response.status()).as(path).isEqualTo(200);
        assertThat(response.findHeader("content-type")).isEqualTo("application/json");
        assertThat(response.findHeader("cache-control")).isEqualTo("private, no-store");
        return text(response);
    }

    private static String names(String... names) {
        return "{\"packageNames\":[" + (names.length == 0 ? "" : "\"" + String.join("\",\"", names) + "\"") + "]}";
    }

    /** P70. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "'', acme/tool acme/tool-kit acme/xyz globex/tool",
                "?filter=acme/*, acme/tool acme/tool-kit acme/xyz",
                "?filter=acme%2F%2A, acme/tool acme/tool-kit acme/xyz",
                "?vendor=acme&filter=acme/x*, acme/xyz",
                "?vendor=acme, acme/tool acme/tool-kit acme/xyz",
                "?vendor=globex&filter=acme/x*, -",
                "?vendor=acm, -",
                "?filter=*/tool, acme/tool globex/tool",
                "?filter=*o*k*, acme/tool-kit",
                "?filter=a*l, acme/tool",
                "?filter=ACME/Tool, acme/tool",
                "?filter=acme/tool, acme/tool",
                "?filter=acme/to, -",
                "?filter=*, acme/tool acme/tool-kit acme/xyz globex/tool",
                "?filter=acme/%5Bt%5Dool, -",
                "?filter=acme/tool%3F, -",
                "?filter=%E2%80%A0*, -",
                "?filter=none/*, -"
            })
    void namesAreListedByVendorAndPattern(String query, String expected) {
        for (String name : List.of("globex/tool", "acme/xyz", "acme/tool-kit", "acme/tool")) {
            take(name, "");
        }
        assertThat(get("/list.json" + query)).isEqualTo(expected == null ? names() : names(expected.split(" ", -1)));
    }

    @Test
    void anEmptyInstanceHasEmptyLists() {
        assertThat(get("/list.json")).isEqualTo(names());
        assertThat(get("/search.json?q=x&type=")).isEqualTo("{\"results\":[],\"total\":0}");
        assertThat(app.admin().get("/providers/acme/tool.json").status()).isEqualTo(404);
    }

    /** P70–P72, R8. */
    @ParameterizedTest
    @CsvSource({
        "acme/*, acme/acme-tool acme/x",
        "acme/x, acme/x",
        "acme/acme-*, acme/acme-tool",
        "*, acme/acme-tool acme/x globex/tool"
    })
    void aTokenFindsOnlyWhatItMaySee(String pattern, String expected) {
        for (String name : List.of("acme/x", "acme/acme-tool", "globex/tool")) {
            take(name, description("findable") + ",\"provide\":{\"psr/log-implementation\":\"1.0\"}");
        }
        TestApp.Caller caller = app.as(app.token(pattern));
        String[] names = expected.split(" ", -1);
        assertThat(get(caller, "/list.json")).isEqualTo(names(names));
        String found = get(caller, "/search.json?q=findable");
        String providers = get(caller, "/providers/psr/log-implementation.json");
        assertThat(found).endsWith("\"total\":" + names.length + "}");
        for (String name : List.of("acme/x", "acme/acme-tool", "globex/tool")) {
            boolean sees = List.of(names).contains(name);
            assertThat(found.contains("\"" + name + "\"")).isEqualTo(sees);
            assertThat(providers.contains("\"" + name + "\"")).isEqualTo(sees);
        }
    }

    @Test
    void severalPatternsOfATokenAreAddedUp() {
        for (String name : List.of("acme/a", "acme/b", "beta/a", "zeta/a")) {
            take(name, "");
        }
        Response made = app.admin()
                .send(
                        "POST",
                        "/api/tokens",
                        "{\"name\":\"t\",\"kind\":\"read\",\"patterns\":[\"zeta/*\",\"acme/*\",\"acme/a\"]}");
        TestApp.Caller caller = app.as(TestApp.json(made).text("token", 100));
        assertThat(get(caller, "/list.json")).isEqualTo(names("acme/a", "acme/b", "zeta/a"));
        assertThat(get(caller, "/list.json?filter=acme/*")).isEqualTo(names("acme/a", "acme/b"));
        assertThat(get(caller, "/list.json?filter=beta/*")).isEqualTo(names());
        assertThat(get(caller, "/list.json?filter=*/a")).isEqualTo(names("acme/a", "zeta/a"));
    }

    /** P71. */
    @Test
    void whatIsNamedSoComesFirstAndEveryWordHasToOccur() {
        take("acme/logging", description("Writes lines"));
        take("acme/log", description("Writes"));
        take("acme/words", description("A LOG of words"));
        take("acme/other", description("Nothing"));
        assertThat(get("/search.json?q=log&type="))
                .isEqualTo(
                        "{\"results\":["
                                + "{\"name\":\"acme/log\",\"description\":\"Writes\",\"type\":\"library\"},"
                                + "{\"name\":\"acme/logging\",\"description\":\"Writes lines\",\"type\":\"library\"},"
                                + "{\"name\":\"acme/words\",\"description\":\"A LOG of words\",\"type\":\"library\"}],\"total\":3}");
        assertThat(get("/search.json?q=Writes+LOG")).contains("\"total\":2");
        assertThat(get("/search.json?q=log%20lines%20lines")).contains("\"total\":1");
        assertThat(get("/search.json?q=log+nothing")).isEqualTo("{\"results\":[],\"total\":0}");
        assertThat(get("/search.json")).contains("\"total\":4");
    }

    @Test
    void aTypeIsSearchedFor() {
        take("acme/one", ",\"type\":\"composer-plugin\"");
        take("acme/two", "");
        assertThat(get("/search.json?q=acme&type=composer-plugin"))
                .contains("\"acme/one\"")
                .contains("\"total\":1");
        assertThat(get("/search.json?q=acme&type=library"))
                .contains("\"acme/two\"")
                .contains("\"total\":1");
    }

    @Test
    void resultsComeInPages() {
        for (int i = 0; i < 5; i++) {
            take("acme/p" + i, "");
        }
        String first = get("/search.json?q=acme%20p&per_page=2");
        assertThat(first).contains("acme/p0").contains("acme/p1").doesNotContain("acme/p2");
        assertThat(first)
                .endsWith("\"total\":5,\"next\":\"" + TestApp.BASE + "/search.json?q=acme%20p&per_page=2&page=2\"}");
        assertThat(get("/search.json?q=acme%20p&per_page=2&page=3"))
                .contains("acme/p4")
                .endsWith("\"total\":5}");
        assertThat(get("/search.json?q=acme%20p&per_page=2&page=4")).isEqualTo("{\"results\":[],\"total\":5}");
    }

    /** P71. */
    @Test
    void whatIsAbandonedIsMarked() {
        take("acme/gone", ",\"abandoned\":true");
        take("acme/moved", ",\"abandoned\":\"acme/heir\"");
        take("acme/kept", ",\"abandoned\":false");
        assertThat(get("/search.json?q=gone")).contains("\"abandoned\":true}");
        assertThat(get("/search.json?q=moved")).contains("\"abandoned\":\"acme/heir\"}");
        assertThat(get("/search.json?q=kept")).doesNotContain("abandoned");
    }

    /** R52. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/search.json?q=%",
                "/search.json?q=%ff",
                "/search.json?q=%00",
                "/search.json?q=a&per_page=0",
                "/search.json?q=a&per_page=101",
                "/search.json?q=a&page=0",
                "/search.json?q=a&page=-1",
                "/search.json?q=a&page=99999999999999999999",
                "/search.json?q=a&page=x",
                "/search.json?q=1+2+3+4+5+6+7+8+9",
                "/list.json?filter=%zz"
            })
    void aQueryThatMakesNoSenseIs400(String path) {
        assertThat(app.admin().get(path).status()).isEqualTo(400);
    }

    /** R52. */
    @Test
    void aLongQueryIsAnsweredOrRefused() {
        String longName = "acme/" + "long-".repeat(20) + "name";
        take(longName, description("é".repeat(400)));
        assertThat(get("/search.json?q=" + longName)).contains("\"total\":1");
        assertThat(get("/search.json?q=" + "x".repeat(200))).contains("\"total\":0");
        assertThat(app.admin().get("/search.json?q=" + "x".repeat(201)).status())
                .isEqualTo(400);
        assertThat(get("/search.json?q=%25_%27%22*%5B")).contains("\"total\":0");
        assertThat(get("/search.json?q=%C3%A9%C3%A9")).contains("\"total\":1").contains("é".repeat(250) + "\"");
        assertThat(get("/list.json?filter=" + longName + "*")).isEqualTo(names(longName));
        assertThat(get("/list.json?filter=*" + "x".repeat(49))).isEqualTo(names());
        assertThat(app.admin().get("/list.json?filter=*" + "x".repeat(50)).status())
                .isEqualTo(400);
    }

    @Test
    void whatAMisspeltNameMayHaveMeantIsFound() {
        for (String name : List.of("acme/hello", "acme/help", "acme/other", "globex/hello")) {
            take(name, "");
        }
        assertThat(get("/search.json?q=acme/helo&type="))
                .contains("acme/hello")
                .contains("acme/help")
                .endsWith("\"total\":2}");
        assertThat(get("/search.json?q=initech/hello")).contains("acme/hello").contains("globex/hello");
        assertThat(get("/search.json?q=helo")).contains("\"total\":0");
        assertThat(get("/search.json?q=initech/nothing")).contains("\"total\":0");
        assertThat(get(app.as(app.token("globex/*")), "/search.json?q=acme/helo"))
                .contains("\"total\":0");
    }

    /** P72. */
    @Test
    void whoProvidesOrReplacesANameIsFound() {
        take("acme/log", description("A log") + ",\"provide\":{\"psr/log-implementation\":\"1.0\",\"ext-x\":\"*\"}");
        take("acme/all", ",\"replace\":{\"Acme/Part\":\"self.version\",\"acme/other-part\":\"self.version\"}");
        assertThat(get("/providers/psr/log-implementation.json"))
                .isEqualTo("{\"providers\":[{\"name\":\"acme/log\",\"description\":\"A log\",\"type\":\"library\"}]}");
        assertThat(get("/providers/acme/part.json")).contains("\"acme/all\"");
        assertThat(get("/providers/Acme/Other-Part.json")).contains("\"acme/all\"");
        for (String path : List.of(
                "acme/log.json", "psr/log.json", "other/part.json", "acme/part", "acme/pa.json", "acme/log~dev.json")) {
            assertThat(app.admin().get("/providers/" + path).status()).as(path).isEqualTo(404);
        }
    }

    @Test
    void theNewestStableVersionSpeaksForThePackage() {
        app.publish(
                "acme/tool",
                version("acme/tool", "1.0.0", A, description("old")),
                version("acme/tool", "2.0.0-beta1", A, description("beta")),
                version("acme/tool", "1.1.0", A, description("newest stable")));
        app.admin().get("/p2/acme/tool.json");
        assertThat(get("/search.json?q=tool")).contains("\"newest stable\"");
        app.serve(
                UPSTREAM + "/p2/acme/mini.json",
                "{\"minified\":\"composer/2.0\",\"packages\":{\"acme/mini\":["
                        + version("acme/mini", "2.0.0-RC1", A, description("rc") + ",\"type\":\"project\"")
                        + ",{\"version\":\"1.9.0\",\"description\":\"stable\",\"type\":\"__unset\"}"
                        + ",{\"version\":\"1.8.0\",\"description\":\"older\"}]}}");
        app.admin().get("/p2/acme/mini.json");
        assertThat(get("/search.json?q=mini"))
                .contains("{\"name\":\"acme/mini\",\"description\":\"stable\",\"type\":\"library\"}");
    }

    @Test
    void withoutAStableVersionTheNewestOneSpeaksAndWithoutAReleaseABranch() {
        app.publish(
                "acme/beta",
                version("acme/beta", "1.0.0-alpha1", A, description("alpha")),
                version("acme/beta", "1.0.0-beta1", A, description("newest")));
        app.admin().get("/p2/acme/beta.json");
        takeBranch("acme/branch", description("a branch"));
        assertThat(get("/search.json?q=beta")).contains("\"newest\"");
        assertThat(get("/search.json?q=branch")).contains("\"a branch\"").contains("\"total\":1");
        assertThat(get("/list.json")).isEqualTo(names("acme/beta", "acme/branch"));
    }

    @Test
    void aPackageWithBothFilesStandsThereOnce() {
        take("acme/tool", description("stable"));
        app.serve(
                UPSTREAM + "/p2/acme/tool~dev.json",
                "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "dev-main", A, description("branch")) + "]}}");
        app.admin().get("/p2/acme/tool~dev.json");
        assertThat(get("/search.json?q=tool")).contains("\"stable\"").contains("\"total\":1");
        assertThat(get("/list.json")).isEqualTo(names("acme/tool"));
    }

    @Test
    void whatTheUpstreamSaysAnewIsFoundAnew() {
        take("acme/tool", description("before") + ",\"provide\":{\"acme/a\":\"1\"}");
        app.publish("acme/tool", version("acme/tool", "1.1.0", A, description("after")));
        app.clock().advance(Duration.ofMinutes(6));
        app.admin().get("/p2/acme/tool.json");
        assertThat(get("/search.json?q=before")).contains("\"total\":0");
        assertThat(get("/search.json?q=after")).contains("\"total\":1");
        assertThat(app.admin().get("/providers/acme/a.json").status()).isEqualTo(404);
    }

    /** What came in before there were these columns is read again, and found although the file is the same. */
    @Test
    void anOlderDocumentIsDescribedWhenItIsReadAgain() {
        take("acme/tool", description("here"));
        String date = "" + app.admin().get("/p2/acme/tool.json").findHeader("last-modified");
        app.database()
                .update(Statement.of(
                        "UPDATE document SET description = '', type = '', fresh_until = 0, upstream_modified = ''"));
        assertThat(get("/search.json?q=here")).contains("\"total\":0");
        assertThat(app.admin().get("/p2/acme/tool.json").findHeader("last-modified"))
                .isEqualTo(date);
        assertThat(get("/search.json?q=here")).contains("\"total\":1").contains("\"library\"");
    }

    @Test
    void textOfAnUpstreamIsOneLineWithoutControlCharacters() {
        take("acme/tool", description("a\\nb\\u001b[31mc\\u009bd"));
        assertThat(get("/search.json?q=tool")).contains("\"description\":\"a b [31mc d\"");
        take("acme/odd", ",\"description\":{\"a\":1},\"type\":7,\"abandoned\":[],\"provide\":[],\"replace\":\"x\"");
        assertThat(get("/search.json?q=odd"))
                .contains("{\"name\":\"acme/odd\",\"description\":\"\",\"type\":\"library\"}");
    }

    /** What p2 answers with 404, nothing lists. */
    @Test
    void aPackageThatIsGoneIsFoundNoMore() {
        take("acme/lost", "");
        take("acme/kept", "");
        app.serveStatus(UPSTREAM + "/p2/acme/lost.json", 404);
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(app.admin().get("/p2/acme/lost.json").status()).isEqualTo(200);
        assertThat(get("/list.json")).contains("acme/lost");
        app.clock().advance(Duration.ofHours(25));
        assertThat(app.admin().get("/p2/acme/lost.json").status()).isEqualTo(404);
        assertThat(get("/list.json")).isEqualTo(names("acme/kept"));
        assertThat(get("/search.json?q=acme")).contains("\"total\":1");
        app.admin().send("PATCH", "/api/upstreams/" + upstream, "{\"enabled\":false}");
        assertThat(get("/list.json")).isEqualTo(names());
        app.admin().send("PATCH", "/api/upstreams/" + upstream, "{\"enabled\":true}");
        assertThat(get("/list.json")).isEqualTo(names("acme/kept"));
        app.admin().send("DELETE", "/api/upstreams/" + upstream, "{}");
        assertThat(get("/list.json")).isEqualTo(names());
        assertThat(get("/search.json?q=acme")).contains("\"total\":0");
    }

    /** R4: nobody is asked, whatever is looked for; an unexpected request fails the test. */
    @Test
    void whatIsLookedForNeverLeavesTheHouse() {
        take("acme/tool", "");
        app.upstream().forgetRequests();
        for (String path : List.of(
                "/list.json?filter=secret/*",
                "/list.json?vendor=secret",
                "/search.json?q=secret%2Fproject&type=",
                "/providers/secret/project.json")) {
            app.admin().get(path);
        }
        assertThat(app.upstream().requests()).isEmpty();
    }
}
