/**
 * Background work: a table of jobs, and once a minute a few steps, each bounded by counts. It knows no other room: rooms hand
 * it their chores, and the tables of objects that it sweeps and scrubs.
 */
@NullMarked
package packagebroker.core.work;

import org.jspecify.annotations.NullMarked;
