package packagebroker.core.composer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Versions are written as lists of key and raw JSON; every row was checked against Composer's own minifier. */
class MetadataMinifierTest {

    private static final String UNSET = "\"__unset\"";

    @ParameterizedTest
    @CsvSource(delimiterString = "|", quoteCharacter = '\'', textBlock = """
            ''          | a=1 b=2     | a=1 b=2
            a=1 b=2     | a=1 b=2     | ''
            a=1 b=2     | b=2 a=1     | ''
            a=1 b=2     | a=1 b=3     | b=3
            a=1         | b=2 a=1     | b=2
            a=1 b=2     | a=1         | b="__unset"
            a=1 b=2 c=3 | d=4 b=5     | d=4 b=5 a="__unset" c="__unset"
            a=1 b=2     | ''          | a="__unset" b="__unset"
            ''          | ''          | ''
            a=1         | a=null      | a=null
            a=null      | a=null      | ''
            a=null      | b=1         | b=1 a="__unset"
            a=null      | a=[]        | a=[]
            a=[]        | a={}        | a={}
            a={}        | a={}        | ''
            a={}        | a=""        | a=""
            a=1         | a="1"       | a="1"
            """)
    void listsWhatDiffersFromTheVersionBefore(String previous, String current, String diff) {
        assertThat(text(MetadataMinifier.diff(version(previous), version(current), UNSET)))
                .isEqualTo(diff);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "|", quoteCharacter = '\'', textBlock = """
            ''          | a=1 b=2                | a=1 b=2
            a=1 b=2     | ''                     | a=1 b=2
            a=1 b=2 c=3 | b=5                    | a=1 b=5 c=3
            a=1 b=2     | c=3 a=4                | a=4 b=2 c=3
            a=1 b=2     | a="__unset"            | b=2
            a=1 b=2     | a="__unset" c=3        | b=2 c=3
            a=1         | b="__unset"            | a=1
            a=1 b=2     | a="__unset" b="__unset" | ''
            a=1         | a=null                 | a=null
            a=1         | a=[]                   | a=[]
            a=1         | a="__UNSET"            | a="__UNSET"
            a=1         | a=["__unset"]          | a=["__unset"]
            """)
    void appliesWhatDiffersToTheVersionBefore(String previous, String diff, String current) {
        assertThat(text(MetadataMinifier.apply(version(previous), version(diff), UNSET::equals)))
                .isEqualTo(current);
    }

    @Test
    void takesAVersionLiterallyWhenNothingPrecedesIt() {
        Map<String, String> first = version("a=1 b=\"__unset\"");

        assertThat(MetadataMinifier.apply(Map.of(), first, UNSET::equals)).isEqualTo(first);
    }

    @Test
    void leavesTheVersionBeforeUntouched() {
        Map<String, String> previous = version("a=1 b=2");
        Map<String, String> expanded = MetadataMinifier.apply(previous, version("a=\"__unset\" c=3"), UNSET::equals);
        expanded.put("d", "4");

        assertThat(text(previous)).isEqualTo("a=1 b=2");
    }

    @Test
    void minifiesAPackageAsComposerDoes() {
        List<String> versions = List.of(
                "name=\"foo/bar\" version=\"2.0.0\" type=\"library\" scripts={\"foo\":[\"bar\"]} license=[\"MIT\"] dist=null",
                "name=\"foo/bar\" version=\"1.2.0\" type=\"library\" license=[\"GPL\"] homepage=\"https://example.org\" dist=null",
                "name=\"foo/bar\" version=\"1.0.0\" type=\"library\" license=[\"GPL\"] dist=null",
                "name=\"foo/bar\" version=\"0.1.0\" type=\"library\" license=[\"GPL\"] require=[]");

        assertThat(minify(versions))
                .containsExactly(
                        versions.get(0),
                        "version=\"1.2.0\" license=[\"GPL\"] homepage=\"https://example.org\" scripts=\"__unset\"",
                        "version=\"1.0.0\" homepage=\"__unset\"",
                        "version=\"0.1.0\" require=[] dist=\"__unset\"");
    }

    @Test
    void removesKeysInTheOrderThatAClientKnowsThem() {
        // A client that has read the second version still has a before b.
        assertThat(minify(List.of("a=1 b=2 c=3", "b=2 a=1 c=3", "c=3")))
                .containsExactly("a=1 b=2 c=3", "", "a=\"__unset\" b=\"__unset\"");
    }

    @Test
    void getsEveryVersionBackByExpandingWhatItMinified() {
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            Map<String, String> before = randomVersion(random);
            Map<String, String> after = randomVersion(random);
            Map<String, String> diff = MetadataMinifier.diff(before, after, UNSET);

            assertThat(MetadataMinifier.apply(before, diff, UNSET::equals)).isEqualTo(after);
        }
    }

    private static List<String> minify(List<String> versions) {
        List<String> minified = new ArrayList<>();
        Map<String, String> known = Map.of();
        for (String version : versions) {
            Map<String, String> diff = MetadataMinifier.diff(known, version(version), UNSET);
            known = MetadataMinifier.apply(known, diff, UNSET::equals);
            minified.add(text(diff));
        }
        return minified;
    }

    private static Map<String, String> randomVersion(Random random) {
        List<String> values = List.of("1", "2", "null", "[]", "{}");
        Map<String, String> version = new LinkedHashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            version.put("k" + random.nextInt(6), values.get(random.nextInt(values.size())));
        }
        return version;
    }

    private static Map<String, String> version(String text) {
        Map<String, String> version = new LinkedHashMap<>();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf(' ', at) < 0 ? text.length() : text.indexOf(' ', at);
            int equals = text.indexOf('=', at);
            version.put(text.substring(at, equals), text.substring(equals + 1, end));
            at = end + 1;
        }
        return version;
    }

    private static String text(Map<String, String> version) {
        List<String> pairs = new ArrayList<>();
        version.forEach((key, value) -> pairs.add(key + "=" + value));
        return String.join(" ", pairs);
    }
}
