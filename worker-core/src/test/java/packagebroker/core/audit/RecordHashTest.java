package packagebroker.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The hash of a record, with the JDK as the judge. */
class RecordHashTest {
    private static final AuditEvent EVENT =
            new AuditEvent(1, "r-1", "token:a", Action.CREATE_TOKEN, "tök😀en", 200, "192.0.2.1", "Composer/2.8", "{}");

    @Test
    void isSha256OverTheKindAndEachFieldWithItsLength() throws NoSuchAlgorithmException {
        MessageDigest judge = MessageDigest.getInstance("SHA-256");
        judge.update("audit-v1".getBytes(StandardCharsets.UTF_8));
        for (String field : List.of(
                "1", "r-1", "token:a", "create.token", "tök😀en", "allow", "200", "192.0.2.1", "Composer/2.8", "{}")) {
            byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
            judge.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
            judge.update(bytes);
        }
        assertThat(EVENT.hash()).isEqualTo(HexFormat.of().formatHex(judge.digest()));
    }

    @Test
    void knowsEveryField() {
        Set<String> hashes = new HashSet<>(List.of(EVENT.hash()));
        hashes.add(new AuditEvent(2, "r-1", "token:a", "create.token", "t", 200, "1", "C", "{}").hash());
        hashes.add(new AuditEvent(2, "r-2", "token:a", "create.token", "t", 200, "1", "C", "{}").hash());
        hashes.add(new AuditEvent(2, "r-2", "token:b", "create.token", "t", 200, "1", "C", "{}").hash());
        hashes.add(new AuditEvent(2, "r-2", "token:b", "revoke.token", "t", 200, "1", "C", "{}").hash());
        hashes.add(new AuditEvent(2, "r-2", "token:b", "revoke.token", "u", 200, "1", "C", "{}").hash());
        hashes.add(new AuditEvent(2, "r-2", "token:b", "revoke.token", "u", 201, "1", "C", "{}").hash());
        hashes.add(new AuditEvent(2, "r-2", "token:b", "revoke.token", "u", 201, "2", "C", "{}").hash());
        hashes.add(new AuditEvent(2, "r-2", "token:b", "revoke.token", "u", 201, "2", "D", "{}").hash());
        hashes.add(new AuditEvent(2, "r-2", "token:b", "revoke.token", "u", 201, "2", "D", "[]").hash());
        assertThat(hashes).hasSize(10);
    }

    @Test
    void doesNotConfuseWhatMovesFromOneFieldIntoTheNext() {
        assertThat(new RecordHash("k").add("ab").add("c").hex())
                .isNotEqualTo(new RecordHash("k").add("a").add("bc").hex());
        assertThat(new RecordHash("k").add("ab").hex())
                .isNotEqualTo(new RecordHash("k").add("ab").add("").hex());
    }
}
