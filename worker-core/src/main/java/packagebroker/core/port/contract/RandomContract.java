package packagebroker.core.port.contract;

import java.util.List;
import packagebroker.core.port.Random;
import packagebroker.core.text.Hex;

/** What {@link Random} promises. */
final class RandomContract {
    private static final int LARGE = 100_000;

    private final Random random;

    RandomContract(Random random) {
        this.random = random;
    }

    List<Check> checks() {
        return List.of(
                check("there are as many bytes as asked for", this::givesTheLength),
                check("two calls differ", this::differs),
                check("100,000 bytes are random to the last", this::fillsLargeArrays));
    }

    private static Check check(String name, Check.Proof proof) {
        return new Check("Random", name, proof);
    }

    private void givesTheLength() {
        for (int count : new int[] {0, 1, 16, 32, 65_535, 65_536, 65_537, LARGE}) {
            Expect.number("length", count, random.bytes(count).length);
        }
    }

    private void differs() {
        String first = Hex.of(random.bytes(16));
        for (int i = 0; i < 100; i++) {
            Expect.isTrue("a new value", !first.equals(Hex.of(random.bytes(16))));
        }
    }

    /** The platform gives 65,536 at a time: each tenth of the array must hold each value, so no part was left out. */
    private void fillsLargeArrays() {
        byte[] bytes = random.bytes(LARGE);
        for (int tenth = 0; tenth < 10; tenth++) {
            int[] seen = new int[256];
            for (int i = tenth * LARGE / 10; i < (tenth + 1) * LARGE / 10; i++) {
                seen[bytes[i] & 0xFF]++;
            }
            for (int value = 0; value < 256; value++) {
                Expect.atLeast("tenth " + tenth + ", value " + value, 1, seen[value]);
                Expect.atMost("tenth " + tenth + ", value " + value, 150, seen[value]);
            }
        }
    }
}
