package packagebroker.core.port.contract;

import java.util.List;
import packagebroker.core.port.Log;

/** What {@link Log} promises: whatever it is given, it does not fail. */
final class LogContract {
    private final Log log;

    LogContract(Log log) {
        this.log = log;
    }

    List<Check> checks() {
        return List.of(
                new Check("Log", "any text is written", this::writesAnyText),
                new Check("Log", "any failure is written", this::writesAnyFailure));
    }

    private void writesAnyText() {
        log.write("info", "contract");
        log.write("info", "contract", "field", "value", "other", "");
        log.write("info", "contract", "field", "quotes \" and \\ and\nlines\r\n\u0001\u2028 and 😀 and \uD83D alone");
        log.write("info", "contract", "long", "x".repeat(100_000));
    }

    private void writesAnyFailure() {
        log.failure("contract", new IllegalStateException("expected by the contract"));
        log.failure("contract", new IllegalStateException(), "field", "value");
        Throwable cause = new IllegalArgumentException("inner \" \n line");
        log.failure("contract", new IllegalStateException("outer", cause), "field", "value");
    }
}
