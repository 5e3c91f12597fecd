package org.teavm.classlib.java.util;

import java.util.Locale;

/**
 * Stands in for {@link java.util.Formatter}, whose TeaVM version drags in regular expressions, DecimalFormat and the locale data. It knows
 * what error messages need: {@code %s %d %x %X %c %b %n %%}, with a width and the flags {@code -} and {@code 0}.
 */
public final class TFormatter {
    private final StringBuilder out = new StringBuilder();

    public TFormatter() {}

    @SuppressWarnings("unused") // what we write looks the same everywhere
    public TFormatter(Locale locale) {}

    @SuppressWarnings("AnnotateFormatMethod") // javac cannot check formats for a stand-in
    public TFormatter format(String pattern, Object... args) {
        int used = 0;
        int at = 0;
        while (at < pattern.length()) {
            int percent = pattern.indexOf('%', at);
            if (percent < 0) {
                break;
            }
            out.append(pattern, at, percent);
            int end = conversionAt(pattern, percent + 1);
            switch (pattern.charAt(end)) {
                case '%' -> pad("%", pattern, percent + 1);
                case 'n' -> out.append('\n');
                default -> {
                    if (used == args.length) {
                        throw new IllegalArgumentException("expected an argument for '"
                                + pattern.substring(percent, end + 1) + "' but found only " + used);
                    }
                    pad(text(pattern.charAt(end), args[used++]), pattern, percent + 1);
                }
            }
            at = end + 1;
        }
        out.append(pattern, at, pattern.length());
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }

    /** Returns where the letter stands that ends the conversion whose flags and width start here. */
    private static int conversionAt(String pattern, int start) {
        int at = start;
        while (at < pattern.length() && (pattern.charAt(at) == '-' || isDigit(pattern.charAt(at)))) {
            at++;
        }
        if (at == pattern.length()) {
            throw new IllegalArgumentException("expected a conversion but found the end of the format " + pattern);
        }
        return at;
    }

    private void pad(String text, String pattern, int start) {
        int at = start;
        boolean left = false;
        boolean zeros = false;
        for (; pattern.charAt(at) == '-' || pattern.charAt(at) == '0'; at++) {
            left |= pattern.charAt(at) == '-';
            zeros |= pattern.charAt(at) == '0';
        }
        int width = 0;
        for (; isDigit(pattern.charAt(at)); at++) {
            width = width * 10 + (pattern.charAt(at) - '0');
        }
        int sign = out.length() + (zeros && text.startsWith("-") ? 1 : 0);
        out.append(text);
        for (int i = text.length(); i < width; i++) {
            if (left) {
                out.append(' ');
            } else {
                out.insert(sign, zeros ? '0' : ' ');
            }
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static String text(char conversion, Object value) {
        return switch (conversion) {
            case 's', 'd' -> String.valueOf(value);
            case 'b' -> value instanceof Boolean ? String.valueOf(value) : value != null ? "true" : "false";
            case 'c' ->
                value instanceof Integer codePoint ? new String(Character.toChars(codePoint)) : String.valueOf(value);
            case 'x' -> hex(value);
            case 'X' -> hex(value).toUpperCase(Locale.ROOT);
            default -> throw new IllegalArgumentException("expected one of %s %d %x %X %c %b but found %" + conversion);
        };
    }

    private static String hex(Object value) {
        if (value instanceof Long number) {
            return Long.toHexString(number);
        }
        if (value instanceof Byte number) {
            return Integer.toHexString(number & 0xff);
        }
        return value instanceof Integer number ? Integer.toHexString(number) : String.valueOf(value);
    }
}
