package packagebroker.entry.adapter;

import java.util.List;
import packagebroker.core.port.Meter;
import packagebroker.entry.js.D1Result;

/** Plain counters of this isolate. */
public final class Counters implements Meter {
    private long databaseTrips;
    private long rowsRead;
    private long rowsWritten;
    private long objectGets;
    private long objectPuts;
    private long objectOthers;
    private long upstreamRequests;

    void databaseTrip() {
        databaseTrips++;
    }

    void rows(D1Result result) {
        rowsRead += (long) result.rowsRead();
        rowsWritten += (long) result.rowsWritten();
    }

    void objectGet() {
        objectGets++;
    }

    void objectPut() {
        objectPuts++;
    }

    void objectOther() {
        objectOthers++;
    }

    void upstreamRequest() {
        upstreamRequests++;
    }

    @Override
    public List<Count> counts() {
        return List.of(
                new Count("d1_round_trips", databaseTrips),
                new Count("d1_rows_read", rowsRead),
                new Count("d1_rows_written", rowsWritten),
                new Count("r2_gets", objectGets),
                new Count("r2_puts", objectPuts),
                new Count("r2_other", objectOthers),
                new Count("upstream_requests", upstreamRequests));
    }
}
