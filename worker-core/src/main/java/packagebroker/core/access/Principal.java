package packagebroker.core.access;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.composer.Limits;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.PackagePattern;

/**
 * Who is asking.
 *
 * @param tokenId the id of the token; empty for nobody and for a person
 * @param tokenHash the key of the token as it was presented; another one once the token was rotated
 * @param personId the id of the person behind the token or the session; empty if there is none
 * @param sessionHash the key of the session it came with; empty if it came with a token
 * @param rights what it may do here and now
 * @param patterns the packages it may see
 * @param limits what of these packages, and of which upstreams, if that is not everything
 * @param conditions when, from where and how often it may come
 * @param usedAt when its use was last recorded
 * @param baseUrl the URL this instance is reached by, without a slash at its end
 */
public record Principal(
        String tokenId,
        String tokenHash,
        String personId,
        String sessionHash,
        Rights rights,
        List<PackagePattern> patterns,
        Limits limits,
        Conditions conditions,
        long usedAt,
        String baseUrl) {

    /** Nobody. */
    public static final Principal NOBODY =
            new Principal("", "", "", "", Rights.NONE, List.of(), Limits.NONE, Conditions.until(0), 0, "");

    private static final List<PackagePattern> EVERYTHING = List.of(PackagePattern.parse("*"));

    /** Returns a person who is here without a token, until a time. */
    public static Principal person(String id, Rights rights, long until) {
        return person(id, rights, until, "");
    }

    static Principal person(String id, Rights rights, long until, String baseUrl) {
        return new Principal("", "", id, "", rights, EVERYTHING, Limits.NONE, Conditions.until(until), 0, baseUrl);
    }

    /** Returns this principal as it comes over a session, which may end sooner. */
    Principal over(String session, long end, long seenAt) {
        Conditions until = new Conditions(
                conditions.notBefore(),
                Math.min(end, conditions.expiresAt()),
                conditions.addresses(),
                conditions.counted(),
                conditions.watched());
        return new Principal(tokenId, tokenHash, personId, session, rights, patterns, limits, until, seenAt, baseUrl);
    }

    /** Returns whether the principal may see a package; what it may not see does not exist for it. */
    public boolean maySee(PackageName name) {
        for (PackagePattern pattern : patterns) {
            if (pattern.matches(name)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the packages it may see as texts, for a query. */
    public List<String> patternTexts() {
        List<String> texts = new ArrayList<>();
        for (PackagePattern pattern : patterns) {
            texts.add(pattern.text());
        }
        return texts;
    }

    /** Returns whether the principal may see every package there is or will be, and all of it. */
    public boolean maySeeAll() {
        return seesAll(patterns) && limits.isEmpty();
    }

    static boolean seesAll(List<PackagePattern> patterns) {
        for (PackagePattern pattern : patterns) {
            if (pattern.text().equals("*")) {
                return true;
            }
        }
        return false;
    }

    /** Returns how the audit log names it. */
    public String actor() {
        if (tokenId.isEmpty()) {
            return personId.isEmpty() ? "anonymous" : "person:" + personId;
        }
        return "token:" + tokenId;
    }
}
