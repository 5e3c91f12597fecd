package packagebroker.core.access;

import java.util.List;
import packagebroker.core.http.HttpError;
import packagebroker.core.text.Ascii;
import packagebroker.core.text.Percent;

/** The query of a request, decoded as browsers and Composer encode it. */
public final class ApiQuery {
    private static final int MAX_PAGE = 200;

    private ApiQuery() {}

    /** Returns how many rows a page shall have at most. */
    public static int limit(Call call) {
        return number(call, "limit", MAX_PAGE, MAX_PAGE);
    }

    /**
     * Returns the place that {@code after} names; the beginning where it is absent.
     *
     * @throws HttpError 400 if it names none
     */
    public static Place place(Call call) {
        String after = text(call, "after", 100);
        int dash = after.indexOf('-');
        try {
            Place place = after.isEmpty()
                    ? Place.START
                    : new Place(Long.parseLong(after.substring(0, Math.max(0, dash))), after.substring(dash + 1));
            if (place.at() <= Place.START.at()) {
                return place;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw HttpError.badRequest("expected the next of a page before in the query's after");
    }

    /**
     * Refuses parameters that the route does not know: a condition that is misspelt must not be passed over.
     *
     * @throws HttpError 400 if there is one
     */
    public static void allowOnly(Call call, String... names) {
        if (call.request().asksMoreThan(List.of(names))) {
            throw HttpError.badRequest("expected only " + String.join(", ", names) + " in the query");
        }
    }

    /**
     * Returns a text without control characters; empty where it is absent.
     *
     * @throws HttpError 400 if it is longer than {@code max} or badly encoded
     */
    public static String text(Call call, String name, int max) {
        String sent = call.request().findQuery(name);
        String text = sent == null ? "" : Percent.decode(sent.replace('+', ' '));
        if (text == null || text.length() > max) {
            throw HttpError.badRequest("expected at most " + max + " characters in the query's " + name);
        }
        return text;
    }

    /**
     * Returns a number from 1 to {@code max}, or {@code otherwise} where it is absent.
     *
     * @throws HttpError 400 if it is anything else
     */
    public static int number(Call call, String name, int max, int otherwise) {
        String sent = call.request().findQuery(name);
        if (sent == null) {
            return otherwise;
        }
        int number = 0;
        for (int i = 0; i < sent.length() && number >= 0; i++) {
            int digit = Ascii.digit(sent.charAt(i));
            number = digit < 0 || number > max ? -1 : number * 10 + digit;
        }
        if (number < 1 || number > max) {
            throw HttpError.badRequest("expected a number from 1 to " + max + " in the query's " + name);
        }
        return number;
    }
}
