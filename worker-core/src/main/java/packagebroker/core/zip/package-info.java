/**
 * Zip archives that others wrote, read without being unpacked: what their directory says, and whether their entries say the same.
 */
@NullMarked
package packagebroker.core.zip;

import org.jspecify.annotations.NullMarked;
