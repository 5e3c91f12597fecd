/** The audit log on its way to others: to a SIEM, and to whoever keeps checkpoints that nobody here can change. */
@NullMarked
package packagebroker.core.relay;

import org.jspecify.annotations.NullMarked;
