package packagebroker.core.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Takes in the largest document that is taken in, in a process of its own: how much heap it is given is the test. */
public final class LargeIngest {
    /** How many versions the document has. */
    public static final int VERSIONS = 5_000;

    /** How many bytes. */
    public static final int BYTES = 32_000_000;

    private static final String REFERENCE = "abcdef0123456789abcdef0123456789abcd";

    private LargeIngest() {}

    /** Runs it and prints how many bytes were served. */
    public static void main(String[] arguments) {
        try (TestApp app = TestApp.start()) {
            app.addUpstream("large/*");
            app.serve(TestApp.UPSTREAM + "/p2/large/whole.json", document());
            long served = app.admin().get("/p2/large/whole.json").body().bytes(100_000_000).length;
            System.out.println("served " + (served > BYTES / 2) + " "
                    + app.rows("SELECT versions FROM document").get(0).number("versions"));
        }
    }

    private static byte[] document() {
        byte[] document = new byte[BYTES];
        Arrays.fill(document, (byte) ' ');
        String filler = "x".repeat(BYTES / VERSIONS - 410);
        int at = append(document, 0, "{\"packages\":{\"large/whole\":[");
        for (int i = 0; i < VERSIONS; i++) {
            String version = TestApp.version(
                    "large/whole", "1." + i + ".0", REFERENCE + (1000 + i), ",\"description\":\"" + i + filler + "\"");
            at = append(document, at, i == 0 ? version : "," + version);
        }
        append(document, at, "]}}");
        return document;
    }

    private static int append(byte[] document, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, document, at, bytes.length);
        return at + bytes.length;
    }
}
