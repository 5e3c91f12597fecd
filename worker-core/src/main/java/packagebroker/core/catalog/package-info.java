/**
 * The packages we know: whose they are, what of them is stored. Read by people, not by Composer.
 */
@NullMarked
package packagebroker.core.catalog;

import org.jspecify.annotations.NullMarked;
