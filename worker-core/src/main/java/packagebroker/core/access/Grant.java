package packagebroker.core.access;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.composer.Limits;
import packagebroker.core.composer.PackagePattern;
import packagebroker.core.text.Words;

/**
 * What a token opens.
 *
 * @param rights a role, or rights separated by spaces: as it was asked for, so that a role stays what it means
 * @param patterns the packages
 * @param addresses where it may be used from; everywhere if there are none
 * @param limits what of the packages, and of which upstreams, if that is not everything
 */
public record Grant(String rights, List<String> patterns, List<String> addresses, Limits limits) {
    /** Creates the grant of all versions of some packages. */
    public Grant(String rights, List<String> patterns, List<String> addresses) {
        this(rights, patterns, addresses, Limits.NONE);
    }

    /** Returns the grant of a role over all packages, from everywhere. */
    public static Grant of(Role role) {
        return new Grant(role.wireName(), List.of("*"), List.of());
    }

    /** Returns the grant of three texts, as they are stored. */
    static Grant stored(String rights, String patterns, String addresses) {
        return new Grant(rights, Words.of(patterns), Words.of(addresses));
    }

    /** Returns the rights as a set; none where a newer version stored a word that this one does not know. */
    Rights toRights() {
        Rights known = Rights.find(rights);
        return known == null ? Rights.NONE : known;
    }

    /** Returns whether somebody's own grant is at least as wide as this one. */
    public boolean isWithin(Principal maker) {
        return maker.rights().cover(toRights())
                && maker.limits().isEmpty()
                && isWithinPatternsOf(maker)
                && isWithinAddressesOf(maker);
    }

    /** Returns whether all packages of this are open to somebody, too. */
    public boolean isWithinPatternsOf(Principal maker) {
        for (String text : patterns) {
            PackagePattern pattern = PackagePattern.parse(text);
            boolean covered = false;
            for (PackagePattern own : maker.patterns()) {
                covered |= own.covers(pattern);
            }
            if (!covered) {
                return false;
            }
        }
        return true;
    }

    private boolean isWithinAddressesOf(Principal maker) {
        List<AddressRange> own = maker.conditions().addresses();
        List<AddressRange> wanted = new ArrayList<>(AddressRange.parseAll(String.join(" ", addresses)));
        for (AddressRange range : own) {
            wanted.removeIf(range::covers);
        }
        return own.isEmpty() || (!addresses.isEmpty() && wanted.isEmpty());
    }
}
