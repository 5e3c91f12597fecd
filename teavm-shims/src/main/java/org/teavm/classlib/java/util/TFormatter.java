package org.teavm.classlib.java.util;

import java.util.Locale;

/**
 * Stands in for {@link java.util.Formatter}, which drags in regular expressions, DecimalFormat and the locale data. Only Jackson formats
 * anything here, messages about malformed input that nobody sees: so they stay as they are.
 */
public final class TFormatter {
    private String text = "";

    public TFormatter() {}

    @SuppressWarnings("unused") // what we write looks the same everywhere
    public TFormatter(Locale locale) {}

    @SuppressWarnings({"AnnotateFormatMethod", "unused"}) // nothing is filled in
    public TFormatter format(String pattern, Object... args) {
        text += pattern;
        return this;
    }

    @Override
    public String toString() {
        return text;
    }
}
