package packagebroker.core.composer;

import org.jspecify.annotations.Nullable;

/**
 * What of some packages is open to somebody.
 *
 * @param pattern the packages
 * @param versions a constraint, or empty for all versions
 * @param until the versions released by then, ms since 1970, or 0 for all
 */
public record Limit(PackagePattern pattern, String versions, long until) {
    /** Returns whether nothing of the packages is kept back. */
    boolean isOpen() {
        return versions.isEmpty() && until == 0;
    }

    /** Returns whether it opens a version that was released at a time; one of unknown time (0) came too late for any date. */
    boolean admits(String segment, long released) {
        Constraint constraint = versions.isEmpty() ? null : requireConstraint();
        return (constraint == null || constraint.matches(segment))
                && (until == 0 || (released != 0 && released <= until));
    }

    /** Returns the first name that its pattern may select. */
    String low() {
        String text = pattern.text();
        return text.endsWith("*") ? text.substring(0, text.length() - 1) : text;
    }

    /** Returns the last one: a tilde comes after all that a name consists of. */
    String high() {
        return pattern.text().endsWith("*") ? low() + "~" : low();
    }

    /** Returns it for other releases. */
    public Limit until(long other) {
        return new Limit(pattern, versions, other);
    }

    private Constraint requireConstraint() {
        @Nullable Constraint constraint = Constraint.find(versions);
        if (constraint == null) {
            throw new IllegalArgumentException("expected a constraint but found " + Excerpt.of(versions));
        }
        return constraint;
    }
}
