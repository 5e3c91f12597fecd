/**
 * Advisories and filter lists: what upstreams say of packages and their dangers, relayed, and advisories of our own.
 *
 * @see <a href="https://getcomposer.org/doc/05-repositories.md#composer">Composer repositories</a>
 */
@NullMarked
package packagebroker.core.advisory;

import org.jspecify.annotations.NullMarked;
