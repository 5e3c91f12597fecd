package org.teavm.classlib.java.lang;

/**
 * Stands in for {@link java.lang.Character}, whose TeaVM version brings tables of all of Unicode. It knows what needs none; anything
 * more fails the build, and {@code packagebroker.core.text.Ascii} most likely has it.
 */
@SuppressWarnings("JavaLangClash") // it takes that class's place
public final class TCharacter implements Comparable<TCharacter> {
    public static final Class<Character> TYPE = char.class;

    private final char value;

    public TCharacter(char value) {
        this.value = value;
    }

    public static TCharacter valueOf(char value) {
        return new TCharacter(value);
    }

    public char charValue() {
        return value;
    }

    @Override
    public String toString() {
        return toString(value);
    }

    public static String toString(char value) {
        return new String(new char[] {value});
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TCharacter character && character.value == value;
    }

    @Override
    public int hashCode() {
        return value;
    }

    public static int hashCode(char value) {
        return value;
    }

    @Override
    public int compareTo(TCharacter other) {
        return compare(value, other.value);
    }

    public static int compare(char one, char other) {
        return one - other;
    }

    public static boolean isHighSurrogate(char c) {
        return (c & 0xFC00) == 0xD800;
    }

    public static boolean isLowSurrogate(char c) {
        return (c & 0xFC00) == 0xDC00;
    }

    public static boolean isSurrogate(char c) {
        return (c & 0xF800) == 0xD800;
    }

    public static boolean isSurrogatePair(char high, char low) {
        return isHighSurrogate(high) && isLowSurrogate(low);
    }

    public static int charCount(int point) {
        return point < 0x10000 ? 1 : 2;
    }

    public static int toCodePoint(char high, char low) {
        return ((high & 0x3FF) << 10) + (low & 0x3FF) + 0x10000;
    }

    public static int codePointAt(CharSequence text, int index) {
        char first = text.charAt(index);
        boolean pair = isHighSurrogate(first) && index + 1 < text.length() && isLowSurrogate(text.charAt(index + 1));
        return pair ? toCodePoint(first, text.charAt(index + 1)) : first;
    }

    public static int codePointCount(CharSequence text, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i += charCount(codePointAt(text, i))) {
            count++;
        }
        return count;
    }

    public static char highSurrogate(int point) {
        return (char) (0xD800 + ((point - 0x10000) >> 10));
    }

    public static char lowSurrogate(int point) {
        return (char) (0xDC00 + (point & 0x3FF));
    }

    public static char[] toChars(int point) {
        return point < 0x10000 ? new char[] {(char) point} : new char[] {highSurrogate(point), lowSurrogate(point)};
    }

    public static char forDigit(int digit, int radix) {
        return digit < 0 || digit >= radix ? '\0' : (char) (digit < 10 ? '0' + digit : 'a' + digit - 10);
    }

    /** Only Jackson asks, whether to complain about what stands behind {@code true} at once or when it comes to it: there it always may. */
    @SuppressWarnings("unused") // the answer is the same for all
    public static boolean isJavaIdentifierPart(char c) {
        return true;
    }
}
