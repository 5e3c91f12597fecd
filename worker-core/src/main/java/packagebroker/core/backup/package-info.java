/**
 * Copies of the whole instance: its rows and objects as a backup reads them, and an instance that is made of a backup. What a
 * backup is on somebody's disk, encrypted, is up to {@code scripts/backup}.
 */
@NullMarked
package packagebroker.core.backup;

import org.jspecify.annotations.NullMarked;
