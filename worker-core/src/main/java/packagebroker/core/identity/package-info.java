/**
 * Who somebody is, as others vouch for it: people by Cloudflare Access, CI jobs by their provider. Asks the vouching side for its
 * keys; what somebody may do then is up to {@code access}.
 */
@NullMarked
package packagebroker.core.identity;

import org.jspecify.annotations.NullMarked;
