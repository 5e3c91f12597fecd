/**
 * What upstreams changed and must not: refused, shown to people, and accepted by an explicit act or never.
 */
@NullMarked
package packagebroker.core.alert;

import org.jspecify.annotations.NullMarked;
