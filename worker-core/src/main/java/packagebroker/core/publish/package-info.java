/** Packages that are published here: an archive comes in, is looked through before anybody sees it, and is one more version. */
@NullMarked
package packagebroker.core.publish;

import org.jspecify.annotations.NullMarked;
