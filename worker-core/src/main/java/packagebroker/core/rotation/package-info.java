/**
 * Which key of the ring seals, and since when; seals anew, a few records at a time, what another key has sealed.
 */
@NullMarked
package packagebroker.core.rotation;

import org.jspecify.annotations.NullMarked;
