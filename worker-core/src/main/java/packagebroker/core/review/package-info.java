/**
 * Access reviews: freezes who may do what, has somebody decide about each of it, and sees to it that this happens. It reads and
 * revokes what the rooms access and identity made.
 */
@NullMarked
package packagebroker.core.review;

import org.jspecify.annotations.NullMarked;
