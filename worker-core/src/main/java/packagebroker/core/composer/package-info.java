/**
 * The words of Composer's protocol: names, patterns, versions, stabilities, references and minified metadata. Pure and
 * at the bottom of the stairs: called by every room, calls none.
 */
@NullMarked
package packagebroker.core.composer;

import org.jspecify.annotations.NullMarked;
