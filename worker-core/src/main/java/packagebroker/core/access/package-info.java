/**
 * Who may do what: tokens, the gate every request passes, and the first setup.
 */
@NullMarked
package packagebroker.core.access;

import org.jspecify.annotations.NullMarked;
