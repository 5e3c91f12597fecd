package packagebroker.core.identity;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.Role;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;

/**
 * The Cloudflare Access team whose people come here, and which of them get which role.
 *
 * @param issuer the team's address, which is how its tokens name their issuer
 * @param audience the tag of the application that protects this instance
 * @param mappings which group, address or {@code *} gets which role
 */
public record AccessTeam(String issuer, String audience, List<Mapping> mappings) {
    private static final long LONGEST_MILLIS = 31L * 86_400_000;

    /** A group's name, an e-mail address, or {@code *} for everybody; and the role. */
    public record Mapping(String whom, Role role) {}

    /**
     * Returns the team of three settings, or null if one is missing.
     *
     * @param team the team's name, as in {@code <name>.cloudflareaccess.com}
     * @param roles {@code group=role} pairs, separated by commas
     * @throws IllegalArgumentException if a pair is none
     */
    public static @Nullable AccessTeam find(@Nullable String team, @Nullable String audience, List<String> roles) {
        if (team == null || audience == null) {
            return null;
        }
        List<Mapping> mappings = new ArrayList<>();
        for (String pair : roles) {
            int equals = pair.lastIndexOf('=');
            Role role =
                    equals <= 0 ? null : Role.find(pair.substring(equals + 1).strip());
            if (role == null) {
                throw new IllegalArgumentException("expected group=role in ACCESS_ROLES");
            }
            mappings.add(new Mapping(pair.substring(0, equals).strip(), role));
        }
        return new AccessTeam("https://" + team + ".cloudflareaccess.com", audience, List.copyOf(mappings));
    }

    Vouching.Issuer toIssuer() {
        return new Vouching.Issuer(issuer, issuer + "/cdn-cgi/access/certs", LONGEST_MILLIS);
    }

    /** Returns the widest role that the claims of a person lead to, or null if they lead to none. */
    @Nullable
    Role roleOf(JsonObject claims) {
        List<String> groups = new ArrayList<>(groups(claims));
        JsonObject custom = claims.findObject("custom");
        if (custom != null) {
            groups.addAll(groups(custom));
        }
        String email = claims.findText("email", 300);
        if (email != null) {
            groups.add(email);
        }
        groups.add("*");
        for (Role role : Role.values()) {
            for (Mapping mapping : mappings) {
                if (mapping.role() == role && groups.contains(mapping.whom())) {
                    return role;
                }
            }
        }
        return null;
    }

    /** Returns the groups, which identity providers write as names or as objects with one. */
    private static List<String> groups(JsonObject claims) {
        try {
            return claims.oneOrMoreTexts("groups", 300);
        } catch (JsonException e) {
            List<String> names = new ArrayList<>();
            for (JsonObject group : claims.objects("groups")) {
                String name = group.findText("name", 300);
                names.add(name == null ? "" : name);
            }
            return names;
        }
    }
}
