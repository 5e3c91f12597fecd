package packagebroker.core.git;

/**
 * How far a walk through what is selected has come: the cursor of its job.
 *
 * @param index of the organisation or repository that is next, in that order
 * @param next where the list of the organisation goes on, or empty
 * @param isWhole whether everything so far was answered for
 * @param ids of the rows of all that was seen, separated by spaces
 */
record Walk(int index, String next, boolean isWhole, String ids) {
    static final Walk START = new Walk(0, "", true, "");

    static Walk parse(String cursor) {
        int first = cursor.indexOf('\n');
        int second = cursor.indexOf('\n', first + 1);
        if (second < 1) {
            return START;
        }
        String index = cursor.substring(1, first);
        return new Walk(
                Integer.parseInt(index),
                cursor.substring(first + 1, second),
                cursor.charAt(0) == '+',
                cursor.substring(second + 1));
    }

    String text() {
        return (isWhole ? "+" : "-") + index + "\n" + next + "\n" + ids;
    }

    /** Returns the walk after it has come further. */
    Walk on(int otherIndex, String otherNext) {
        return new Walk(otherIndex, otherNext, isWhole, ids);
    }

    /** Returns the walk that has seen one more. */
    Walk seen(String id) {
        return new Walk(index, next, isWhole, ids.isEmpty() ? id : ids + " " + id);
    }

    /** Returns the walk that has had no answer to something. */
    Walk broken() {
        return new Walk(index, next, false, ids);
    }
}
