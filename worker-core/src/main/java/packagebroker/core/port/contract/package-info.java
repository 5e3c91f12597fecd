/**
 * Executable contracts of the ports, run by JUnit on the JVM doubles and by a contract Worker inside workerd.
 */
@NullMarked
package packagebroker.core.port.contract;

import org.jspecify.annotations.NullMarked;
