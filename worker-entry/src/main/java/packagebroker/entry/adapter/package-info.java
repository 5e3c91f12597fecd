/** The ports over the runtime's own types: D1, R2, fetch, WebCrypto, the cache. All waiting goes through {@link packagebroker.entry.adapter.Promises}. */
@NullMarked
package packagebroker.entry.adapter;

import org.jspecify.annotations.NullMarked;
