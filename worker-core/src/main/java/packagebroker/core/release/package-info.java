/** Packages whose upstream is no Composer repository: their versions are rows, of which the files are made that others read. */
@NullMarked
package packagebroker.core.release;

import org.jspecify.annotations.NullMarked;
