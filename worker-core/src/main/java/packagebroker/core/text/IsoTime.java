package packagebroker.core.text;

import org.jspecify.annotations.Nullable;

/** Times as JSON carries them: {@code 2026-11-24T12:00:00+00:00} (RFC 3339), in UTC and whole seconds. */
public final class IsoTime {
    private static final long DAY_MILLIS = 86_400_000L;
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

    /** Returns the milliseconds since 1970 of a time that {@link #normalize} returned. */
    public static long millis(String time) {
        CivilDay day = new CivilDay(number(time, 0) * 100 + number(time, 2), number(time, 5), number(time, 8));
        int seconds = (number(time, 11) * 60 + number(time, 14)) * 60 + number(time, 17);
        return day.days() * DAY_MILLIS + seconds * 1000L;
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

    private static boolean isIn(String time, int at, int low, int high) {
        return number(time, at) >= low && number(time, at) <= high;
    }

    private static int number(String time, int at) {
        return (time.charAt(at) - '0') * 10 + time.charAt(at + 1) - '0';
    }
}
