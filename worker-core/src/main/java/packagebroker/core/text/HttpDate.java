package packagebroker.core.text;

/** Dates as HTTP writes them: {@code Sun, 06 Nov 1994 08:49:37 GMT} (RFC 9110 §5.6.7), in whole seconds. */
public final class HttpDate {
    private static final String DAYS = "ThuFriSatSunMonTueWed";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final long DAY_MILLIS = 86_400_000L;

    private HttpDate() {}

    /** Returns the date of {@code millis} since 1970, UTC; not before 1970. */
    public static String of(long millis) {
        int days = (int) (millis / DAY_MILLIS);
        CivilDay day = CivilDay.of(days);
        int month = (day.month() - 1) * 3;
        StringBuilder text = new StringBuilder(29);
        text.append(DAYS, days % 7 * 3, days % 7 * 3 + 3).append(", ");
        CivilDay.two(text, day.day())
                .append(' ')
                .append(MONTHS, month, month + 3)
                .append(' ');
        text.append(day.year()).append(' ');
        return CivilDay.time(text, (int) (millis % DAY_MILLIS / 1000))
                .append(" GMT")
                .toString();
    }
}
