package packagebroker.core.port.contract;

import java.util.Arrays;
import java.util.List;
import packagebroker.core.port.Compression;

/** What {@link Compression} promises, by a gzip that another program made. */
final class CompressionContract {
    /** {@code printf 'hello hello hello\n' | gzip -n}. */
    private static final String HELLO = "1f8b0800000000000003cb48cdc9c957c840905c003b7c8adf12000000";

    /** What stands between the header and the checksum of that. */
    private static final String HELLO_DEFLATED = "cb48cdc9c957c840905c00";

    private final Compression compression;

    CompressionContract(Compression compression) {
        this.compression = compression;
    }

    List<Check> checks() {
        return List.of(
                check("what was compressed comes back", this::comesBack),
                check("a text that repeats itself gets smaller", this::getsSmaller),
                check("what gzip has made is read", this::readsOthers),
                check("what is damaged, cut short or no gzip is refused", this::refusesDamage),
                check("more than the limit is refused", this::refusesTooMuch),
                check("what was deflated is read, and nothing around it", this::inflates));
    }

    private static Check check(String name, Check.Proof proof) {
        return new Check("Compression", name, proof);
    }

    private void comesBack() {
        for (int size : new int[] {0, 1, 1_000, 100_000, 3_000_000}) {
            byte[] plain = Sample.pattern(size);
            Expect.bytes(size + " bytes", plain, compression.gunzip(compression.gzip(plain), size));
        }
    }

    private void getsSmaller() {
        Expect.atMost("bytes", 2_000, compression.gzip(Sample.repeated('a', 1_000_000)).length);
    }

    private void readsOthers() {
        Expect.bytes("hello", Sample.text("hello hello hello\n"), compression.gunzip(Sample.hex(HELLO), 100));
    }

    private void refusesDamage() {
        byte[] packed = compression.gzip(Sample.pattern(10_000));
        byte[] damaged = packed.clone();
        damaged[packed.length - 6] ^= 1; // the checksum
        Expect.forbidden("damaged", () -> compression.gunzip(damaged, 10_000));
        Expect.forbidden("cut", () -> compression.gunzip(Arrays.copyOf(packed, packed.length - 9), 10_000));
        Expect.forbidden("no gzip", () -> compression.gunzip(Sample.text("no gzip at all, but long enough"), 100));
    }

    private void refusesTooMuch() {
        byte[] packed = compression.gzip(Sample.repeated(0, 100_000));
        Expect.forbidden("one byte more", () -> compression.gunzip(packed, 99_999));
    }

    private void inflates() {
        byte[] packed = Sample.hex(HELLO_DEFLATED);
        Expect.bytes("hello", Sample.text("hello hello hello\n"), compression.inflate(packed, 18));
        Expect.bytes("nothing", new byte[0], compression.inflate(Sample.hex("0300"), 0));
        Expect.forbidden("one byte more", () -> compression.inflate(packed, 17));
        Expect.forbidden("cut", () -> compression.inflate(Arrays.copyOf(packed, packed.length - 1), 18));
        Expect.forbidden("nothing at all", () -> compression.inflate(new byte[0], 18));
        Expect.forbidden("no deflate", () -> compression.inflate(Sample.text("no deflate at all"), 100));
        Expect.forbidden("more behind its end", () -> compression.inflate(Sample.hex(HELLO_DEFLATED + "00"), 100));
    }
}
