/**
 * Who did what: events of reads in segments, a row with every change. Under all other rooms; knows none of them.
 */
@NullMarked
package packagebroker.core.audit;

import org.jspecify.annotations.NullMarked;
