package packagebroker.core.proof;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.http.Body;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Log;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.ObjectStoreException;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Row;
import packagebroker.core.text.Bytes;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Utf8;
import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/**
 * The old part of the log, in the object store: gzip of the very lines that an export has. Rows leave the database once their
 * object is stored and entered, and never before; what does not fit the chain stays where it is, as evidence.
 */
public final class Archive implements Chore {
    private static final long DAY_MILLIS = 86_400_000;
    private static final long PAUSE_MILLIS = 600_000;
    private static final int QUERIES = 12;
    private static final int MAX_BYTES = 64 << 20;

    private final ArchiveStore store;
    private final LogStore rows;
    private final Ports ports;
    private final ObjectStore objects;
    private final Log log;
    private final Ages ages;

    /**
     * When rows move and when archives end.
     *
     * @param archiveDays how long rows stay in the database
     * @param retentionDays how long archives are kept; 0 for ever
     */
    public record Ages(int archiveDays, int retentionDays) {}

    /** Creates the archive. */
    public Archive(Ports ports, Ages ages) {
        this.store = new ArchiveStore(ports.database());
        this.rows = new LogStore(ports.database());
        this.ports = ports;
        this.objects = ports.objects();
        this.log = ports.log();
        this.ages = ages;
    }

    @Override
    public String kind() {
        return "archive";
    }

    @Override
    public Cost cost() {
        return new Cost(QUERIES, 1);
    }

    /** Moves one part of the log, if there is one that is old enough, and ends one archive; the next step goes on. */
    @Override
    public Progress step(Turn turn) {
        boolean more = expire(turn.cause()) || move(turn.cause());
        return new Progress("", more ? 0 : PAUSE_MILLIS);
    }

    private boolean move(AuditEvent cause) {
        long now = cause.at();
        ArchiveStore.Part newest = store.findLast();
        Seal before = newest == null ? Seal.NONE : newest.last();
        long old = now - ages.archiveDays() * DAY_MILLIS;
        Seal first = rows.findSeal(before.number() + 1);
        if (first == null || first.at() >= old) {
            return false;
        }
        List<Block> all = rows.blocksAfter(before);
        List<Block> part = oldOnes(all, old, rows.findNewest());
        // Small parts wait for a day, so that they become larger.
        if (part.isEmpty() || (part.size() < all.size() && first.at() >= old - DAY_MILLIS)) {
            return false;
        }
        String problem = chainProblem(part, before);
        if (!problem.isEmpty()) {
            log.write("error", "audit.broken", "problem", problem);
            return false;
        }
        store(part, cause);
        return true;
    }

    /** Returns the blocks that are old enough; the newest seal stays, since the next one is linked to it. */
    private static List<Block> oldOnes(List<Block> blocks, long old, @Nullable Seal newest) {
        int count = 0;
        while (count < blocks.size()
                && blocks.get(count).seal().at() < old
                && !blocks.get(count).seal().equals(newest)) {
            count++;
        }
        return blocks.subList(0, count);
    }

    private static String chainProblem(List<Block> blocks, Seal before) {
        Seal last = before;
        for (Block block : blocks) {
            String problem = block.problem(last);
            if (!problem.isEmpty()) {
                return "seal " + block.seal().number() + ": " + problem;
            }
            last = block.seal();
        }
        return "";
    }

    private void store(List<Block> blocks, AuditEvent cause) {
        StringBuilder lines = new StringBuilder();
        for (Block block : blocks) {
            lines.append(block.lines());
        }
        byte[] packed = ports.compression().gzip(Utf8.encode(lines.toString()));
        String sha256 = Hex.of(ports.digests().sha256(packed));
        long first = blocks.get(0).seal().number();
        Seal last = blocks.get(blocks.size() - 1).seal();
        String object = "audit/" + first + "-" + last.number() + "-"
                + Hex.of(ports.random().bytes(8)) + ".ndjson.gz";
        objects.put(object, Body.of(packed), sha256);
        ArchiveStore.Part part = new ArchiveStore.Part(first, last, object, sha256, packed.length);
        // Should somebody else have been first, this fails, and the object stays behind unnamed.
        store.enter(part, event(Action.ARCHIVE_AUDIT, part, cause));
    }

    private boolean expire(AuditEvent cause) {
        ArchiveStore.Part oldest = ages.retentionDays() == 0 ? null : store.findOldest();
        if (oldest == null || oldest.last().at() >= cause.at() - ages.retentionDays() * DAY_MILLIS) {
            return false;
        }
        store.expire(oldest, event(Action.EXPIRE_AUDIT, oldest, cause));
        objects.delete(oldest.object());
        return true;
    }

    private static AuditEvent event(String action, ArchiveStore.Part part, AuditEvent cause) {
        String detail = Json.write(Json.object(
                "first_seal", part.firstSeal(), "last_seal", part.last().number(), "sha256", part.sha256()));
        return cause.as(action, part.object(), detail);
    }

    /** Returns the archived blocks that follow a seal, up to the end of their part; none if they are not here. */
    List<Block> blocksAfter(Seal seal) {
        ArchiveStore.Part part = store.findAfter(seal.number());
        return part == null ? List.of() : blocks(part, seal.number());
    }

    /** Returns the last seal whose rows are gone since their retention is over, or the beginning. */
    Seal expiredUpto() {
        ArchiveStore.Part part = store.findExpired();
        return part == null ? Seal.NONE : part.last();
    }

    /** Returns the last archived seal, or the beginning. */
    Seal newestSeal() {
        ArchiveStore.Part part = store.findLast();
        return part == null ? Seal.NONE : part.last();
    }

    /** Returns the archived blocks of the part that ends with a seal; none if it is gone. */
    List<Block> partUpto(long seal) {
        ArchiveStore.Part part = store.findUpto(seal);
        return part == null || part.object().isEmpty() ? List.of() : blocks(part, 0);
    }

    /** Returns the last archived seal before a time at which a part ends, or the beginning. */
    Seal sealBefore(long time) {
        ArchiveStore.Part part = store.findBefore(time);
        return part == null ? Seal.NONE : part.last();
    }

    /** Returns the last archived seal at or before a number at which a part ends, or the beginning. */
    Seal sealUpto(long number) {
        ArchiveStore.Part part = store.findUpto(number);
        return part == null ? Seal.NONE : part.last();
    }

    private List<Block> blocks(ArchiveStore.Part part, long after) {
        ObjectStore.Stored stored = objects.get(part.object(), null);
        byte[] packed = stored == null ? new byte[0] : stored.body().bytes(MAX_BYTES);
        if (!Hex.of(ports.digests().sha256(packed)).equals(part.sha256())) {
            throw new ObjectStoreException(true, "expected the archive " + part.object() + " as it was stored");
        }
        List<Block> blocks = new ArrayList<>();
        List<Row> events = new ArrayList<>();
        List<Row> reads = new ArrayList<>();
        byte[] lines = ports.compression().gunzip(packed, MAX_BYTES);
        int from = 0;
        for (int at = 0; at < lines.length; at++) {
            if (lines[at] != '\n') {
                continue;
            }
            JsonObject line = Json.read(Bytes.part(lines, from, at));
            from = at + 1;
            Row row = new LineRow(line);
            switch (row.text("type")) {
                case "event" -> events.add(row);
                case "reads" -> reads.add(row);
                default -> {
                    Seal seal = Seal.of(row);
                    if (seal.number() > after) {
                        blocks.add(new Block(seal, events, reads));
                    }
                    events = new ArrayList<>();
                    reads = new ArrayList<>();
                }
            }
        }
        return blocks;
    }

    /** A line of an archive as the row that it was. */
    private record LineRow(JsonObject line) implements Row {
        @Override
        public String findText(String column) {
            return line.rawText(column);
        }

        @Override
        public boolean isNull(String column) {
            return !line.has(column);
        }

        @Override
        public long number(String column) {
            return line.number(column, Long.MIN_VALUE, Long.MAX_VALUE, 0);
        }
    }
}
