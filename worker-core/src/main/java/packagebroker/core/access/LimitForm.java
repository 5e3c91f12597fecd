package packagebroker.core.access;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.composer.Constraint;
import packagebroker.core.composer.Limit;
import packagebroker.core.composer.Limits;
import packagebroker.core.composer.PackagePattern;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;

/** Reads the limits of a customer's token: {@code [{"pattern": "acme/*", "versions": "^1.2", "until": 1803202652175}]}. */
final class LimitForm {
    private static final int MAX_LIMITS = 100;
    private static final int MAX_CONSTRAINT = 200;

    /** The end of the year 9999. */
    private static final long MAX_TIME = 253_402_300_799_000L;

    private LimitForm() {}

    /** Returns the limits of a body. */
    static Limits limits(JsonObject body) {
        List<Limit> limits = new ArrayList<>();
        for (JsonObject each : body.objects("limits")) {
            each.allowOnly("pattern", "versions", "until");
            PackagePattern pattern = PackagePattern.find(each.text("pattern", 255));
            String versions = each.findText("versions", MAX_CONSTRAINT);
            if (pattern == null) {
                throw refusal("*, vendor/*, vendor/prefix-* or vendor/name at the pattern of each of $.limits");
            }
            if (versions != null && !Constraint.isConstraint(versions)) {
                throw refusal("a constraint such as ^1.2 or >=2.0,<3.0 at the versions of each of $.limits");
            }
            limits.add(new Limit(pattern, versions == null ? "" : versions, until(each)));
        }
        if (limits.isEmpty() || limits.size() > MAX_LIMITS) {
            throw refusal("1 to " + MAX_LIMITS + " limits at $.limits");
        }
        return new Limits(limits, List.of(), 0);
    }

    /** Returns the date in the field {@code until}, or 0 where it is absent or null. */
    static long until(JsonObject body) {
        return body.isNull("until") ? 0 : body.number("until", 1, MAX_TIME, 0);
    }

    private static JsonException refusal(String expected) {
        return JsonException.unexpected("expected " + expected);
    }
}
