/**
 * The lock doctor: reads somebody's composer.lock, says what is wrong with it, and writes it anew so that it installs through
 * us. It changes where archives come from and never which.
 */
@NullMarked
package packagebroker.core.lock;

import org.jspecify.annotations.NullMarked;
