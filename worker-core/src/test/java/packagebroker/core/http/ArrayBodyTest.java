package packagebroker.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import packagebroker.core.http.TransferException.Reason;

class ArrayBodyTest {
    private static final byte[] BYTES = {1, 2, 3, 4, 5};

    @Test
    void fallsIntoPieces() {
        Body body = Body.of(BYTES);
        assertThat(body.length()).isEqualTo(5);
        assertThat(body.next(2).bytes(2)).containsExactly(1, 2);
        assertThat(body.next(2).bytes(2)).containsExactly(3, 4);
        assertThat(body.next(2).bytes(2)).containsExactly(5);
        assertThat(body.next(2)).isNull();
        assertThat(body.next(2)).isNull();
        assertThat(body.length()).isEqualTo(5);
    }

    @Test
    void takesTheLargestLimit() {
        Body body = Body.of(BYTES);
        body.next(1);
        assertThatCode(() -> assertThat(body.next(Integer.MAX_VALUE).bytes(5)).containsExactly(2, 3, 4, 5))
                .doesNotThrowAnyException(); // Not even an OutOfMemoryError, which would end the whole run.
    }

    @Test
    void readsWhatIsLeftUpToALimit() {
        Body body = Body.of(BYTES);
        body.next(1);
        assertThatThrownBy(() -> body.bytes(3))
                .isInstanceOfSatisfying(
                        TransferException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
        assertThat(body.bytes(4)).containsExactly(2, 3, 4, 5);
        assertThat(body.bytes(4)).isEmpty();
    }

    @Test
    void tellsItsStartWhateverWasRead() {
        Body body = Body.of(BYTES);
        body.next(4);
        assertThat(body.start(2)).containsExactly(1, 2);
        assertThat(body.start(9)).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void endsWhenCancelled() {
        Body body = Body.of(BYTES);
        body.cancel();
        assertThat(body.next(1)).isNull();
        assertThat(body.bytes(1)).isEmpty();
    }

    @Test
    void mayBeEmpty() {
        assertThat(Body.empty().length()).isZero();
        assertThat(Body.empty().next(1)).isNull();
        assertThat(Body.empty().bytes(0)).isEmpty();
    }
}
