package packagebroker.core.lock;

/**
 * One thing about a package of a lock.
 *
 * @param code what it is, for programs
 * @param level what it means for the reader
 * @param text what it is, for people; never a secret
 */
record Finding(String code, Level level, String text) {
    /** What a finding means for the reader. */
    enum Level {
        /** The rewritten lock does not have it any more. */
        FIXED("fixed"),
        /** Somebody has to do something about it. */
        ATTENTION("attention"),
        /** Nobody has looked yet: asking again looks further. */
        UNCHECKED("unchecked"),
        /** Good to know. */
        NOTE("note");

        private final String word;

        Level(String word) {
            this.word = word;
        }

        /** Returns the word for it. */
        String word() {
            return word;
        }
    }
}
