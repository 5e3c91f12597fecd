package packagebroker.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTest {
    private static Request get(String url) {
        return Request.get(url, Headers.of("accept", "a/b"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://host/p2/acme/tool.json, https://host, /p2/acme/tool.json",
        "https://host/, https://host, /",
        "https://host, https://host, /",
        "https://host:8443/a?b=/c, https://host:8443, /a",
        "https://host/a#/b?c, https://host, /a",
        "https://host/a?b#c, https://host, /a",
        "https://host/%2e%2e/a%2Fb, https://host, /%2e%2e/a%2Fb",
        "https://host//a//b, https://host, //a//b",
        "https://[::1]:8787/a, https://[::1]:8787, /a",
    })
    void splitsItsUrl(String url, String origin, String path) {
        Request request = get(url);
        assertThat(request.origin()).isEqualTo(origin);
        assertThat(request.path()).isEqualTo(path);
        assertThat(request.url()).isEqualTo(url);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "?a=1&b=2, a, 1",
                "?a=1&b=2, b, 2",
                "?a=1&b=2, c, null",
                "?ab=1&b=2, b, 2",
                "?xa=1&a=2, a, 2",
                "?a=1&a=2, a, 1",
                "?a=&b=2, a, ''",
                "?a&b=2, a, null",
                "?q=%2F+x, q, %2F+x",
                "?a=b=c, a, b=c",
                "?, a, null",
                "'', a, null",
                "?&&a=1, a, 1",
            })
    void findsQueryParametersAsSent(String query, String name, String value) {
        assertThat(get("https://host/p" + query).findQuery(name)).isEqualTo(value);
    }

    @Test
    void aFragmentBelongsToNoParameter() {
        assertThat(get("https://host/p#?a=1").findQuery("a")).isNull();
        assertThat(get("https://host/p?a=1#x").findQuery("a")).isEqualTo("1");
        assertThat(get("https://host/p?b#&a=1").findQuery("a")).isNull();
    }

    @Test
    void findsHeaders() {
        Request request = get("https://host/");
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.findHeader("accept")).isEqualTo("a/b");
        assertThat(request.findHeader("absent")).isNull();
        assertThat(request.body().next(1)).isNull();
    }
}
