package packagebroker.core.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import packagebroker.core.testing.WhatwgUrls.NotAUrl;

/** The host parser of the URL standard: names, numbers in every notation, IPv6. */
final class UrlHost {
    private static final String FORBIDDEN = "\0\t\n\r #/:<>?@[\\]^|";

    private UrlHost() {}

    static String parse(String host, boolean special) {
        if (host.startsWith("[")) {
            if (!host.endsWith("]")) {
                throw new NotAUrl();
            }
            return "[" + UrlAddress.parse(host.substring(1, host.length() - 1)) + "]";
        }
        if (!special) {
            refuse(host, FORBIDDEN);
            return UrlEncoding.encode(host, UrlEncoding.CONTROL);
        }
        String name = UrlNames.toAscii(UrlEncoding.decode(host));
        refuse(name, FORBIDDEN + "%\u007F");
        boolean control = name.chars().anyMatch(c -> c < ' ');
        if (name.isEmpty() || control) {
            throw new NotAUrl();
        }
        return endsInANumber(name) ? number(name) : name;
    }

    private static void refuse(String host, String forbidden) {
        for (int i = 0; i < host.length(); i++) {
            if (forbidden.indexOf(host.charAt(i)) >= 0) {
                throw new NotAUrl();
            }
        }
    }

    private static List<String> labels(String name) {
        List<String> labels = new ArrayList<>(List.of(name.split("\\.", -1)));
        if (labels.size() > 1 && labels.get(labels.size() - 1).isEmpty()) {
            labels.remove(labels.size() - 1);
        }
        return labels;
    }

    private static boolean endsInANumber(String name) {
        List<String> labels = labels(name);
        String last = labels.get(labels.size() - 1);
        boolean digits = !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits || isHex(last);
    }

    private static boolean isHex(String label) {
        String text = label.toLowerCase(Locale.ROOT);
        return text.startsWith("0x") && text.chars().skip(2).allMatch(c -> Character.digit(c, 16) >= 0);
    }

    private static String number(String name) {
        List<String> labels = labels(name);
        if (labels.size() > 4) {
            throw new NotAUrl();
        }
        long address = 0;
        for (int i = 0; i < labels.size(); i++) {
            boolean last = i == labels.size() - 1;
            long value = value(labels.get(i));
            if (value >= (last ? 1L << (8 * (5 - labels.size())) : 256)) {
                throw new NotAUrl();
            }
            address += last ? value : value << (8 * (3 - i));
        }
        return (address >> 24) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255);
    }

    private static long value(String label) {
        boolean octal = label.length() > 1 && label.startsWith("0");
        String digits = isHex(label) ? label.substring(2) : octal ? label.substring(1) : label;
        int radix = isHex(label) ? 16 : octal ? 8 : 10;
        try {
            return label.isEmpty() || digits.startsWith("-") || digits.startsWith("+")
                    ? refused()
                    : digits.isEmpty() ? 0 : Long.parseLong(digits, radix);
        } catch (NumberFormatException e) {
            throw new NotAUrl();
        }
    }

    private static long refused() {
        throw new NotAUrl();
    }
}
