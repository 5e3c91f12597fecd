package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.BASE;
import static packagebroker.core.testing.TestApp.UPSTREAM;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.testing.TestApp;

/** What every answer tells a browser, should one be led to it. */
class ProtectionTest {
    private static final String A = "a".repeat(40);
    private static final String DIST = "/dist/acme/tool/1.0.0.0/r" + A + ".zip";

    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
        app.addUpstream("*");
        app.serve(UPSTREAM + "/a/" + A + ".zip", TestApp.zip("a"));
        app.publish("acme/tool", TestApp.version("acme/tool", "1.0.0", A, ""));
    }

    @AfterEach
    void close() {
        app.close();
    }

    private void isProtected(String what, Response response) {
        response.body().cancel();
        assertThat(response.findHeader("x-content-type-options")).as(what).isEqualTo("nosniff");
        assertThat(response.findHeader("referrer-policy")).as(what).isEqualTo("no-referrer");
        assertThat(response.findHeader("content-security-policy"))
                .as(what)
                .startsWith("default-src 'none'; frame-ancestors 'none'");
        assertThat(response.findHeader("cross-origin-opener-policy")).as(what).isEqualTo("same-origin");
        assertThat(response.findHeader("cross-origin-resource-policy")).as(what).isEqualTo("same-origin");
        assertThat(response.findHeader("strict-transport-security")).as(what).isEqualTo("max-age=31536000");
        assertThat(response.findHeader("vary")).as(what).contains("Authorization");
        assertThat(response.findHeader("cache-control")).as(what).startsWith("private");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < response.headers().pairs().size(); i += 2) {
            names.add(response.headers().pairs().get(i));
        }
        assertThat(names).as(what).doesNotHaveDuplicates().noneMatch(name -> name.startsWith("access-control"));
    }

    @Test
    void everyAnswerOfEveryRouteHasIt() {
        for (String caller : List.of("nobody", "admin")) {
            for (String row : app.product().routes()) {
                String[] route = row.split(" ", -1);
                String path = route[1].replaceAll("\\{[a-z]+\\}", "x");
                TestApp.Caller as = caller.equals("admin") ? app.admin() : app.anonymous();
                Response response = route[0].equals("GET")
                        ? as.get(path, "origin", "https://evil.example.net")
                        : as.send(route[0], path, "{}", "origin", "https://evil.example.net");
                isProtected(caller + " " + row, response);
            }
        }
    }

    @Test
    void soHaveDocumentsTheirAbsenceArchivesAndErrors() {
        Response document = app.admin().get("/p2/acme/tool.json");
        isProtected("a document", document);
        String date = document.findHeader("last-modified");
        isProtected("an unchanged one", app.admin().get("/p2/acme/tool.json", "if-modified-since", date));
        isProtected("nothing there", app.admin().get("/nothing"));
        isProtected("another method", app.admin().send("PUT", "/packages.json", "{}"));
        isProtected("a preflight", app.admin().send("OPTIONS", "/packages.json", ""));
        Response archive = app.admin().get(DIST);
        isProtected("an archive", archive);
        assertThat(archive.findHeader("content-disposition")).isEqualTo("attachment");
        assertThat(archive.findHeader("content-security-policy")).endsWith("; sandbox");
    }

    @Test
    void overPlainHttpNothingIsSaidAboutHttps() {
        Request request = new Request(
                "GET",
                BASE.replace("https:", "http:") + "/api/health",
                Headers.of(),
                Body.of("".getBytes(StandardCharsets.UTF_8)));
        assertThat(app.product().handle(request).findHeader("strict-transport-security"))
                .isNull();
    }
}
