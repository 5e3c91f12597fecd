package packagebroker.core.port.contract;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.port.Database;
import packagebroker.core.port.Meter;
import packagebroker.core.port.Meter.Count;
import packagebroker.core.port.Statement;

/** What {@link Meter} promises. */
final class MeterContract {
    private static final String ROUND_TRIPS = "d1_round_trips";

    private final Meter meter;
    private final Database database;

    MeterContract(Meter meter, Database database) {
        this.meter = meter;
        this.database = database;
    }

    List<Check> checks() {
        return List.of(
                new Check("Meter", "counts are in a fixed order, each under its own name", this::keepsTheOrder),
                new Check(
                        "Meter",
                        "a call of the database is one round trip, however many statements",
                        this::countsTrips));
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (Count count : meter.counts()) {
            Expect.isTrue("the name is new", !names.contains(count.name()));
            Expect.isTrue("the name is not empty", !count.name().isEmpty());
            Expect.atLeast(count.name(), 0, count.value());
            names.add(count.name());
        }
        return names;
    }

    private long trips() {
        for (Count count : meter.counts()) {
            if (count.name().equals(ROUND_TRIPS)) {
                return count.value();
            }
        }
        return -1;
    }

    private void keepsTheOrder() {
        List<String> before = names();
        database.query(Statement.of("SELECT 1 AS one"));
        Expect.equal("names", before, names());
    }

    private void countsTrips() {
        Statement read = Statement.of("SELECT 1 AS one");
        long before = trips();
        Expect.atLeast(ROUND_TRIPS, 0, before);
        database.query(read);
        Expect.number("after one read", before + 1, trips());
        database.queryAll(List.of(read, read, read));
        Expect.number("after three reads at once", before + 2, trips());
    }
}
