/**
 * Configured sources and how to speak with them: addresses that may be called, credentials bound to one origin, redirects
 * followed by hand, every form of a Composer repository.
 */
@NullMarked
package packagebroker.core.upstream;

import org.jspecify.annotations.NullMarked;
