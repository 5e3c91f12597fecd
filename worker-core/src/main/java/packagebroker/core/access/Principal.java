package packagebroker.core.access;

import java.util.List;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.PackagePattern;

/**
 * Who is asking.
 *
 * @param tokenId the id of the token; empty for nobody
 * @param kind what the token is for
 * @param patterns the packages it may see
 * @param expiresAt when it ends, ms since 1970
 * @param usedAt when its use was last recorded
 * @param baseUrl the URL this instance is reached by, without a slash at its end
 */
public record Principal(
        String tokenId, TokenKind kind, List<PackagePattern> patterns, long expiresAt, long usedAt, String baseUrl) {

    /** Nobody. */
    public static final Principal NOBODY = new Principal("", TokenKind.READ, List.of(), 0, 0, "");

    /** Returns whether the principal may see a package; what it may not see does not exist for it. */
    public boolean maySee(PackageName name) {
        for (PackagePattern pattern : patterns) {
            if (pattern.matches(name)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether the principal may see every package there is or will be. */
    public boolean maySeeAll() {
        for (PackagePattern pattern : patterns) {
            if (pattern.text().equals("*")) {
                return true;
            }
        }
        return false;
    }

    /** Returns how the audit log names it. */
    public String actor() {
        return tokenId.isEmpty() ? "anonymous" : "token:" + tokenId;
    }
}
