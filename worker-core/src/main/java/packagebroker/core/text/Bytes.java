package packagebroker.core.text;

/** Copies of bytes in one go: {@code Arrays.copyOf} takes them one by one in TeaVM, which costs ten times as much. */
public final class Bytes {
    private Bytes() {}

    /** Returns a copy of the bytes from {@code start} to {@code end}. */
    public static byte[] part(byte[] bytes, int start, int end) {
        return grown(bytes, start, end, end - start);
    }

    /** Returns an array of {@code length} bytes that begins with those of {@code bytes} from {@code start} to {@code end}. */
    public static byte[] grown(byte[] bytes, int start, int end, int length) {
        byte[] copy = new byte[length];
        System.arraycopy(bytes, start, copy, 0, end - start);
        return copy;
    }
}
