package packagebroker.core.composer;

import org.jspecify.annotations.Nullable;

/**
 * One of the two files of a package: {@code acme/tool} for its stable versions, {@code acme/tool~dev} for its branches.
 *
 * @param dev whether it is the file of branches
 */
public record PackageFile(PackageName name, boolean dev) {
    private static final String DEV = "~dev";

    /** Returns the file that the text spells in any case, or null if it spells none. */
    public static @Nullable PackageFile find(String text) {
        boolean dev = text.endsWith(DEV);
        PackageName name = PackageName.find(dev ? text.substring(0, text.length() - DEV.length()) : text);
        return name == null ? null : new PackageFile(name, dev);
    }

    /** Returns the file of a row's columns. */
    public static PackageFile of(String name, long dev) {
        return new PackageFile(PackageName.parse(name), dev == 1);
    }

    /** Returns the file that a stored text spells. */
    public static PackageFile parse(String text) {
        PackageFile found = find(text);
        if (found == null) {
            throw new IllegalArgumentException("expected a package's file but found " + Excerpt.of(text));
        }
        return found;
    }

    @Override
    public String toString() {
        return dev ? name + DEV : name.toString();
    }
}
