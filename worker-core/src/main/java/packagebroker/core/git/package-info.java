/** Packages in git hosts, read by their APIs: their tags and branches become releases. */
@NullMarked
package packagebroker.core.git;

import org.jspecify.annotations.NullMarked;
