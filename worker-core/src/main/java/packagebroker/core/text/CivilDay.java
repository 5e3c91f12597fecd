package packagebroker.core.text;

/**
 * A day of the calendar.
 *
 * @param month from 1
 * @param day from 1
 */
record CivilDay(int year, int month, int day) {
    /** Returns the day that lies so many days after 1970-01-01; not before it. */
    static CivilDay of(int days) {
        // Years that begin in March, so that the leap day is the last one.
        int shifted = days + 719_468;
        int era = shifted / 146_097;
        int dayOfEra = shifted % 146_097;
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shiftedMonth = (5 * dayOfYear + 2) / 153;
        int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        int year = yearOfEra + era * 400 + (month < 3 ? 1 : 0);
        return new CivilDay(year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1);
    }

    /** Returns how many days this lies after 1970-01-01; not before the year 1. */
    int days() {
        int shiftedYear = month < 3 ? year - 1 : year;
        int shiftedMonth = month < 3 ? month + 9 : month - 3;
        int leaps = shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400;
        return 365 * shiftedYear + leaps + (153 * shiftedMonth + 2) / 5 + day - 1 - 719_468;
    }

    /** Appends a number as two digits. */
    static StringBuilder two(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /** Appends the time of day as {@code 12:34:56}. */
    static StringBuilder time(StringBuilder text, int second) {
        two(text, second / 3600).append(':');
        two(text, second / 60 % 60).append(':');
        return two(text, second % 60);
    }
}
