package org.teavm.classlib.java.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TFormatterTest {
    static Stream<Arguments> formats() {
        return Stream.of(
                row(""),
                row("nothing to fill in"),
                row("%s", "text"),
                row("%s and %s.", "this", null),
                row("100%%, %d%% or %s", 5, true),
                row("%5d|%-5d|%05d|%d", 42, 42, 42, -7),
                row("%05d|%5d|%-5d|", -42, -42, -42),
                row("%d", Long.MIN_VALUE),
                row("%x %X %x %x", 255, 48879, -1, -1L),
                row("%02x%02x|%4x|%08x", 7, (byte) -1, 10, 1234),
                row("0x%04X", 0x20),
                row("'%c' '%c' '%3c'", 'a', 0x1F600, 'b'),
                row("%b %b %b", true, null, "x"),
                row("%10s|%-10s|%2s", "right", "left", "longer"),
                row("one%ntwo"));
    }

    private static Arguments row(String format, Object... args) {
        return Arguments.of(format, args);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void writesWhatTheJdkWrites(String format, Object[] args) {
        assertThat(new TFormatter().format(format, args).toString()).isEqualTo(String.format(format, args));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "%", "%5", "%q", "%.3s", "%,d", "%1$s"})
    void refusesWhatItDoesNotKnow(String format) {
        assertThatThrownBy(() -> new TFormatter().format("%s" + format, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
