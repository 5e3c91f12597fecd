/** Tests of the routes, by URL: the product in process, over real SQL. */
@NullMarked
package packagebroker.core.routes;

import org.jspecify.annotations.NullMarked;
