package packagebroker.core;

import packagebroker.core.port.Ports;
import packagebroker.core.proof.SigningKey;
import packagebroker.core.secrets.KeyRing;

/**
 * The keys of the deployment. A bad one stops everything but health.
 *
 * @param ring what seals records
 * @param signing what signs the audit log
 */
record Keys(KeyRing ring, SigningKey signing) {
    static Keys of(Ports ports, Settings settings) {
        return new Keys(
                KeyRing.of(settings.encryptionKeys(), settings.activeKey()),
                SigningKey.of(settings.audit().signingKey(), ports.signatures()));
    }

    /** Returns what is wrong with them, or an empty text; names no key. */
    String problem() {
        return ring.problem().isEmpty() ? signing.problem() : ring.problem();
    }
}
