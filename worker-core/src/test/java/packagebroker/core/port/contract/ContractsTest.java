package packagebroker.core.port.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import packagebroker.core.port.Clock;
import packagebroker.core.port.EdgeCache;
import packagebroker.core.port.Log;
import packagebroker.core.port.Ports;
import packagebroker.core.testing.ContractServer;
import packagebroker.core.testing.Counts;
import packagebroker.core.testing.DirectBackground;
import packagebroker.core.testing.FileObjects;
import packagebroker.core.testing.FixedClock;
import packagebroker.core.testing.HttpUpstream;
import packagebroker.core.testing.JcaDigests;
import packagebroker.core.testing.JcaRandom;
import packagebroker.core.testing.JcaSignatures;
import packagebroker.core.testing.JcaVault;
import packagebroker.core.testing.JdkCompression;
import packagebroker.core.testing.MapEdgeCache;
import packagebroker.core.testing.NoEdgeCache;
import packagebroker.core.testing.RecordingLog;
import packagebroker.core.testing.SqliteDatabase;
import packagebroker.core.testing.SystemClock;
import packagebroker.core.testing.WhatwgUrls;

/** The contracts on the JVM's doubles; the same checks run inside workerd against D1, R2 and WebCrypto. */
class ContractsTest {
    private static final ContractServer SERVER = new ContractServer();
    private static final Counts COUNTS = new Counts();
    private static final SqliteDatabase DATABASE = SqliteDatabase.empty(COUNTS);
    private static final FileObjects OBJECTS = new FileObjects(COUNTS, new SystemClock(() -> {}));
    private static int passed;
    private static int failed;

    @AfterAll
    static void report() throws IOException {
        DATABASE.close();
        OBJECTS.close();
        SERVER.close();
        System.out.println("contracts on the JVM: " + passed + " passed, " + failed + " failed");
    }

    private static Ports ports() {
        Log log = new RecordingLog();
        DirectBackground background = new DirectBackground(log);
        Clock clock = new SystemClock(background::drain);
        return new Ports(
                DATABASE,
                OBJECTS,
                new HttpUpstream(),
                new WhatwgUrls(),
                new JcaDigests(),
                new JcaVault(),
                new JcaSignatures(),
                new JdkCompression(),
                new JcaRandom(),
                new MapEdgeCache(clock),
                clock,
                background,
                log,
                COUNTS);
    }

    @TestFactory
    Stream<DynamicTest> keepsEveryPromise() {
        return tests(Contracts.all(ports(), SERVER.origin()));
    }

    @TestFactory
    Stream<DynamicTest> theFixedClockIsAClock() {
        return tests(new ClockContract(FixedClock.at("2026-01-31T12:00:00Z")).checks());
    }

    @TestFactory
    Stream<DynamicTest> theForgetfulCacheIsACache() {
        EdgeCache cache = new NoEdgeCache();
        return tests(new EdgeCacheContract(cache, new JcaRandom()).checks());
    }

    @Test
    void leavesOutTheWayOutWithoutAServer() {
        assertThat(Contracts.all(ports(), null))
                .isNotEmpty()
                .noneMatch(check -> check.port().equals("Upstream"));
    }

    @Test
    void namesEachCheckOnce() {
        List<Check> all = Contracts.all(ports(), SERVER.origin());
        assertThat(all).extracting(check -> check.port() + ": " + check.name()).doesNotHaveDuplicates();
    }

    private static Stream<DynamicTest> tests(List<Check> checks) {
        return checks.stream()
                .map(check -> DynamicTest.dynamicTest(check.port() + ": " + check.name(), () -> run(check)));
    }

    private static void run(Check check) {
        failed++;
        check.proof().run();
        failed--;
        passed++;
    }
}
