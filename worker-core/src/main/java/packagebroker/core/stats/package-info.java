/**
 * How often packages are installed and downloaded. Counts what clients report and what the audit log saw handed out; decides nothing.
 */
@NullMarked
package packagebroker.core.stats;

import org.jspecify.annotations.NullMarked;
