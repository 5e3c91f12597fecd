package packagebroker.core.access;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.text.Ascii;
import packagebroker.core.text.Bytes;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Words;

/** A range of client addresses in CIDR notation, IPv4 or IPv6; a single address is a range of one. */
public final class AddressRange {
    private final byte[] start;
    private final int length;

    private AddressRange(byte[] start, int length) {
        this.start = start;
        this.length = length;
    }

    /** Returns the range that a text spells; null if it spells none, or all addresses there are. */
    public static @Nullable AddressRange find(String text) {
        int slash = text.indexOf('/');
        byte[] start = bytes(slash < 0 ? text : text.substring(0, slash));
        if (start == null) {
            return null;
        }
        int length = slash < 0 ? start.length * 8 : number(text, slash + 1, text.length(), 128);
        boolean good = length > 0 && length <= start.length * 8 && isZeroFrom(start, length);
        return good ? new AddressRange(start, length) : null;
    }

    /** Returns the ranges of a text that separates them by spaces, as they are stored. */
    static List<AddressRange> parseAll(String separated) {
        List<AddressRange> ranges = new ArrayList<>();
        for (String text : Words.of(separated)) {
            AddressRange range = find(text);
            if (range == null) {
                throw new IllegalArgumentException("expected a range of addresses");
            }
            ranges.add(range);
        }
        return ranges;
    }

    /** Returns whether an address is in the range; what is no address is in none. */
    boolean contains(@Nullable String address) {
        byte[] bytes = address == null ? null : bytes(address);
        return bytes != null && covers(bytes, bytes.length * 8);
    }

    /** Returns an IPv4 address, or the first half of an IPv6 one, in one spelling; null if it is none. */
    static @Nullable String networkOf(String address) {
        byte[] bytes = bytes(address);
        return bytes == null ? null : Hex.of(bytes.length == 4 ? bytes : Bytes.part(bytes, 0, 8));
    }

    /** Returns whether another range lies in this one. */
    boolean covers(AddressRange other) {
        return covers(other.start, other.length);
    }

    private boolean covers(byte[] other, int otherLength) {
        if (other.length != start.length || otherLength < length) {
            return false;
        }
        int whole = length / 8;
        int rest = length % 8;
        return Arrays.equals(Bytes.part(start, 0, whole), Bytes.part(other, 0, whole))
                && (rest == 0 || ((start[whole] ^ other[whole]) & 0xFF) >> (8 - rest) == 0);
    }

    private static boolean isZeroFrom(byte[] bytes, int bit) {
        for (int i = bit; i < bytes.length * 8; i++) {
            if ((bytes[i / 8] >> (7 - i % 8) & 1) != 0) {
                return false;
            }
        }
        return true;
    }

    private static byte @Nullable [] bytes(String text) {
        return text.indexOf(':') < 0 ? four(text, 0) : sixteen(text);
    }

    private static byte @Nullable [] four(String text, int from) {
        byte[] bytes = new byte[4];
        int at = from;
        for (int i = 0; i < 4; i++) {
            int dot = i == 3 ? text.length() : text.indexOf('.', at);
            int value = dot < 0 ? -1 : number(text, at, dot, 255);
            if (value < 0) {
                return null;
            }
            bytes[i] = (byte) value;
            at = dot + 1;
        }
        return bytes;
    }

    /** Returns the decimal number of at most three digits between two places, or -1. */
    private static int number(String text, int from, int end, int max) {
        int value = 0;
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || end - from > 3 || (c == '0' && i == from && end - from > 1)) {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return from >= end || value > max ? -1 : value;
    }

    private static byte @Nullable [] sixteen(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] all = groups(text);
            return all != null && all.length == 16 ? unmapped(all) : null;
        }
        byte[] head = groups(text.substring(0, gap));
        byte[] tail = groups(text.substring(gap + 2));
        if (head == null || tail == null || head.length + tail.length > 14) {
            return null;
        }
        byte[] bytes = Bytes.grown(head, 0, head.length, 16);
        System.arraycopy(tail, 0, bytes, 16 - tail.length, tail.length);
        return unmapped(bytes);
    }

    /** Returns the bytes of groups of hex digits, the last of which may be an IPv4 address; null if they are none. */
    private static byte @Nullable [] groups(String text) {
        byte[] bytes = new byte[0];
        int at = 0;
        while (at < text.length()) {
            int colon = text.indexOf(':', at);
            int end = colon < 0 ? text.length() : colon;
            byte[] group = colon < 0 && text.indexOf('.', at) >= 0 ? four(text, at) : group(text, at, end);
            if (group == null || bytes.length + group.length > 16 || end == text.length() - 1) {
                return null;
            }
            bytes = Bytes.grown(bytes, 0, bytes.length, bytes.length + group.length);
            System.arraycopy(group, 0, bytes, bytes.length - group.length, group.length);
            at = end + 1;
        }
        return bytes;
    }

    private static byte @Nullable [] group(String text, int from, int end) {
        int value = 0;
        for (int i = from; i < end; i++) {
            int digit = Ascii.hexDigit(text.charAt(i));
            if (digit < 0) {
                return null;
            }
            value = value << 4 | digit;
        }
        return end == from || end - from > 4 ? null : new byte[] {(byte) (value >> 8), (byte) value};
    }

    /** Returns an IPv4 address in IPv6 clothes as what it is. */
    private static byte[] unmapped(byte[] bytes) {
        boolean mapped = isZeroFrom(Bytes.part(bytes, 0, 10), 0) && bytes[10] == -1 && bytes[11] == -1;
        return mapped ? Bytes.part(bytes, 12, 16) : bytes;
    }
}
