/**
 * Brings metadata in: who owns a name, is our copy fresh, how is it rewritten, what was ever advertised. Called by the rooms
 * that serve; never answers a client itself.
 */
@NullMarked
package packagebroker.core.mirror;

import org.jspecify.annotations.NullMarked;
