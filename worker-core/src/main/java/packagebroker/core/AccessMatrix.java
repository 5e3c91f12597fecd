package packagebroker.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.Call;
import packagebroker.core.access.Permission;
import packagebroker.core.access.Role;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;

/** Which role may call which route: made of the rows that decide it, so that it cannot be out of date. */
final class AccessMatrix {
    private final List<Object> routes = new ArrayList<>();

    /** Adds a row of the table of contents. */
    void add(String method, String pattern, Route route) {
        List<String> roles = new ArrayList<>();
        for (Role role : Role.values()) {
            if (role.rights().allow(route.permission())) {
                roles.add(role.wireName());
            }
        }
        routes.add(Json.object(
                "method",
                method,
                "path",
                pattern,
                "right",
                switch (route.permission()) {
                    case PUBLIC -> "none";
                    case TOKEN -> "any";
                    case SETUP -> "setup";
                    default -> route.permission().wireName();
                },
                "roles",
                roles,
                "action",
                route.action(),
                "change",
                route.recorded()));
    }

    /** Shows it: {@code GET /api/evidence/access}. */
    Response show(Call call) {
        Map<String, @Nullable Object> roles = Json.object();
        for (Role role : Role.values()) {
            roles.put(role.wireName(), role.rights().names());
        }
        List<String> whole = new ArrayList<>();
        for (Permission permission : Permission.values()) {
            if (permission.isOfTheWholeInstance()) {
                whole.add(permission.wireName());
            }
        }
        return Response.json(200, Json.write(Json.object("roles", roles, "whole_instance", whole, "routes", routes)));
    }
}
