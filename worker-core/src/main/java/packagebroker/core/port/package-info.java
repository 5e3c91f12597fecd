/**
 * What the product needs from a platform. Each port imitates the weaker side (Workers, D1, R2) and says what it refuses;
 * {@code contract} proves each on the JVM and inside workerd.
 */
@NullMarked
package packagebroker.core.port;

import org.jspecify.annotations.NullMarked;
