package org.teavm.classlib.java.io;

import java.io.IOException;

/** Stands in for {@link java.io.CharConversionException}, which TeaVM lacks and Jackson throws. */
public class TCharConversionException extends IOException {
    private static final long serialVersionUID = 1;

    public TCharConversionException() {}

    public TCharConversionException(String message) {
        super(message);
    }
}
