package packagebroker.core;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AccessLog;
import packagebroker.core.dist.PartBuffers;
import packagebroker.core.json.Json;
import packagebroker.core.port.Meter;
import packagebroker.core.proof.Sealer;

/**
 * What this isolate has counted since it began. The batched writes of the audit log are counted apart from those of requests,
 * since one of them stands for many reads.
 */
record Counters(Meter meter, PartBuffers buffers, AccessLog reads, Sealer sealer) {
    /** Returns how far the seals of the audit log are behind. */
    Map<String, @Nullable Object> backlog() {
        return sealer.backlog();
    }

    Map<String, @Nullable Object> counts() {
        Map<String, @Nullable Object> counts = Json.object();
        long segments = reads.segments();
        long rows = reads.rows();
        for (Meter.Count count : meter.counts()) {
            long apart = count.name().equals("d1_round_trips")
                    ? segments
                    : count.name().equals("d1_rows_written") ? rows : 0;
            counts.put(count.name(), count.value() - apart);
        }
        counts.put("audit_d1_round_trips", segments);
        counts.put("audit_d1_rows_written", rows);
        counts.put("held_bytes", buffers.heldBytes());
        counts.put("held_bytes_peak", buffers.peakBytes());
        return counts;
    }
}
