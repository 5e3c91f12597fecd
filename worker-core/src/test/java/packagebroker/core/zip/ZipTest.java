package packagebroker.core.zip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Body;
import packagebroker.core.testing.JdkCompression;
import packagebroker.core.testing.RawZip;
import packagebroker.core.testing.RawZip.Change;

/** What is read of archives that others wrote, and what is refused. */
class ZipTest {
    private static final String JSON = "{\"name\":\"acme/tool\"}";
    private static final byte[] TEXT = "hello hello hello".getBytes(StandardCharsets.UTF_8);

    /** Looks through an archive as publishing does. */
    private static byte[] look(byte[] zip, String name) {
        byte[] end = Arrays.copyOfRange(zip, Math.max(0, zip.length - ZipTail.BYTES), zip.length);
        ZipTail tail = ZipTail.of(end, zip.length);
        int from = (int) tail.offset();
        ZipDirectory directory =
                ZipDirectory.read(Arrays.copyOfRange(zip, from, from + tail.length()), tail, zip.length);
        directory.requireTree();
        LocalHeaders.compare(Body.of(Arrays.copyOf(zip, from)), directory, tail);
        ZipEntry entry = directory.find(directory.top() + name);
        if (entry == null) {
            throw ZipRefused.wrong("expected " + name);
        }
        int start = (int) entry.offset();
        int stop = (int) Math.min(zip.length, start + entry.span());
        return entry.unpacked(Arrays.copyOfRange(zip, start, stop), new JdkCompression()::inflate);
    }

    private static void isRead(RawZip zip) {
        assertThat(new String(look(zip.bytes(), "composer.json"), StandardCharsets.UTF_8))
                .isEqualTo(JSON);
    }

    private static ZipRefused refusal(byte[] zip) {
        Throwable problem = catchThrowable(() -> look(zip, "composer.json"));
        assertThat(problem).isInstanceOf(ZipRefused.class);
        assertThat(problem.getMessage()).startsWith("expected ");
        return (ZipRefused) problem;
    }

    private static void isWrong(RawZip zip) {
        assertThat(refusal(zip.bytes()).isTooMuch()).isFalse();
    }

    private static void isTooMuch(RawZip zip) {
        assertThat(refusal(zip.bytes()).isTooMuch()).isTrue();
    }

    private static RawZip with(Change change) {
        return RawZip.of(JSON).file("a.txt", TEXT, change).file("b.txt", "behind");
    }

    @Test
    void aGoodArchiveIsRead() {
        isRead(RawZip.of(JSON));
        isRead(RawZip.of(JSON).stored("a.bin", new byte[300_000]).comment("c".repeat(1_024)));
        isRead(new RawZip().file("tool-1.0/", "").file("tool-1.0/composer.json", JSON));
        isRead(RawZip.of(JSON).stored("leer/", new byte[0]).file("übung.txt", "ü"));
        isRead(with(entry -> entry.deferred = true));
        isRead(with(entry -> entry.deferred = entry.sizeInFront = true)); // as git writes what it streams
        isRead(with(entry -> entry.mode = 0x81A4));
    }

    @Test
    void anEntryNeedNotHaveASignatureBeforeTheSizesBehindIt() {
        byte[] zip = with(entry -> {
                    entry.localFlags = 8;
                    entry.flags = 8;
                    entry.behind = new byte[] {
                        (byte) entry.crc,
                        (byte) (entry.crc >> 8),
                        (byte) (entry.crc >> 16),
                        (byte) (entry.crc >> 24),
                        (byte) entry.packedSize,
                        0,
                        0,
                        0,
                        (byte) entry.size,
                        0,
                        0,
                        0
                    };
                })
                .bytes();
        assertThat(look(zip, "a.txt")).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil.php", "../../evil.php", "a/../../b", "/etc/passwd", "//x", "a//b", "./a", "a/./b", "C:\\x",
                        "c:x", "C:/x",
                "a\\b", "..\\evil.php", "a\u0000b", "a\nb", "..", ".", "a/..", "... /x", "a/.. ", " ", ".. /x"
            })
    void aNameThatLeadsOutOfTheFolderIsRefused(String name) {
        isWrong(RawZip.of(JSON).file(name, "x"));
    }

    @Test
    void aNameIsRefusedThatIsNoUtf8OrOverlong() {
        isWrong(with(entry -> entry.name = entry.localName = new byte[] {'a', (byte) 0xC0, (byte) 0xAF}));
        isWrong(with(entry -> entry.name = entry.localName = new byte[0]));
        isWrong(RawZip.of(JSON).file("a".repeat(1_001), "x"));
    }

    @Test
    void linksAndDevicesAreRefused() {
        for (int type : new int[] {0xA000, 0x1000, 0x2000, 0x6000, 0xC000, 0x4000}) {
            isWrong(with(entry -> entry.mode = type | 0x1FF));
        }
    }

    @Test
    void whatIsThereTwiceIsRefused() {
        isWrong(RawZip.of(JSON).file("composer.json", "{}"));
        isWrong(RawZip.of(JSON).file("Composer.JSON", "{}"));
        isWrong(RawZip.of(JSON).file("src", "a file"));
        isWrong(RawZip.of(JSON).file("a", "1").stored("a/", new byte[0]));
        isWrong(RawZip.of(JSON).file("A", "1").file("a/b", "2"));
    }

    @Test
    void whatIsEncryptedPatchedOrOfAnotherMethodIsRefused() {
        for (int flag : new int[] {1, 0x20, 0x40, 0x2000}) {
            isWrong(with(entry -> entry.flags = flag));
        }
        isWrong(with(entry -> entry.method = 12));
    }

    @Test
    void whatReadersDifferAboutIsRefused() {
        isWrong(with(entry -> entry.localName = "c.txt".getBytes(StandardCharsets.UTF_8)));
        isWrong(with(entry -> entry.localFlags = 1));
        isWrong(new RawZip().file("composer.json", JSON.getBytes(StandardCharsets.UTF_8), entry -> entry.size++));
        isWrong(new RawZip().file("composer.json", JSON.getBytes(StandardCharsets.UTF_8), entry -> entry.size--));
        refusal(with(entry -> entry.packedSize++).bytes());
        isWrong(with(entry -> entry.behind = new byte[1]));
        isWrong(with(entry -> entry.behind = new byte[16]));
        isWrong(RawZip.of(JSON).after("<?php evil();"));
        isWrong(RawZip.of(JSON).gap("PK hidden"));
        isWrong(with(entry -> entry.extra = new byte[] {0x75, 0x70, 1, 0, 0}));
        isWrong(with(entry -> entry.extra = new byte[] {1, 0, 1, 0, 0}));
        isWrong(with(entry -> entry.extra = new byte[] {9, 9, 9, 0}));
    }

    @Test
    void bytesInFrontThatTheDirectoryDoesNotKnowAreRefused() {
        byte[] zip = RawZip.of(JSON).bytes();
        byte[] polyglot = Arrays.copyOf("<?php evil(); ?>".getBytes(StandardCharsets.UTF_8), 16 + zip.length);
        System.arraycopy(zip, 0, polyglot, 16, zip.length);
        assertThat(refusal(polyglot).isTooMuch()).isFalse();
    }

    @Test
    void bytesBehindTheEndAreRefused() {
        byte[] zip = RawZip.of(JSON).bytes();
        refusal(Arrays.copyOf(zip, zip.length + 1));
        isWrong(RawZip.of(JSON).comment("c".repeat(1_025)));
        isWrong(RawZip.of(JSON).comment("c".repeat(65_000)));
    }

    @Test
    void whatIsCutIsRefused() {
        byte[] zip = RawZip.of(JSON).bytes();
        for (int length = 0; length < zip.length; length++) {
            refusal(Arrays.copyOf(zip, length));
        }
    }

    @Test
    void entriesThatShareTheirBytesAreRefused() {
        isTooMuch(with(entry -> {
            entry.headless = true;
            entry.offset = 0;
        }));
        isTooMuch(with(entry -> entry.packedSize = 10_000_000));
    }

    @Test
    void whatUnpacksToTooMuchIsRefused() {
        isTooMuch(with(entry -> entry.size = 3L << 30));
        isTooMuch(RawZip.of(JSON).file("zeros", new byte[1 << 20], entry -> {}));
        isRead(RawZip.of(JSON).file("zeros", new byte[30_000], entry -> {}));
    }

    @Test
    void tooManyEntriesAreRefused() {
        RawZip many = RawZip.of(JSON);
        for (int i = 2; i <= 50_000; i++) {
            many.stored("f" + i, new byte[0]);
        }
        isTooMuch(many);
    }

    @Test
    void anEntryWithAnotherChecksumIsRefused() {
        RawZip zip = new RawZip().file("composer.json", JSON.getBytes(StandardCharsets.UTF_8), entry -> entry.crc ^= 1);
        isWrong(zip);
    }

    @Test
    void anArchiveIsReadOrRefusedWhateverBytesOfItChange() {
        byte[] good = with(entry -> entry.deferred = true).comment("git").bytes();
        Random random = new Random(20_261_125);
        int read = 0;
        for (int i = 0; i < 60_000; i++) {
            byte[] zip = mutated(good, random);
            try {
                look(zip, "composer.json");
                read++;
            } catch (ZipRefused e) {
                assertThat(e.text()).startsWith("expected ");
            }
        }
        System.out.println("zip mutations: 60000, " + read + " of them read");
        assertThat(read).isBetween(1, 30_000);
    }

    private static byte[] mutated(byte[] good, Random random) {
        byte[] zip = good.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            switch (random.nextInt(4)) {
                case 0 -> zip[random.nextInt(zip.length)] ^= (byte) (1 << random.nextInt(8));
                case 1 -> zip[random.nextInt(zip.length)] = (byte) (random.nextBoolean() ? 0 : 0xFF);
                case 2 -> zip = Arrays.copyOf(zip, Math.max(1, zip.length - random.nextInt(60)));
                default -> {
                    int from = random.nextInt(zip.length);
                    int length = random.nextInt(Math.min(40, zip.length - from));
                    System.arraycopy(good, random.nextInt(good.length - length), zip, from, length);
                }
            }
        }
        return zip;
    }

    @Test
    void theTopIsTheOnlyFolderOrNothing() {
        byte[] two = RawZip.of(JSON).bytes();
        assertThatCode(() -> look(two, "src/Tool.php")).doesNotThrowAnyException();
        byte[] one = new RawZip().file("x/a", "1").file("x/composer.json", JSON).bytes();
        assertThat(look(one, "a")).isEqualTo("1".getBytes(StandardCharsets.UTF_8));
        byte[] several =
                new RawZip().file("x/composer.json", JSON).file("y/a", "1").bytes();
        refusal(several);
    }
}
