/**
 * HTTP's words: requests, responses, bodies, the router and the vocabulary of errors. Knows no platform: the entry and the
 * tests build these from what they have.
 */
@NullMarked
package packagebroker.core.http;

import org.jspecify.annotations.NullMarked;
