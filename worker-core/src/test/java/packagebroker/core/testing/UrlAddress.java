package packagebroker.core.testing;

import packagebroker.core.testing.WhatwgUrls.NotAUrl;

/** IPv6 addresses of the URL standard. */
final class UrlAddress {
    private static final int PIECES = 8;

    private final String text;
    private final int[] pieces = new int[PIECES];
    private int count;
    private int compress = -1;
    private int at;

    private UrlAddress(String text) {
        this.text = text;
    }

    static String parse(String text) {
        UrlAddress address = new UrlAddress(text);
        address.read();
        return address.serialised();
    }

    private boolean more() {
        return at < text.length();
    }

    private void read() {
        if (text.startsWith("::")) {
            at = 2;
            compress = 0;
        } else if (text.startsWith(":")) {
            throw new NotAUrl();
        }
        while (more()) {
            piece();
        }
        if (compress >= 0) {
            int swaps = count - compress;
            for (int i = 0; i < swaps; i++) {
                pieces[PIECES - 1 - i] = pieces[count - 1 - i];
            }
            for (int i = compress; i < PIECES - swaps; i++) {
                pieces[i] = 0;
            }
        } else if (count != PIECES) {
            throw new NotAUrl();
        }
    }

    private void piece() {
        if (count >= PIECES || (text.charAt(at) == ':' && compress >= 0)) {
            throw new NotAUrl();
        }
        if (text.charAt(at) == ':') {
            at++;
            compress = count;
            return;
        }
        int start = at;
        int value = 0;
        while (more() && at - start < 4 && Character.digit(text.charAt(at), 16) >= 0 && text.charAt(at) < 128) {
            value = value * 16 + Character.digit(text.charAt(at++), 16);
        }
        if (more() && text.charAt(at) == '.') {
            at = start;
            quad();
            return;
        }
        boolean separated = more() && text.charAt(at) == ':' && at + 1 < text.length();
        if (at == start || (more() && !separated)) {
            throw new NotAUrl();
        }
        at += separated ? 1 : 0;
        pieces[count++] = value;
    }

    private void quad() {
        if (count > PIECES - 2) {
            throw new NotAUrl();
        }
        String[] numbers = text.substring(at).split("\\.", -1);
        if (numbers.length != 4) {
            throw new NotAUrl();
        }
        for (int i = 0; i < 4; i++) {
            pieces[count + i / 2] = pieces[count + i / 2] << 8 | octet(numbers[i]);
        }
        count += 2;
        at = text.length();
    }

    private static int octet(String digits) {
        boolean plain =
                !digits.isEmpty() && digits.length() < 4 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!plain || (digits.length() > 1 && digits.startsWith("0")) || Integer.parseInt(digits) > 255) {
            throw new NotAUrl();
        }
        return Integer.parseInt(digits);
    }

    private String serialised() {
        int start = 0;
        int length = 0;
        for (int i = 0; i < PIECES; i++) {
            int end = i;
            while (end < PIECES && pieces[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        if (length < 2) {
            return joined(0, PIECES);
        }
        return joined(0, start) + "::" + joined(start + length, PIECES);
    }

    private String joined(int from, int to) {
        StringBuilder joined = new StringBuilder();
        for (int i = from; i < to; i++) {
            joined.append(i == from ? "" : ":").append(Integer.toHexString(pieces[i]));
        }
        return joined.toString();
    }
}
