package packagebroker.core.advisory;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.text.Percent;

/** The packages that a client asks about: each once, in its order, and only what is a name at all. */
final class AskedNames {
    /** The most that one question may hold. */
    static final int MAX = 5_000;

    private final Set<PackageName> names = new LinkedHashSet<>();

    /** Returns the names of a form: {@code packages[]=acme/tool&packages[1]=…}, encoded or not (P63). */
    static AskedNames ofForm(String form) {
        AskedNames asked = new AskedNames();
        int from = 0;
        while (from < form.length()) {
            int ampersand = form.indexOf('&', from);
            int end = ampersand < 0 ? form.length() : ampersand;
            int equals = form.indexOf('=', from);
            if (equals > from && equals < end && isPackages(form.substring(from, equals))) {
                asked.add(Percent.decode(form.substring(equals + 1, end)));
            }
            from = end + 1;
        }
        return asked;
    }

    private static boolean isPackages(String field) {
        String key = Percent.decode(field);
        return key != null && key.startsWith("packages[") && key.endsWith("]");
    }

    /** Returns the names of package URLs: {@code pkg://composer/acme/tool} or {@code pkg:composer/acme/tool} (P67). */
    static AskedNames ofPackageUrls(List<String> urls) {
        AskedNames asked = new AskedNames();
        for (String url : urls) {
            String rest = after(url, url.startsWith("pkg://") ? "pkg://composer/" : "pkg:composer/");
            asked.add(rest == null ? null : Percent.decode(withoutQualifiers(rest)));
        }
        return asked;
    }

    private static @Nullable String after(String text, String prefix) {
        return text.startsWith(prefix) ? text.substring(prefix.length()) : null;
    }

    /** Cuts a version, qualifiers and a subpath. */
    private static String withoutQualifiers(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("@?#".indexOf(text.charAt(i)) >= 0) {
                return text.substring(0, i);
            }
        }
        return text;
    }

    private void add(@Nullable String text) {
        // A platform package or the root package is nobody's, so whatever is no name is not asked for further.
        PackageName name = text == null ? null : PackageName.find(text);
        if (name != null) {
            names.add(name);
        }
    }

    /** Returns the names. */
    List<PackageName> list() {
        return new ArrayList<>(names);
    }
}
