/**
 * Small stand-ins for dear or treacherous parts of the JDK: UTF-8, hex, base62, CRC-32, HTTP dates. Pure.
 */
@NullMarked
package packagebroker.core.text;

import org.jspecify.annotations.NullMarked;
