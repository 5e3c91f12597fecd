/**
 * Archives: hands out a package's zip, from the store or from where it came. A client never receives bytes that have not
 * been hashed and stored; what is stored is never replaced.
 */
@NullMarked
package packagebroker.core.dist;

import org.jspecify.annotations.NullMarked;
