package org.teavm.classlib.java.lang;

import org.teavm.jso.JSBody;

/**
 * Stands in for {@link java.lang.StringBuilder}, which in TeaVM copies each text character by character into an array and back: twenty
 * times the cost of letting the runtime join its own texts, and every {@code a + b} is one of these. What needs single characters of
 * what it has built so far is better off with an array.
 */
@SuppressWarnings({"JavaLangClash", "JdkObsolete"}) // it takes that class's place; StringBuffer is still TeaVM's own
public final class TStringBuilder implements CharSequence, Appendable {
    private static final long SAFE = 1L << 53;
    private static final long PART = 1_000_000_000_000_000L; // a part of a long that a JavaScript number holds exactly
    private static final int PART_DIGITS = 15;

    private String text = "";

    public TStringBuilder() {}

    @SuppressWarnings("unused") // there is nothing to reserve
    public TStringBuilder(int capacity) {}

    public TStringBuilder(String text) {
        this.text = text;
    }

    public TStringBuilder(CharSequence text) {
        this.text = text.toString();
    }

    @JSBody(
            params = {"text", "more"},
            script = "return text + more;")
    private static native String joined(String text, String more);

    @JSBody(
            params = {"text", "c"},
            script = "return text + String.fromCharCode(c);")
    private static native String joined(String text, char c);

    @JSBody(
            params = {"text", "number"},
            script = "return text + number;")
    private static native String joined(String text, int number);

    @JSBody(
            params = {"text", "number"},
            script = "return text + number;")
    private static native String joined(String text, double number);

    public TStringBuilder append(String more) {
        text = joined(text, more == null ? "null" : more);
        return this;
    }

    public TStringBuilder append(Object more) {
        return append(String.valueOf(more));
    }

    @Override
    public TStringBuilder append(CharSequence more) {
        return append(String.valueOf(more));
    }

    public TStringBuilder append(StringBuffer more) {
        return append(String.valueOf(more));
    }

    @Override
    public TStringBuilder append(CharSequence more, int start, int end) {
        return append(String.valueOf(more).substring(start, end));
    }

    public TStringBuilder append(char[] more) {
        return append(String.valueOf(more));
    }

    public TStringBuilder append(char[] more, int offset, int length) {
        return append(String.valueOf(more, offset, length));
    }

    public TStringBuilder append(boolean flag) {
        return append(flag ? "true" : "false");
    }

    @Override
    public TStringBuilder append(char c) {
        text = joined(text, c);
        return this;
    }

    public TStringBuilder append(int number) {
        text = joined(text, number);
        return this;
    }

    public TStringBuilder append(long number) {
        if (number > -SAFE && number < SAFE) {
            text = joined(text, (double) number);
            return this;
        }
        String low = joined("", (double) Math.abs(number % PART));
        return append(number / PART)
                .append("0".repeat(PART_DIGITS - low.length()))
                .append(low);
    }

    public TStringBuilder append(float number) {
        return append(new StringBuffer().append(number));
    }

    public TStringBuilder append(double number) {
        return append(new StringBuffer().append(number));
    }

    public TStringBuilder appendCodePoint(int point) {
        return append(Character.toChars(point));
    }

    public TStringBuilder insert(int index, String more) {
        String rest = text.substring(index);
        text = text.substring(0, index);
        return append(more).append(rest);
    }

    public TStringBuilder insert(int index, Object more) {
        return insert(index, String.valueOf(more));
    }

    public TStringBuilder insert(int index, char c) {
        return insert(index, String.valueOf(c));
    }

    public TStringBuilder insert(int index, int number) {
        return insert(index, String.valueOf(number));
    }

    public TStringBuilder insert(int index, long number) {
        return insert(index, String.valueOf(number));
    }

    public TStringBuilder delete(int start, int end) {
        return replace(start, end, "");
    }

    public TStringBuilder deleteCharAt(int index) {
        if (index >= text.length()) {
            throw new StringIndexOutOfBoundsException();
        }
        return replace(index, index + 1, "");
    }

    public TStringBuilder replace(int start, int end, String more) {
        if (start > end) {
            throw new StringIndexOutOfBoundsException();
        }
        String rest = text.substring(Math.min(end, text.length()));
        text = joined(text.substring(0, start), more);
        text = joined(text, rest);
        return this;
    }

    public void setCharAt(int index, char c) {
        if (index >= text.length()) {
            throw new StringIndexOutOfBoundsException();
        }
        replace(index, index + 1, String.valueOf(c));
    }

    public void setLength(int length) {
        int more = length - text.length();
        text = more > 0 ? joined(text, "\0".repeat(more)) : text.substring(0, length);
    }

    @SuppressWarnings("unused") // there is nothing to reserve
    public void ensureCapacity(int capacity) {}

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public char charAt(int index) {
        return text.charAt(index);
    }

    public int indexOf(String part) {
        return text.indexOf(part);
    }

    public int lastIndexOf(String part) {
        return text.lastIndexOf(part);
    }

    public String substring(int start) {
        return text.substring(start);
    }

    public String substring(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
