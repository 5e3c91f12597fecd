package packagebroker.core.text;

import org.jspecify.annotations.Nullable;

/** Times as JSON carries them: {@code 2026-11-24T12:00:00+00:00} (RFC 3339), in UTC and whole seconds. */
public final class IsoTime {
    private static final long DAY_MILLIS = 86_400_000L;
    private static final long UNKNOWN = Long.MIN_VALUE;
    private static final String FORM = "0000-00-00T00:00:00";

    private IsoTime() {}

    /** Returns the time of {@code millis} since 1970; not before 1970. */
    public static String of(long millis) {
        CivilDay day = CivilDay.of((int) (millis / DAY_MILLIS));
        StringBuilder text = new StringBuilder(25).append(day.year()).append('-');
        CivilDay.two(text, day.month()).append('-');
        CivilDay.two(text, day.day()).append('T');
        return CivilDay.time(text, (int) (millis % DAY_MILLIS / 1000))
                .append("+00:00")
                .toString();
    }

    /** Returns the time of a text in UTC, a date alone or with a time of day, or null if it is none. */
    public static @Nullable String normalize(String text) {
        String time = text.length() == 10 ? text + "T00:00:00" : text.replace(' ', 'T');
        if (time.endsWith("Z") || time.endsWith("+00:00")) {
            time = time.substring(0, time.length() - (time.endsWith("Z") ? 1 : 6));
        }
        if (time.length() != FORM.length()) {
            return null;
        }
        for (int i = 0; i < FORM.length(); i++) {
            char c = time.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (FORM.charAt(i) == '0' ? !digit : c != FORM.charAt(i)) {
                return null;
            }
        }
        boolean real = isIn(time, 5, 1, 12)
                && isIn(time, 8, 1, 31)
                && isIn(time, 11, 0, 23)
                && isIn(time, 14, 0, 59)
                && isIn(time, 17, 0, 59);
        return real ? time + "+00:00" : null;
    }

    /**
     * Returns the time of a text as ms since 1970, or -1 if it is none: a date with a time of day, perhaps with a fraction of a second,
     * and perhaps with an offset such as {@code Z}, {@code +02:00} or {@code +0200}; without one it is in UTC.
     */
    public static long millis(String text) {
        int end = Math.min(text.length(), FORM.length());
        String time = normalize(text.substring(0, end));
        if (time == null || end < FORM.length()) {
            return -1;
        }
        if (text.startsWith(".", end)) {
            end++;
            while (end < text.length() && Ascii.digit(text.charAt(end)) >= 0) {
                end++;
            }
        }
        long offset = offsetMinutes(text.substring(end));
        long days = CivilDay.daysUntil(number(time, 0, 4), number(time, 5, 2), number(time, 8, 2));
        long second = number(time, 11, 2) * 3600L + number(time, 14, 2) * 60L + number(time, 17, 2);
        return offset == UNKNOWN ? -1 : Math.max(-1, days * DAY_MILLIS + second * 1000 - offset * 60_000);
    }

    private static long offsetMinutes(String text) {
        if (text.isEmpty() || text.equals("Z")) {
            return 0;
        }
        String digits = text.length() == 6 && text.charAt(3) == ':'
                ? text.substring(1, 3) + text.substring(4)
                : text.substring(1);
        boolean sound = digits.length() == 4 && (text.charAt(0) == '+' || text.charAt(0) == '-');
        for (int i = 0; i < digits.length(); i++) {
            sound &= digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        if (!sound) {
            return UNKNOWN;
        }
        int minutes = number(digits, 0, 2) * 60 + number(digits, 2, 2);
        return text.charAt(0) == '-' ? -minutes : minutes;
    }

    /** Returns the number that digits spell. */
    private static int number(String text, int at, int length) {
        int number = 0;
        for (int i = at; i < at + length; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }

    private static boolean isIn(String time, int at, int low, int high) {
        int number = (time.charAt(at) - '0') * 10 + time.charAt(at + 1) - '0';
        return number >= low && number <= high;
    }
}
