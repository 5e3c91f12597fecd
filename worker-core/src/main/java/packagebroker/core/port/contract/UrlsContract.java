package packagebroker.core.port.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Urls;
import packagebroker.core.port.Urls.Url;

/** What {@link Urls} promises: what the runtime's own parser says, which is also what gets fetched. */
final class UrlsContract {
    private final Urls urls;

    UrlsContract(Urls urls) {
        this.urls = urls;
    }

    List<Check> checks() {
        return List.of(
                check("a URL falls into its parts", this::splits),
                check("parts that are not there are empty", this::leavesEmpty),
                check("an origin is scheme, host and port", this::tellsOrigins),
                table("a host that is a number, however it is written, becomes a dotted quad", UrlVectors.NUMBERS),
                table("a host that ends like a number and is none is refused", UrlVectors.NO_NUMBERS),
                table("digits, letters and dots in disguise are seen through", UrlVectors.DISGUISES),
                table("names are lower case and in punycode", UrlVectors.NAMES),
                table("hosts that are no names are refused", UrlVectors.NO_NAMES),
                table("IPv6 addresses are shortened, or refused if malformed", UrlVectors.V6),
                table("the scheme's own port is dropped, ports that are none are refused", UrlVectors.PORTS),
                table("users are told from hosts", UrlVectors.USERS),
                table("slashes and backslashes before the host, however many, count as two", UrlVectors.SLASHES),
                table("dots in paths are resolved, other characters encoded", UrlVectors.PATHS),
                table("queries and fragments are told apart and encoded", UrlVectors.QUERIES),
                table("blanks around are cut off, line breaks and tabs removed", UrlVectors.BLANKS),
                table("other schemes are parsed, what has none is refused", UrlVectors.SCHEMES),
                table("a relative reference is resolved against its base", UrlVectors.RELATIVE));
    }

    private static Check check(String name, Check.Proof proof) {
        return new Check("Urls", name, proof);
    }

    /** Returns a check of rows: a text, its base if there is one, and what it becomes. */
    private Check table(String name, @Nullable String[][] rows) {
        return check(name, () -> {
            for (@Nullable String[] row : rows) {
                String text = Expect.notNull("text", row[0]);
                String base = row.length == 3 ? row[1] : null;
                Url url = urls.parse(text, base);
                Expect.equal(text, row[row.length - 1], url == null ? null : url.href());
                parsesToItself(url);
            }
        });
    }

    private void parsesToItself(@Nullable Url url) {
        if (url != null) {
            Expect.equal("parsed again", url, urls.parse(url.href(), null));
        }
    }

    private Url parsed(String text) {
        return Expect.notNull(text, urls.parse(text, null));
    }

    private void splits() {
        Url expected = new Url(
                "https://us%20er:p%3Aw@xn--bcher-kva.example:8443/a%20b/c?d=%27e#f%20g",
                "https", "us%20er:p%3Aw", "xn--bcher-kva.example", "8443", "/a%20b/c", "?d=%27e", "#f%20g");
        Expect.equal("URL", expected, parsed("HTTPS://us er:p:w@Bücher.example:8443/a b/./c?d='e#f g"));
    }

    private void leavesEmpty() {
        Url plain = new Url("https://x.example/", "https", "", "x.example", "", "/", "", "");
        Expect.equal("URL", plain, parsed("https://x.example"));
        Url marks = new Url("https://x.example/?#", "https", "", "x.example", "", "/", "", "");
        Expect.equal("URL with empty marks", marks, parsed("https://x.example/?#"));
        Url user = new Url("https://me@x.example/", "https", "me:", "x.example", "", "/", "", "");
        Expect.equal("URL with a user alone", user, parsed("https://me@x.example"));
        Url password = new Url("https://:pw@x.example/", "https", ":pw", "x.example", "", "/", "", "");
        Expect.equal("URL with a password alone", password, parsed("https://:pw@x.example"));
        Url v6 = new Url("http://[::1]:8080/", "http", "", "[::1]", "8080", "/", "", "");
        Expect.equal("URL with an address", v6, parsed("http://[0::1]:8080"));
    }

    private void tellsOrigins() {
        Expect.equal(
                "own port",
                "https://x.example",
                parsed("https://me:pw@X.example:443/a?b").origin());
        Expect.equal(
                "other port",
                "https://x.example:8443",
                parsed("https://x.example:8443/a").origin());
        Expect.equal(
                "plain", "http://127.0.0.1:8080", parsed("http://127.1:8080").origin());
    }
}
