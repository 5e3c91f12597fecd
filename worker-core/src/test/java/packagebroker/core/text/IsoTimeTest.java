package packagebroker.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times in JSON, with the JDK as the judge. */
class IsoTimeTest {
    @Test
    void timesAreWrittenAsTheJdkWritesThem() {
        for (long day = 0; day < 80_000; day += 13) {
            long millis = day * 86_400_000L + day * 1_009 % 86_400 * 1000;
            String expected = Instant.ofEpochMilli(millis).toString().replace("Z", "+00:00");
            assertThat(IsoTime.of(millis + 999)).isEqualTo(expected);
            assertThat(IsoTime.millis(expected)).isEqualTo(millis);
        }
    }

    @Test
    void aTimeLongAfter1970IsReadAsTheJdkReadsIt() {
        for (String time : new String[] {"2000-02-29T12:00:00", "9999-12-31T23:59:59"}) {
            assertThat(IsoTime.millis(time + "+00:00"))
                    .isEqualTo(Instant.parse(time + "Z").toEpochMilli());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-24, 2026-11-24T00:00:00+00:00",
        "2026-11-24T12:34:56, 2026-11-24T12:34:56+00:00",
        "2026-11-24 12:34:56, 2026-11-24T12:34:56+00:00",
        "2026-11-24T12:34:56Z, 2026-11-24T12:34:56+00:00",
        "2026-11-24T12:34:56+00:00, 2026-11-24T12:34:56+00:00"
    })
    void theUsualNotationsOfUtcAreOne(String text, String expected) {
        assertThat(IsoTime.normalize(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-13-01",
                "2026-00-01",
                "2026-01-32",
                "2026-01-00",
                "2026-01-01T24:00:00",
                "2026-01-01T00:60:00",
                "2026-01-01T00:00:60",
                "2026-01-01T00:00:00+01:00",
                "2026-1-1",
                "2026-01-01T00:00",
                "２026-01-01",
                "2026/01/01"
            })
    void whatIsNoTimeInUtcIsNone(String text) {
        assertThat(IsoTime.normalize(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-24T12:00:00+00:00, 2026-11-24T12:00:00Z",
        "2026-11-24 12:00:00, 2026-11-24T12:00:00Z",
        "2026-11-24T12:00:00Z, 2026-11-24T12:00:00Z",
        "2026-11-24T12:00:00.123456Z, 2026-11-24T12:00:00Z",
        "2026-11-24T12:00:00+02:00, 2026-11-24T10:00:00Z",
        "2026-11-24T12:00:00-0530, 2026-11-24T17:30:00Z",
        "2024-02-29T23:59:59Z, 2024-02-29T23:59:59Z",
        "2000-03-01T00:00:00Z, 2000-03-01T00:00:00Z",
        "1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z"
    })
    void aTimeWithAnyOffsetHasItsMillis(String text, String instant) {
        assertThat(IsoTime.millis(text)).isEqualTo(Instant.parse(instant).toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-11-24",
                "2026-13-24T12:00:00Z",
                "2026-11-24T12:00",
                "2026-11-24T12:00:00X",
                "2026-11-24T12:00:00+2:00",
                "2026-11-24T12:00:00+aa:00",
                "2026-11-24T12:00:00 UTC",
                "1969-12-31T00:00:00Z",
                "0000-01-01T00:00:00Z"
            })
    void whatIsNoTimeHasNoMillis(String text) {
        assertThat(IsoTime.millis(text)).isEqualTo(-1);
    }
}
