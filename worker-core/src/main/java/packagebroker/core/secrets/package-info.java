/**
 * The vault: a ring of keys, and records sealed with them. Under all other rooms; knows none of them.
 */
@NullMarked
package packagebroker.core.secrets;

import org.jspecify.annotations.NullMarked;
