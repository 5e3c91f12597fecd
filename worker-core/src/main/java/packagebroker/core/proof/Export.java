package packagebroker.core.proof;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;
import packagebroker.core.http.PulledBody;
import packagebroker.core.json.Json;
import packagebroker.core.port.Digests;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Utf8;

/**
 * The log on its way to whoever takes it along, in NDJSON: a head line, for each seal its rows and then the seal, and a last
 * line with a signature over all bytes before it and all that it says itself.
 */
final class Export implements PulledBody.Source {
    private final Walk walk;
    private final SigningKey key;
    private final Digests.Running digest;
    private final long madeAt;
    private final Seal after;
    private boolean begun;
    private boolean ended;

    /** Creates the export of what a walk passes. */
    Export(Walk walk, SigningKey key, Digests digests, long madeAt) {
        this.walk = walk;
        this.key = key;
        this.digest = digests.sha256();
        this.madeAt = madeAt;
        this.after = walk.last();
    }

    @Override
    public byte @Nullable [] next() {
        if (!begun) {
            begun = true;
            return digested(firstLine());
        }
        List<Block> blocks = ended ? List.of() : walk.next();
        if (!blocks.isEmpty()) {
            StringBuilder lines = new StringBuilder();
            for (Block block : blocks) {
                lines.append(block.lines());
            }
            return digested(lines.toString());
        }
        if (ended) {
            return null;
        }
        ended = true;
        return Utf8.encode(lastLine());
    }

    private byte[] digested(String lines) {
        byte[] bytes = Utf8.encode(lines);
        digest.update(Body.of(bytes));
        return bytes;
    }

    private String firstLine() {
        return LogRows.line(
                "export",
                Json.object(
                        "form",
                        1,
                        "made_at",
                        madeAt,
                        "key",
                        key.verifierKey(),
                        "after",
                        after.number() == 0 ? null : after.shown()));
    }

    private String lastLine() {
        String sha256 = Hex.of(digest.finish());
        long last = walk.last().number();
        String text = SigningKey.NAME + "\nexport of seals " + after.number() + " to " + last + "\n" + sha256 + "\nat "
                + madeAt + "\nnext " + shown(walk.goOnAfter()) + "\nuntil " + shown(walk.to()) + "\n";
        return LogRows.line(
                "end",
                Json.object(
                        "last",
                        last,
                        "next",
                        walk.goOnAfter(),
                        "to",
                        walk.to(),
                        "sha256",
                        sha256,
                        "note",
                        key.sign(text)));
    }

    private static String shown(@Nullable Long number) {
        return number == null ? "-" : "" + number;
    }
}
