/**
 * The product. Start at {@link packagebroker.core.Routes}, the table of contents: one row per URL.
 */
@NullMarked
package packagebroker.core;

import org.jspecify.annotations.NullMarked;
