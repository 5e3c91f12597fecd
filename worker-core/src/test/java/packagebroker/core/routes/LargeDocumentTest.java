package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import packagebroker.core.testing.LargeIngest;

/** A document of 32 MB with 5,000 versions: the bound of what is taken in. */
class LargeDocumentTest {
    /** The doubles hold the document three times: as the page of the fake upstream, as the body read of it, as the piece stored. */
    private static final int HEAP_MB = 180;

    @Test
    void fitsTheHeapThatIsStatedForIt() throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        java, "-Xmx" + HEAP_MB + "m", "-XX:+UseSerialGC", "-cp", classes, LargeIngest.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("served true " + LargeIngest.VERSIONS);
    }
}
