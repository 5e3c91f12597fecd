/** The edge: Java's way into the runtime and back. {@link packagebroker.entry.Worker} is what the runtime calls. */
@NullMarked
package packagebroker.entry;

import org.jspecify.annotations.NullMarked;
