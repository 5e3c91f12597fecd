/** The runtime's own types, declared as they are: JavaScript names, no logic. {@code adapter} makes ports of them. */
@NullMarked
package packagebroker.entry.js;

import org.jspecify.annotations.NullMarked;
