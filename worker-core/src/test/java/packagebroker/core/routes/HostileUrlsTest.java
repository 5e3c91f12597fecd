package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.testing.TestApp;

/** {@code POST /api/upstreams}: addresses that lead where nobody should be led. */
class HostileUrlsTest {
    private static void refuses(String url) {
        try (TestApp app = TestApp.start()) {
            String id = app.addUpstream("https://good.example.com", "b/*", 1, false);
            String body = Json.write(Json.object("name", "u", "url", url, "patterns", List.of("acme/*")));
            Response made = app.admin().send("POST", "/api/upstreams", body);
            assertThat(made.status()).isEqualTo(422);
            String change = Json.write(Json.object("url", url));
            assertThat(app.admin().send("PATCH", "/api/upstreams/" + id, change).status())
                    .isEqualTo(422);
            assertThat(app.count("upstream")).isEqualTo(1);
            assertThat(app.upstream().requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://repo.example.org/",
                "ftp://repo.example.org/",
                "file:///etc/passwd",
                "gopher://repo.example.org:70/_x",
                "data:application/json,{}",
                "javascript:alert(1)",
                "blob:https://x.example/1",
                "ssh://git@repo.example.org/x",
                "git@repo.example.org:acme/x.git",
                "ext::sh -c id",
                "//repo.example.org/",
                "repo.example.org",
                "https://"
            })
    void anotherScheme(String url) {
        refuses(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.1/",
                "https://127.255.255.254/",
                "https://0x7f.0x0.0x0.0x1/",
                "https://0177.0.0.1/",
                "https://%31%32%37.0.0.1/",
                "https://0/",
                "https://00.00.00.00/",
                "https://10.0.0.1/",
                "https://192.168.1.1/",
                "https://100.64.0.1/",
                "https://169.254.169.254/latest/meta-data/",
                "https://169.16689662/",
                "https://100.100.100.200/latest/",
                "https://168.63.129.16/",
                "https://198.18.0.1/",
                "https://240.0.0.1/",
                "https://255.255.255.255/",
                "https://192.0.2.5/",
                "https://8.8.8.8/",
                "https://[0:0:0:0:0:0:0:1]/",
                "https://[::]/",
                "https://[::ffff:127.0.0.1]/",
                "https://[::ffff:7f00:1]/",
                "https://[64:ff9b::a9fe:a9fe]/",
                "https://[2002:7f00:1::]/",
                "https://[2001:0:7f00:1::]/",
                "https://[fe80::1]/",
                "https://[fd00:ec2::254]/",
                "https://[ff02::1]/",
                "https://[::ffff:0:127.0.0.1]/",
                "https://[2606:4700::1111]/",
                "https://[::1/",
                "https://[v1.fe80::a]/",
                "https:/169.254.169.254/",
                "https:///169.254.169.254/"
            })
    void anAddressInsteadOfAName(String url) {
        refuses(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ip6-localhost/",
                "https://metadata.google.internal/computeMetadata/v1/",
                "https://repo.internal/",
                "https://nas.local/",
                "https://NAS.LOCAL./",
                "https://box.home.arpa/",
                "https://svc.default.svc.cluster.local/",
                "https://hidden.onion/",
                "https://1.0.0.127.in-addr.arpa/",
                "https://127.0.0.1.nip.io/",
                "https://a9fea9fe.nip.io/",
                "https://x.lvh.me/"
            })
    void aNameThatIsNotPublic(String url) {
        refuses(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:pw@repo.example.org/",
                "https://169.254.169.254#@repo.example.org/",
                "https://169.254.169.254\\@repo.example.org/",
                "https://repo.example.org:22/",
                "https://repo.example.org:25/",
                "https://repo.example.org:6379/",
                "https://repo.example.org:0/",
                "https://repo.example.org:-1/",
                "https://repo.example.org/#frag",
                "https://repo.example.org/?x=1",
                "https://repo.exa\nmple.org/",
                "https://repo.exa\tmple.org/",
                "https://repo.example.org/\r\nHost: x",
                "https://repo.example.org/\u0000",
                "https://repo_under.example.org /",
                "https://xn--/",
                "https://-repo.example.org/"
            })
    void aTrickInAnyPart(String url) {
        refuses(url);
    }

    @Test
    void endlessParts() {
        refuses("https://repo.example.org/" + "a".repeat(3_000));
        refuses("https://" + "a".repeat(64) + ".example.org/");
        refuses("https://" + "a.".repeat(200) + "example.org/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"href\":\"https://repo.example.org/\"}", "null", "7", "[\"https://repo.example.org/\"]"})
    void anythingButAText(String url) {
        try (TestApp app = TestApp.start()) {
            String body = "{\"name\":\"u\",\"patterns\":[\"*\"],\"url\":" + url + "}";
            assertThat(app.admin().send("POST", "/api/upstreams", body).status())
                    .isEqualTo(422);
        }
    }

    @Test
    void whatIsAllowedIsAllowedExactly() {
        try (TestApp app = TestApp.start("UPSTREAM_ALLOW", "http://127.0.0.1:8000, https://nas.local")) {
            app.serveRoot("http://127.0.0.1:8000/x");
            app.serveRoot("https://nas.local");
            for (String url : List.of("http://127.0.0.1:8000/x", "https://nas.local/")) {
                String body = Json.write(Json.object("name", "u", "url", url, "patterns", List.of("*")));
                assertThat(app.admin().send("POST", "/api/upstreams", body).status())
                        .isEqualTo(201);
            }
            for (String url : List.of(
                    "http://127.0.0.1/", "http://127.0.0.1:8001/", "https://127.0.0.1:8000/", "https://x.nas.local/")) {
                String body = Json.write(Json.object("name", "u", "url", url, "patterns", List.of("*")));
                assertThat(app.admin().send("POST", "/api/upstreams", body).status())
                        .isEqualTo(422);
            }
        }
    }
}
