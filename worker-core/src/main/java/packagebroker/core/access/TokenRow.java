package packagebroker.core.access;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.Limits;
import packagebroker.core.composer.PackagePattern;
import packagebroker.core.port.Row;

/** What is read when a token is presented: its row beside that of the person behind it, and the principal that they make. */
final class TokenRow {
    static final String COLUMNS = """
            t.id AS token_id, t.hash AS token_hash, t.kind AS token_kind, t.patterns AS token_patterns, t.expires_at AS token_expires_at,
            t.revoked_at AS token_revoked_at, t.last_used AS token_last_used, t.rights AS token_rights,
            t.person AS token_person, t.addresses AS token_addresses, t.not_before AS token_not_before,
            t.uses_left AS token_uses_left, t.limits AS token_limits, t.limits_at AS token_limits_at, t.upstreams AS token_upstreams,
            p.role AS person_role, p.suspended_at AS person_suspended_at,
            (SELECT value FROM setting WHERE name = 'base_url' AND NOT EXISTS (SELECT 1 FROM restore WHERE only = 1))
              AS token_base_url""";

    /** A token and the person behind it, where there is one. */
    static final String OF_TOKEN = "token t LEFT JOIN person p ON p.id = t.person";

    private TokenRow() {}

    /** Returns why nobody comes in with this row any more, as a code; null if that is not so. */
    static @Nullable String refusal(Row row) {
        if (row.isNull("token_base_url")) {
            return "restoring"; // Its row is back already, and others are not.
        }
        if (!row.isNull("token_revoked_at")) {
            return "token_revoked";
        }
        if (!row.isNull("token_uses_left") && row.number("token_uses_left") == 0) {
            return "token_used_up";
        }
        return !row.text("token_person").isEmpty() && isAway(row) ? "person_suspended" : null;
    }

    /** Returns whether the person of a row is gone, was suspended, or has no group any more that gives a role. */
    static boolean isAway(Row row) {
        String role = row.findText("person_role");
        return role == null || role.isEmpty() || !row.isNull("person_suspended_at");
    }

    /** Returns who comes in: with the token's rights, as far as the person behind it still has them. */
    static Principal principal(Row row) {
        String person = row.text("token_person");
        List<PackagePattern> patterns = PackagePattern.parseAll(row.text("token_patterns"));
        Rights rights = storedRights(row.text("token_rights"), row.text("token_kind"));
        if (!person.isEmpty()) {
            Role role = Role.find(row.text("person_role"));
            rights = rights.and(role == null ? Rights.NONE : role.rights());
        }
        Conditions conditions = new Conditions(
                row.number("token_not_before"),
                row.number("token_expires_at"),
                AddressRange.parseAll(row.text("token_addresses")),
                !row.isNull("token_uses_left"),
                row.text("token_kind").equals(TokenKind.BREAK_GLASS.wireName()));
        return new Principal(
                row.text("token_id"),
                row.text("token_hash"),
                person,
                "",
                Principal.seesAll(patterns) ? rights : rights.ofSomePackages(),
                patterns,
                Limits.parse(row.text("token_limits"), row.text("token_upstreams"), row.number("token_limits_at")),
                conditions,
                row.number("token_last_used"),
                row.text("token_base_url"));
    }

    /** Returns the rights of two columns: a token from before there were rights has those of its kind. */
    static Rights storedRights(String rights, String kind) {
        return Grant.stored(grantOf(rights, kind), "", "").toRights();
    }

    /** Returns the rights as they are stored, or what stands for them in a row from before there were any. */
    static String grantOf(String rights, String kind) {
        return rights.isEmpty() ? kind : rights;
    }
}
