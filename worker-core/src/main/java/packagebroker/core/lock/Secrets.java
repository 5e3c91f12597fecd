package packagebroker.core.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.text.Ascii;

/** Finds what looks like a secret, by where it stands or how it begins. It names places and never repeats a secret. */
final class Secrets {
    private static final List<String> WORDS = List.of(
            "token", "secret", "passw", "passphrase", "signature", "credential", "apikey", "api_key", "api-key");
    private static final List<String> NAMES = List.of("key", "auth", "authorization", "sig", "jwt", "cookie", "pass");
    private static final List<String> PREFIXES = List.of(
            "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "gldt-", "glcbt-", "pkbr_", "pkba_", "ATBB");
    private static final List<String> HARMLESS = List.of("user-agent", "accept", "accept-encoding", "accept-language");
    private static final int MAX_NAME = 60;

    private Secrets() {}

    /** Returns whether a URL holds a secret. */
    static boolean inUrl(String url) {
        return !withoutSecrets(url).equals(url) || hasTokenOf(url);
    }

    private static boolean hasTokenOf(String url) {
        for (String prefix : PREFIXES) {
            if (url.contains(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** Returns a URL without user, password and telling parameters. */
    static String withoutSecrets(String url) {
        int host = url.indexOf("://") + 3;
        if (host < 3) {
            return url; // git@host:path, or a path of this machine.
        }
        int end = host;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        int at = url.substring(0, end).lastIndexOf('@');
        boolean web = Ascii.lower(url).startsWith("http");
        boolean password = at > host && (web || url.substring(host, at).indexOf(':') >= 0);
        String plain = password ? url.substring(0, host) + url.substring(at + 1) : url;
        int query = plain.indexOf('?');
        return query < 0 ? plain : withoutParameters(plain, query);
    }

    private static String withoutParameters(String url, int query) {
        int hash = url.indexOf('#', query);
        int end = hash < 0 ? url.length() : hash;
        StringBuilder kept = new StringBuilder(url.substring(0, query));
        char separator = '?';
        int from = query + 1;
        while (from <= end) {
            int next = url.indexOf('&', from);
            int to = next < 0 || next > end ? end : next;
            String parameter = url.substring(from, to);
            int equals = parameter.indexOf('=');
            if (!isSecretName(equals < 0 ? "" : parameter.substring(0, equals))) {
                kept.append(separator).append(parameter);
                separator = '&';
            }
            from = to + 1;
        }
        return kept.append(url.substring(end)).toString();
    }

    private static boolean isSecretName(String name) {
        String lower = Ascii.lower(name);
        boolean secret = NAMES.contains(lower);
        for (String word : WORDS) {
            secret |= lower.contains(word);
        }
        return secret;
    }

    /** What is in transport options: the names of all, and of those whose values are secrets. */
    record Options(List<String> names, List<String> secrets) {}

    /** Returns what transport options hold. */
    static Options inOptions(JsonSlice options) {
        Options found = new Options(new ArrayList<>(), new ArrayList<>());
        collect("", options, found);
        return found;
    }

    private static void collect(String path, JsonSlice value, Options found) {
        Map<String, JsonSlice> fields = value.findFields();
        if (fields == null) {
            found.names().add(path.isEmpty() ? "options" : path);
            if (isSecretName(path.substring(path.lastIndexOf('.') + 1))) {
                found.secrets().add(path);
            }
            return;
        }
        for (Map.Entry<String, JsonSlice> field : fields.entrySet()) {
            String name = isName(field.getKey()) ? field.getKey() : "option";
            if (Ascii.isSame(name, "header")) {
                collectHeaders(field.getValue(), found);
            } else {
                collect(path.isEmpty() ? name : path + "." + name, field.getValue(), found);
            }
        }
    }

    private static void collectHeaders(JsonSlice headers, Options found) {
        JsonCursor cursor = headers.cursor();
        if (!cursor.atArray()) {
            addHeader(headers.findText(), found);
            return;
        }
        cursor.enter();
        while (cursor.nextElement()) {
            addHeader(cursor.text(), found);
        }
    }

    private static void addHeader(@Nullable String header, Options found) {
        int colon = header == null ? -1 : header.indexOf(':');
        String name = header != null && colon > 0 ? header.substring(0, colon).strip() : "";
        String shown = "header " + (isName(name) ? name : "without a name");
        found.names().add(shown);
        if (!HARMLESS.contains(Ascii.lower(name))) {
            found.secrets().add(shown);
        }
    }

    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MAX_NAME && !hasTokenOf(text);
    }
}
