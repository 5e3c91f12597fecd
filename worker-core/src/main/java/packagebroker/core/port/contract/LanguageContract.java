package packagebroker.core.port.contract;

import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Digests;
import packagebroker.core.text.Base64Text;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Sha256;
import packagebroker.core.text.Utf8;

/**
 * What the product takes for granted of the language itself. On the JVM these checks say what Java does; in the Worker, where a
 * stand-in builds the texts, they prove that it does the same.
 */
@SuppressWarnings("UnnecessaryStringBuilder") // it is what is checked
final class LanguageContract {
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final Digests digests;

    LanguageContract(Digests digests) {
        this.digests = digests;
    }

    List<Check> checks() {
        return List.of(
                check("texts of all kinds are joined", this::joinsTexts),
                check("numbers are written out, the longest included", this::writesNumbers),
                check("a text under way is cut, filled and changed", this::changesTexts),
                check("an index outside a text under way is refused", this::refusesIndexes),
                check("a character beyond U+FFFF stays whole", this::keepsSurrogates),
                check("base64 is read, and whatever is none refused", this::readsBase64),
                check("characters are what Unicode says", this::knowsCharacters),
                check("our SHA-256 says what the platform's says", this::hashesAlike));
    }

    private static Check check(String name, Check.Proof proof) {
        return new Check("Language", name, proof);
    }

    private void joinsTexts() {
        Expect.equal("operator", "anull1true-2x[]", joined("a", null, 1, -2));
        char[] letters = {'d', 'e', 'f', 'g'};
        StringBuilder text = new StringBuilder(4).append("ab").append('c').append(letters, 0, 1);
        text.append("_efg_", 1, 3).append(letters).append((Object) "h").append(new StringBuilder("i"));
        text.append((CharSequence) "j").append(false).append((String) null).append(new StringBuilder("123"), 1, 2);
        Expect.equal("builder", "abcdefdefghijfalsenull2", text.toString());
        Expect.number("length", 23, text.length());
        Expect.equal("empty", "", new StringBuilder().toString());
        Expect.equal("start", "ab", new StringBuilder("a").append("b").toString());
    }

    private static String joined(String first, @Nullable Object second, int third, long fourth) {
        return first + second + third + (third > 0) + fourth + (char) ('w' + third) + List.of();
    }

    private void readsBase64() {
        byte[] bytes = Sample.pattern(100);
        String url = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Expect.hex("url", Hex.of(bytes), Base64Text.urlBytes(url));
        Expect.hex("plain", Hex.of(bytes), Base64Text.bytes(Base64.getEncoder().encodeToString(bytes)));
        for (int c = 0; c < 0x200; c++) {
            boolean digit = DIGITS.indexOf(c) >= 0;
            Expect.isTrue("character " + c, (Base64Text.urlBytes("AAA" + (char) c) != null) == digit);
        }
    }

    private void writesNumbers() {
        for (int number : new int[] {0, 7, -1, 2_147_483_647, -2_147_483_648}) {
            Expect.equal("int", Integer.toString(number), "" + number);
        }
        writes(0, "0");
        writes(-7, "-7");
        writes(1_764_000_000_000L, "1764000000000");
        writes(9_007_199_254_740_991L, "9007199254740991");
        writes(9_007_199_254_740_992L, "9007199254740992");
        writes(9_007_199_254_740_993L, "9007199254740993");
        writes(-9_000_000_000_000_000_007L, "-9000000000000000007");
        writes(Long.MAX_VALUE, "9223372036854775807");
        writes(Long.MIN_VALUE, "-9223372036854775808");
        Expect.equal("radix", "-ff", Integer.toString(-255, 16));
    }

    private static void writes(long number, String expected) {
        Expect.equal("operator", "<" + expected + ">", "<" + number + '>');
        Expect.equal("method", expected, Long.toString(number));
    }

    private void changesTexts() {
        StringBuilder text = new StringBuilder("abcdef");
        text.insert(0, "<").insert(7, '>').insert(4, 12).insert(4, 5L).insert(4, (Object) "é");
        Expect.equal("inserted", "<abcé512def>", text.toString());
        text.deleteCharAt(0).delete(3, 7).replace(3, 4, "XYZ");
        Expect.equal("deleted and replaced", "abcXYZef>", text.toString());
        Expect.equal("deleted to the end", "abc", text.delete(3, 99).toString());
        text.setCharAt(1, 'B');
        text.setLength(2);
        text.setLength(4);
        Expect.equal("set", "aB\0\0", text.toString());
        Expect.number("char", 'B', text.charAt(1));
        Expect.equal("part", "B\0", text.substring(1, 3));
        Expect.equal("rest", "\0", text.substring(3));
        Expect.equal("sequence", "aB", text.subSequence(0, 2).toString());
        Expect.number("index", 1, text.indexOf("B"));
        Expect.number("last index", 3, text.lastIndexOf("\0"));
        Expect.isTrue("not empty", !text.isEmpty());
    }

    private void refusesIndexes() {
        StringBuilder text = new StringBuilder("abc");
        Expect.fails("char behind the end", () -> text.charAt(3));
        Expect.fails("char before the start", () -> text.charAt(-1));
        Expect.fails("part", () -> text.substring(2, 4));
        Expect.fails("delete", () -> text.deleteCharAt(3));
        Expect.fails("set", () -> text.setCharAt(3, 'x'));
        Expect.fails("insert", () -> text.insert(4, "x"));
        Expect.fails("replace", () -> text.replace(2, 1, "x"));
        Expect.fails("append", () -> text.append("abc", 2, 4));
        Expect.fails("length", () -> text.setLength(-1));
        Expect.equal("unchanged", "abc", text.toString());
    }

    private void keepsSurrogates() {
        StringBuilder text = new StringBuilder().appendCodePoint(0x1F600).appendCodePoint('a');
        text.append('\uD83D').append('\uDE00');
        Expect.equal("text", "😀a😀", text.toString());
        Expect.bytes("bytes", Utf8.encode("😀a😀"), Utf8.encode(text.toString()));
    }

    private void knowsCharacters() {
        Expect.equal("pair", "😀", new String(Character.toChars(0x1F600)));
        Expect.number("point", 0x1F600, Character.toCodePoint('\uD83D', '\uDE00'));
        Expect.number("point at", 0x10FFFF, "a\uDBFF\uDFFF".codePointAt(1));
        Expect.number("half a pair", 0xDBFF, "\uDBFFa".codePointAt(0));
        Expect.number("points", 3, "a😀b".codePointCount(0, 4));
        Expect.number("index", 1, "a😀".indexOf(0x1F600));
        Expect.isTrue("high", Character.isHighSurrogate('\uDBFF') && !Character.isHighSurrogate('\uDC00'));
        Expect.isTrue("low", Character.isLowSurrogate('\uDC00') && !Character.isLowSurrogate('\uE000'));
        Expect.isTrue("surrogate", Character.isSurrogate('\uD800') && !Character.isSurrogate('\uD7FF'));
        Object boxed = 'x';
        Expect.isTrue(
                "boxed",
                boxed.equals('x') && boxed.hashCode() == 'x' && boxed.toString().equals("x"));
    }

    private void hashesAlike() {
        StringBuilder text = new StringBuilder();
        for (int length = 0; length <= 130; length++) {
            Expect.bytes(
                    "a text of " + length, digests.sha256(Utf8.encode(text.toString())), Sha256.of(text.toString()));
            text.append(length % 7 == 0 ? 'é' : (char) ('a' + length % 26));
        }
    }
}
