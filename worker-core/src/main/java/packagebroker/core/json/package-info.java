/**
 * JSON: a strict reader and writer for API bodies, and raw slices for documents that are passed on. The only room that knows
 * jackson-core.
 */
@NullMarked
package packagebroker.core.json;

import org.jspecify.annotations.NullMarked;
