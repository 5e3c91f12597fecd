package packagebroker.core.access;

import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Digests;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Signatures;
import packagebroker.core.text.Utf8;

/** The secret of whoever deployed this; without one there is neither setup nor restore. */
public final class SetupSecret {
    private final Digests digests;
    private final Signatures signatures;
    private final @Nullable String secret;

    /** Creates it. */
    public SetupSecret(Ports ports, @Nullable String secret) {
        this.digests = ports.digests();
        this.signatures = ports.signatures();
        this.secret = secret;
    }

    /** Returns whether what somebody shows is the secret. */
    boolean is(String presented) {
        // Hashed first, so that the comparison tells nothing about the length either.
        return secret != null
                && signatures.sameBytes(digests.sha256(Utf8.encode(presented)), digests.sha256(Utf8.encode(secret)));
    }
}
