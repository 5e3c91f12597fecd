package packagebroker.core.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import packagebroker.core.json.ByteSink;

class AdvertisedFileTest {
    private static Advertised line(String version, String reference, String shasum, String url) {
        return new Advertised(version + "/r" + reference + ".zip", version, reference, shasum, "5", url, "");
    }

    private static AdvertisedFile empty() {
        return AdvertisedFile.parse(new byte[0]);
    }

    private static String written(AdvertisedFile file) {
        ByteSink sink = new ByteSink(0);
        file.appendTo(sink);
        return new String(sink.toBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsWrittenIsReadBackInTheSameOrder() {
        AdvertisedFile file = empty();
        file.put(line("2.0.0.0", "b", "", "https://u/b.zip"), false);
        file.put(line("1.0.0.0", "a", "aa", "https://u/a.zip?x=1"), false);
        file.put(line("dev-größe", "c", "", "https://u/c.zip"), false);
        String text = written(file);
        assertThat(text).startsWith("2.0.0.0/rb.zip\t2.0.0.0\tb\t\t5\thttps://u/b.zip\n");
        AdvertisedFile read = AdvertisedFile.parse(text.getBytes(StandardCharsets.UTF_8));
        assertThat(written(read)).isEqualTo(text);
        assertThat(read.find("1.0.0.0/ra.zip")).isEqualTo(line("1.0.0.0", "a", "aa", "https://u/a.zip?x=1"));
        assertThat(read.find("dev-größe/rc.zip")).isNotNull();
        assertThat(read.find("1.0.0.0/rb.zip")).isNull();
        assertThat(read.findFirst("3.0.0.0")).isNull();
    }

    @Test
    void theFirstLineOfAVersionStaysTheFirst() {
        AdvertisedFile file = empty();
        file.put(line("1.0.0.0", "a", "", "https://u/a.zip"), false);
        file.put(line("1.0.0.0", "b", "", "https://u/b.zip"), false);
        AdvertisedFile read = AdvertisedFile.parse(written(file).getBytes(StandardCharsets.UTF_8));
        assertThat(Objects.requireNonNull(read.findFirst("1.0.0.0")).reference())
                .isEqualTo("a");
        assertThat(read.find("1.0.0.0/rb.zip")).isNotNull();
    }

    @Test
    void aLineMayChangeUntilItsBytesAreStored() {
        AdvertisedFile file = empty();
        file.put(line("1.0.0.0", "a", "", "https://u/old.zip"), false);
        file.put(line("2.0.0.0", "b", "", "https://u/b.zip"), false);
        file.put(line("1.0.0.0", "a", "aa", "https://u/new.zip"), false);
        assertThat(written(file)).startsWith("1.0.0.0/ra.zip\t1.0.0.0\ta\taa\t5\thttps://u/new.zip\n2.0.0.0");
        assertThat(Objects.requireNonNull(file.findFirst("1.0.0.0")).shasum()).isEqualTo("aa");
        file.put(line("1.0.0.0", "a", "bb", "https://u/newest.zip"), true);
        assertThat(Objects.requireNonNull(file.find("1.0.0.0/ra.zip")).url()).isEqualTo("https://u/new.zip");
    }

    @Test
    void aLineThatIsTheSameKeepsWhenItWasFirstSeen() {
        AdvertisedFile file = empty();
        file.put(line("1.0.0.0", "a", "", "https://u/a.zip"), false);
        file.put(new Advertised("1.0.0.0/ra.zip", "1.0.0.0", "a", "", "9", "https://u/a.zip", ""), false);
        assertThat(Objects.requireNonNull(file.find("1.0.0.0/ra.zip")).firstSeen())
                .isEqualTo("5");
    }

    @Test
    void aLineKnowsWhenItsVersionWasReleasedAlsoAfterItsArchiveHasMoved() {
        AdvertisedFile file = empty();
        file.put(new Advertised("1.0.0.0/ra.zip", "1.0.0.0", "a", "", "9", "https://u/a.zip", "3"), false);
        file.put(new Advertised("1.0.0.0/ra.zip", "1.0.0.0", "a", "", "12", "https://u/b.zip", "11"), false);
        file.put(line("2.0.0.0", "b", "", "https://u/2.zip"), false);
        AdvertisedFile read = AdvertisedFile.parse(written(file).getBytes(StandardCharsets.UTF_8));
        Advertised moved = Objects.requireNonNull(read.findFirst("1.0.0.0"));
        assertThat(moved.releasedAt()).isEqualTo(3);
        assertThat(moved.firstSeen()).isEqualTo("9");
        assertThat(moved.url()).isEqualTo("https://u/b.zip");
        assertThat(Objects.requireNonNull(read.findFirst("2.0.0.0")).releasedAt())
                .isEqualTo(5);
        assertThat(written(read)).isEqualTo(written(file));
    }

    @Test
    void aReleaseIsNeitherLaterThanItWasSeenNorAncient() {
        assertThat(Advertised.credible("2001-09-09T01:46:40Z", "1000000000001")).isEqualTo("1000000000000");
        assertThat(Advertised.credible("2001-09-09T01:46:40Z", "1000000000000")).isEmpty();
        assertThat(Advertised.credible("1999-12-31T23:59:59Z", "1000000000000")).isEmpty();
        assertThat(Advertised.credible("", "1000000000000")).isEmpty();
    }

    @Test
    void branchesAreKnownByTheirNames() {
        assertThat(line("dev-main", "a", "", "u").isDev()).isTrue();
        assertThat(line("1.9999999.9999999.9999999-dev", "a", "", "u").isDev()).isTrue();
        assertThat(line("1.0.0.0", "a", "", "u").isDev()).isFalse();
        assertThat(line("1.0.0.0-beta1", "a", "", "u").isDev()).isFalse();
    }
}
