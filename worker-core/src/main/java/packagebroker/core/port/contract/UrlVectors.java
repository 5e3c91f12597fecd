package packagebroker.core.port.contract;

import org.jspecify.annotations.Nullable;

/**
 * Texts and what the URL standard makes of them: null where it refuses. Each row was taken from the runtime itself;
 * notations that its versions disagree about are left out.
 */
final class UrlVectors {
    static final @Nullable String[][] NUMBERS = {
        {"https://2130706433/", "https://127.0.0.1/"},
        {"https://0x7f000001/", "https://127.0.0.1/"},
        {"https://0x7f.1/", "https://127.0.0.1/"},
        {"https://0177.0.0.1/", "https://127.0.0.1/"},
        {"https://0X7F.0.0.1", "https://127.0.0.1/"},
        {"https://127.1/", "https://127.0.0.1/"},
        {"https://0/", "https://0.0.0.0/"},
        {"https://00.00.00.00/", "https://0.0.0.0/"},
        {"https://0x/", "https://0.0.0.0/"},
        {"https://169.16689662/", "https://169.254.169.254/"},
        {"https://017700000001/", "https://127.0.0.1/"},
        {"https://127.0.0x0.1", "https://127.0.0.1/"},
        {"https://1.2.3.4./", "https://1.2.3.4/"},
        {"https://4294967295/", "https://255.255.255.255/"},
        {"https://127.0.0.1.nip.io/", "https://127.0.0.1.nip.io/"},
        {"https://1.2.3.4x/", "https://1.2.3.4x/"},
        {"https://0xg.example/", "https://0xg.example/"},
    };

    static final @Nullable String[][] NO_NUMBERS = {
        {"https://4294967296/", null},
        {"https://256.0.0.1/", null},
        {"https://1.2.3.4.5/", null},
        {"https://1.2.3.09/", null},
        {"https://foo.1/", null},
        {"https://foo.0x1", null},
        {"https://foo.09/", null},
        {"https://1..2/", null},
        {"https://999999999999999999999/", null},
    };

    static final @Nullable String[][] DISGUISES = {
        {"https://①②⑦.⓪.⓪.①/", "https://127.0.0.1/"},
        {"https://127。0。0。1/", "https://127.0.0.1/"},
        {"https://１２７．０．０．１/", "https://127.0.0.1/"},
        {"https://%31%32%37.0.0.1/", "https://127.0.0.1/"},
        {"https://%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1/", "https://127.0.0.1/"},
        {"https://ｅｘａｍｐｌｅ．ｃｏｍ/", "https://example.com/"},
        {"https://a%41b/", "https://aab/"},
    };

    static final @Nullable String[][] NAMES = {
        {"https://bücher.example/", "https://xn--bcher-kva.example/"},
        {"https://BÜCHER.example", "https://xn--bcher-kva.example/"},
        {"https://XN--BCHER-KVA.example/", "https://xn--bcher-kva.example/"},
        {"https://b%C3%BCcher.example/", "https://xn--bcher-kva.example/"},
        {"https://faß.example/", "https://xn--fa-hia.example/"},
        {"https://日本語.example/", "https://xn--wgv71a119e.example/"},
        {"https://☃.example/", "https://xn--n3h.example/"},
        {"https://😀.example/", "https://xn--e28h.example/"},
        {"https://a\u0301.example/", "https://xn--1ca.example/"},
        {"https://a\u00ADb.example/", "https://ab.example/"},
        {"https://\u212A.example/", "https://k.example/"},
        {"https://a_b.example/", "https://a_b.example/"},
        {"https://-repo.example.org/", "https://-repo.example.org/"},
        {"https://a..b/", "https://a..b/"},
        {"https://a.b./", "https://a.b./"},
        {"HTTPS://X.Example/A", "https://x.example/A"},
    };

    static final @Nullable String[][] NO_NAMES = {
        {"https://", null},
        {"https:///", null},
        {"https://\u00AD/", null},
        {"https://\u0301a.example/", null},
        {"https://\uFFFD.example/", null},
        {"https://x ample/", null},
        {"https://x.example /", null},
        {"https://a<b/", null},
        {"https://a|b/", null},
        {"https://a^b/", null},
        {"https://a%b/", null},
        {"https://a%00b/", null},
        {"https://a%2fb/", null},
        {"https://a%25b/", null},
        {"https://a[b/", null},
        {"https://a]b/", null},
        {"https://a\u007Fb/", null},
    };

    static final @Nullable String[][] V6 = {
        {"https://[::1]/", "https://[::1]/"},
        {"https://[0:0:0:0:0:0:0:1]/", "https://[::1]/"},
        {"https://[::]/", "https://[::]/"},
        {"https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/"},
        {"https://[::ffff:7f00:1]/", "https://[::ffff:7f00:1]/"},
        {"https://[2001:DB8::1]:8443/", "https://[2001:db8::1]:8443/"},
        {"https://[1:0:0:2:0:0:0:3]/", "https://[1:0:0:2::3]/"},
        {"https://[1:0:3:4:5:6:7:8]/", "https://[1:0:3:4:5:6:7:8]/"},
        {"https://[64:ff9b::a9fe:a9fe]", "https://[64:ff9b::a9fe:a9fe]/"},
        {"https://[1:2:3:4:5:6:1.2.3.4]", "https://[1:2:3:4:5:6:102:304]/"},
        {"https://[::1/", null},
        {"https://[v1.fe80::a]/", null},
        {"https://[1::2::3]/", null},
        {"https://[1:2:3:4:5:6:7:8:9]/", null},
        {"https://[fe80::1%25eth0]/", null},
        {"https://[::1.2.3]/", null},
        {"https://[::01.2.3.4]/", null},
        {"https://[12345::]/", null},
        {"https://[::1]x/", null},
        {"https://[]/", null},
    };

    static final @Nullable String[][] PORTS = {
        {"https://repo.example.org:443/", "https://repo.example.org/"},
        {"https://repo.example.org:0443/", "https://repo.example.org/"},
        {"https://repo.example.org:/", "https://repo.example.org/"},
        {"https://repo.example.org:8443/", "https://repo.example.org:8443/"},
        {"https://repo.example.org:0/", "https://repo.example.org:0/"},
        {"https://repo.example.org:65535/", "https://repo.example.org:65535/"},
        {"http://repo.example.org:80/", "http://repo.example.org/"},
        {"http://repo.example.org:443/", "http://repo.example.org:443/"},
        {"https://repo.example.org:65536/", null},
        {"https://repo.example.org:-1/", null},
        {"https://repo.example.org:8x/", null},
    };

    static final @Nullable String[][] USERS = {
        {"https://user:pw@repo.example.org/", "https://user:pw@repo.example.org/"},
        {"https://user@repo.example.org/", "https://user@repo.example.org/"},
        {"https://@repo.example.org/", "https://repo.example.org/"},
        {"https://:@repo.example.org/", "https://repo.example.org/"},
        {"https://a@b@repo.example.org/", "https://a%40b@repo.example.org/"},
        {"https://us%40er:p:w@repo.example.org/", "https://us%40er:p%3Aw@repo.example.org/"},
        {"https://169.254.169.254#@repo.example.org/", "https://169.254.169.254/#@repo.example.org/"},
        {"https://169.254.169.254\\@repo.example.org/", "https://169.254.169.254/@repo.example.org/"},
        {"https://user:pw@/", null},
    };

    static final @Nullable String[][] SLASHES = {
        {"https:///x.example/a", "https://x.example/a"},
        {"https:/x.example/a", "https://x.example/a"},
        {"https:x.example/a", "https://x.example/a"},
        {"https:\\\\x.example\\a\\b", "https://x.example/a/b"},
        {"http:\\\\169.254.169.254\\latest", "http://169.254.169.254/latest"},
        {"https:////x.example", "https://x.example/"},
    };

    static final @Nullable String[][] PATHS = {
        {"https://x.example", "https://x.example/"},
        {"https://x.example/a/../b", "https://x.example/b"},
        {"https://x.example/a/./b/.", "https://x.example/a/b/"},
        {"https://x.example/../../a", "https://x.example/a"},
        {"https://x.example/a/b/..", "https://x.example/a/"},
        {"https://x.example/a/%2e%2e/b", "https://x.example/b"},
        {"https://x.example/a/%2E./b", "https://x.example/b"},
        {"https://x.example/a/%2e/b", "https://x.example/a/b"},
        {"https://x.example/a%2fb", "https://x.example/a%2fb"},
        {"https://x.example/a b", "https://x.example/a%20b"},
        {"https://x.example/a\"<>`{}", "https://x.example/a%22%3C%3E%60%7B%7D"},
        {"https://x.example/é", "https://x.example/%C3%A9"},
        {"https://x.example/😀", "https://x.example/%F0%9F%98%80"},
        {"https://x.example/\uD800x", "https://x.example/%EF%BF%BDx"},
        {"https://x.example//a//b/", "https://x.example//a//b/"},
        {"https://x.example/%", "https://x.example/%"},
        {"https://x.example/%zz", "https://x.example/%zz"},
        {"https://x.example/a\\b", "https://x.example/a/b"},
        {"https://x.example/...", "https://x.example/..."},
        {"https://x.example/a;b=c@d:e", "https://x.example/a;b=c@d:e"},
        {"https://x.example/\u0000", "https://x.example/"},
        {"https://x.example/a'b", "https://x.example/a'b"},
    };

    static final @Nullable String[][] QUERIES = {
        {"https://x.example?q", "https://x.example/?q"},
        {"https://x.example/?", "https://x.example/?"},
        {"https://x.example/#", "https://x.example/#"},
        {"https://x.example/?a=b c#d e", "https://x.example/?a=b%20c#d%20e"},
        {"https://x.example/?a='b\"<>`", "https://x.example/?a=%27b%22%3C%3E`"},
        {"https://x.example/?é#é", "https://x.example/?%C3%A9#%C3%A9"},
        {"https://x.example/?a?b#c#d", "https://x.example/?a?b#c#d"},
        {"https://x.example/?a=../b", "https://x.example/?a=../b"},
        {"https://x.example/a?b\\c", "https://x.example/a?b\\c"},
    };

    static final @Nullable String[][] BLANKS = {
        {" https://x.example/ ", "https://x.example/"},
        {"\u0000https://x.example/\u001F", "https://x.example/"},
        {"https://repo.exa\nmple.org/", "https://repo.example.org/"},
        {"https://repo.exa\tmple.org/", "https://repo.example.org/"},
        {"ht\ntps://x.example/", "https://x.example/"},
        {"https://x.example/a\r\nHost: y", "https://x.example/aHost:%20y"},
        {"\u00A0https://x.example/", null},
    };

    static final @Nullable String[][] SCHEMES = {
        {"git@repo.example.org:acme/x.git", null},
        {"repo.example.org", null},
        {"//repo.example.org/", null},
        {"", null},
        {"/a", null},
        {"#f", null},
        {"1http://x/", null},
        {"://x", null},
        {"ssh://git@repo.example.org:22/x", "ssh://git@repo.example.org:22/x"},
        {"file:///etc/passwd", "file:///etc/passwd"},
        {"javascript:alert(1)", "javascript:alert(1)"},
        {"data:application/json,{}", "data:application/json,{}"},
        {"mailto:a@b", "mailto:a@b"},
        {"ftp://x.example:21/", "ftp://x.example/"},
        {"ext::sh -c id", "ext::sh -c id"},
        {"gopher://x.example:70/_x", "gopher://x.example:70/_x"},
        {"blob:https://x.example/1", "blob:https://x.example/1"},
    };

    static final @Nullable String[][] RELATIVE = {
        {"b", "https://x.example/a/c", "https://x.example/a/b"},
        {"../b", "https://x.example/a/c/d", "https://x.example/a/b"},
        {"/b", "https://x.example/a/c", "https://x.example/b"},
        {"//y.example/b", "https://x.example/a", "https://y.example/b"},
        {"?q", "https://x.example/a/c?z#f", "https://x.example/a/c?q"},
        {"#g", "https://x.example/a/c?z#f", "https://x.example/a/c?z#g"},
        {"", "https://x.example/a/c?z#f", "https://x.example/a/c?z"},
        {".", "https://x.example/a/c", "https://x.example/a/"},
        {"..", "https://x.example/a/c", "https://x.example/"},
        {"https:b", "https://x.example/a/c", "https://x.example/a/b"},
        {"http:b", "https://x.example/a/c", "http://b/"},
        {"https:/b", "https://x.example/a/c", "https://x.example/b"},
        {"\\b", "https://x.example/a/c", "https://x.example/b"},
        {"\\\\y.example\\b", "https://x.example/a", "https://y.example/b"},
        {"https://y.example", "https://x.example/a", "https://y.example/"},
        {"b", "https://u:p@x.example:8443/a/c", "https://u:p@x.example:8443/a/b"},
        {"/%2e%2e/b", "https://x.example/a/c/d", "https://x.example/b"},
        {"./../.././b", "https://x.example/a/c/d", "https://x.example/b"},
        {"b?c", "https://x.example/a/", "https://x.example/a/b?c"},
        {"b:c", "https://x.example/a/", "b:c"},
        {"b", "not a url", null},
        {"a b", "https://x.example", "https://x.example/a%20b"},
        {"/a/%2F../b", "https://x.example/", "https://x.example/a/%2F../b"},
        {"https:?q", "https://x.example/a/c", "https://x.example/a/c?q"},
        {"https:#q", "https://x.example/a/c", "https://x.example/a/c#q"},
        {"https:", "https://x.example/a/c", "https://x.example/a/c"},
        {"https:../z", "https://x.example/a/c/d", "https://x.example/a/z"},
        {"///y.example/b", "https://x.example/a", "https://y.example/b"},
    };

    private UrlVectors() {}
}
