/**
 * What Composer clients read: the root and the metadata of packages.
 *
 * @see <a href="https://getcomposer.org/doc/05-repositories.md#composer">Composer repositories</a>
 */
@NullMarked
package packagebroker.core.registry;

import org.jspecify.annotations.NullMarked;
