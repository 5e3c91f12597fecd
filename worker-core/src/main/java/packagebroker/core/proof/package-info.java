/**
 * The log proves itself: a chain links its rows, a key signs the chain's heads, old parts go to the archive; whoever may read it
 * searches it, takes it along and checks it. Writing it is the business of {@code audit}.
 */
@NullMarked
package packagebroker.core.proof;

import org.jspecify.annotations.NullMarked;
