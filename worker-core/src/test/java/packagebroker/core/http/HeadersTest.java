package packagebroker.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeadersTest {
    @Test
    void findsByName() {
        Headers headers = Headers.of("accept", "a/b", "etag", "\"1\"");
        assertThat(headers.find("etag")).isEqualTo("\"1\"");
        assertThat(headers.find("a/b")).isNull();
        assertThat(Headers.of().find("etag")).isNull();
    }

    @Test
    void addsWithoutChanging() {
        Headers headers = Headers.of("a", "1");
        Headers more = headers.with("b", "2");
        assertThat(more.pairs()).containsExactly("a", "1", "b", "2");
        assertThat(headers.pairs()).containsExactly("a", "1");
    }
}
