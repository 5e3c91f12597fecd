package packagebroker.core.text;

/** Dates as HTTP writes them: {@code Sun, 06 Nov 1994 08:49:37 GMT} (RFC 9110 §5.6.7), in whole seconds. */
public final class HttpDate {
    private static final String DAYS = "ThuFriSatSunMonTueWed";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final long DAY_MILLIS = 86_400_000L;

    private HttpDate() {}

    /** Returns the date of {@code millis} since 1970, UTC; not before 1970. */
    public static String of(long millis) {
        int day = (int) (millis / DAY_MILLIS);
        int second = (int) (millis % DAY_MILLIS / 1000);
        // Civil date from a day count, with years that begin in March so that the leap day is the last one.
        int shifted = day + 719_468;
        int era = shifted / 146_097;
        int dayOfEra = shifted % 146_097;
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shiftedMonth = (5 * dayOfYear + 2) / 153;
        int dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
        int month = shiftedMonth < 10 ? shiftedMonth + 2 : shiftedMonth - 10;
        int year = yearOfEra + era * 400 + (month < 2 ? 1 : 0);
        StringBuilder text = new StringBuilder(29);
        text.append(DAYS, day % 7 * 3, day % 7 * 3 + 3).append(", ");
        two(text, dayOfMonth)
                .append(' ')
                .append(MONTHS, month * 3, month * 3 + 3)
                .append(' ');
        text.append(year).append(' ');
        two(text, second / 3600).append(':');
        two(text, second / 60 % 60).append(':');
        return two(text, second % 60).append(" GMT").toString();
    }

    private static StringBuilder two(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
