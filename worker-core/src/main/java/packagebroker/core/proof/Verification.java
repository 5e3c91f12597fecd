package packagebroker.core.proof;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.Json;

/**
 * The server's own look at the sealed log: quick, and no proof against whoever runs the server. That is what an export and
 * {@code scripts/verify-audit} are for. Of the signatures it checks the last one: the chain leads from there to all rows.
 */
final class Verification {
    private final Walk walk;
    private final SigningKey key;
    private final Seal after;
    private Seal last;
    private String problem = "";

    Verification(Walk walk, SigningKey key) {
        this.walk = walk;
        this.key = key;
        this.after = walk.last();
        this.last = after;
    }

    /** Checks what the walk passes, up to the first problem. */
    void run() {
        // One wait in the loop, and little after it: TeaVM writes what follows a wait once for each way that leads
        // there.
        while (isSound(walk.next())) {}
        // Ed25519 signs the same text the same way each time.
        boolean signed =
                last.number() == after.number() || key.sign(last.text()).equals(last.note());
        problem = problem.isEmpty() && !signed ? "the last seal is not signed by the key of this instance" : problem;
    }

    /** Returns whether there were blocks, and all of them sound. */
    private boolean isSound(List<Block> blocks) {
        for (Block block : blocks) {
            String found = block.problem(last);
            if (!found.isEmpty()) {
                problem = "seal " + block.seal().number() + ": " + found;
                return false;
            }
            last = block.seal();
        }
        return !blocks.isEmpty();
    }

    /** Returns what was found, as the API shows it. */
    Map<String, @Nullable Object> shown() {
        return Json.object(
                "ok",
                problem.isEmpty(),
                "problem",
                problem.isEmpty() ? null : problem,
                "after",
                after.number(),
                "last",
                last.number(),
                "entries",
                last.entries() - after.entries(),
                "next",
                walk.goOnAfter());
    }
}
