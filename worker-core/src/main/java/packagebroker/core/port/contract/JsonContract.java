package packagebroker.core.port.contract;

import java.util.List;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.text.Utf8;

/**
 * What the product takes for granted of the parser of JSON. On the JVM it is Jackson's own; in the Worker parts of it have
 * stand-ins, and these checks prove that they do the same.
 */
final class JsonContract {
    private static final List<String> NONE = List.of(
            "nul",
            "nulll",
            "truex",
            "true♥",
            "falsy",
            "{'a':1}",
            "{a:1}",
            "[01]",
            "[.5]",
            "[+1]",
            "[-]",
            "[-Infinity]",
            "[NaN]",
            "[1.]",
            "[1e]",
            "[1x]",
            "[1,]",
            "[,1]",
            "[1 2]",
            "[\"a\":1]",
            "{\"a\"}",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "[1}",
            "{\"a\":1]",
            "]",
            "[",
            "{",
            "{\"a\":",
            "\"a",
            "\"a\\",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u12g4\"",
            "\"a\nb\"",
            "\"a\tb\"",
            "{\"a\nb\":1}",
            "{\"a\\x\":1}",
            "// no\n1",
            "/* no */1",
            "[1 /* no */]",
            "# no\n1",
            "\uFEFF1",
            "\u0000",
            "1 2",
            "\"a\"b",
            "'a'");

    List<Check> checks() {
        return List.of(
                new Check("Json", "texts and names are read in any form", this::readsTexts),
                new Check("Json", "values are cut out as they are", this::cutsValues),
                new Check("Json", "a parser may be open within another", this::nests),
                new Check("Json", "what is no JSON is malformed", this::refuses));
    }

    private static JsonCursor cursor(String json) {
        return JsonSlice.of(Utf8.encode(json)).cursor();
    }

    private void readsTexts() {
        reads("\"plain\"", "plain");
        reads("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t");
        reads("\"\\u00e9\\u20AC\\ud83D\\uDe00\"", "é€😀");
        reads("\"é€😀\u007F\"", "é€😀\u007F");
        for (int length : new int[] {1, 3, 4, 5, 8, 12, 13, 40, 199, 200, 3999, 4001, 9000}) {
            String text = "xyé€".repeat(length / 4) + "z".repeat(length % 4);
            reads("\"" + text + "\"", text);
            reads("\"" + text + "\\n\"", text + "\n");
        }
    }

    private static void reads(String json, String expected) {
        Expect.equal(json, expected, String.valueOf(cursor(json).text()));
        JsonCursor named = cursor("{" + json + ":7}");
        named.enter();
        Expect.equal("name " + json, expected, String.valueOf(named.nextKey()));
        Expect.number("its value", 7, named.slice().findNumber());
        Expect.equal("end", "null", String.valueOf(named.nextKey()));
        named.requireEnd();
    }

    private void cutsValues() {
        for (String value : List.of(
                "0",
                "-0",
                "12.50",
                "-3e+7",
                "1E400",
                "123456789012345678901234567890",
                "true",
                "false",
                "null",
                "[ ]",
                "{ }",
                "[ [1 , {\"a\" : []}],\"\\u00e9\" ]",
                "{\"a\":{\"b\":[true,null,1.0]}}")) {
            JsonCursor list = cursor(" [ " + value + " ,\t" + value + "\r\n] ");
            list.enter();
            for (int i = 0; i < 2; i++) {
                Expect.isTrue(value, list.nextElement() && list.slice().is(value));
            }
            Expect.isTrue("end", !list.nextElement());
            list.requireEnd();
        }
    }

    private void nests() {
        JsonCursor outer = cursor("[\"a\\nb\",\"c\\td\",\"e\\\"f\"]");
        outer.enter();
        outer.nextElement();
        JsonSlice first = outer.slice();
        outer.nextElement();
        JsonSlice second = outer.slice();
        JsonCursor inner = cursor("[\"" + "x\\n".repeat(3000) + "\"]");
        inner.enter();
        Expect.equal("first", "a\nb", String.valueOf(first.findText()));
        Expect.equal("inner", "x\n".repeat(3000), String.valueOf(inner.text()));
        Expect.equal("second", "c\td", String.valueOf(second.findText()));
        Expect.equal("outer", "e\"f", String.valueOf(outer.text()));
    }

    private void refuses() {
        NONE.forEach(JsonContract::refusesOne);
        refusesOne("[".repeat(65) + "]".repeat(65));
        refusesOne("[" + "1".repeat(401) + "]");
        refusesOne("[\"" + "\\n".repeat(10) + "\uDC00"); // cut off
        try {
            Json.read(Utf8.encode("{\"a\":1,\"a\":2}"));
            throw new AssertionError("expected a key that stands there twice to be refused");
        } catch (JsonException e) {
            Expect.isTrue("duplicate key", e.isMalformed());
        }
    }

    private static void refusesOne(String json) {
        try {
            JsonCursor cursor = cursor(json);
            cursor.skip();
            cursor.requireEnd();
        } catch (JsonException e) {
            Expect.isTrue(json, e.isMalformed());
            return;
        }
        throw new AssertionError("expected " + json + " to be refused");
    }
}
