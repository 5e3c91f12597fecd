/**
 * Doubles that earn their keep: each passes the contract of its port, imitates the weaker platform and refuses what D1,
 * R2 and fetch would refuse.
 */
@NullMarked
package packagebroker.core.testing;

import org.jspecify.annotations.NullMarked;
