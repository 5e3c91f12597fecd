package packagebroker.core.advisory;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.Constraint;
import packagebroker.core.composer.PackageName;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;
import packagebroker.core.text.IsoTime;

/**
 * An advisory of our own, in Composer's words.
 *
 * @param affectedVersions a constraint
 * @param reportedAt when the danger became known, RFC 3339
 */
record OwnAdvisory(
        String id,
        PackageName packageName,
        String affectedVersions,
        String title,
        @Nullable String link,
        @Nullable String cve,
        @Nullable String severity,
        String reportedAt) {

    /** What the id of an advisory of ours begins with. */
    static final String PREFIX = "PKBSA-";

    private static final String SOURCE = "PACKAGE.broker";
    private static final List<String> SEVERITIES = List.of("none", "low", "medium", "high", "critical");
    private static final String CVE = "CVE-0000-0000";

    /** Returns the field names of an API body. */
    static String[] fields() {
        return new String[] {"packageName", "affectedVersions", "title", "link", "cve", "severity", "reportedAt"};
    }

    /**
     * Returns this advisory with the fields that a body gives; those it does not give stay.
     *
     * @throws JsonException if one holds what it may not
     */
    OwnAdvisory with(JsonObject body) {
        return new OwnAdvisory(
                id,
                packageName,
                body.has("affectedVersions") ? constraint(body.text("affectedVersions", 1_000)) : affectedVersions,
                body.has("title") ? body.text("title", 300) : title,
                body.has("link") ? link(body.findText("link", 2_000)) : link,
                body.has("cve") ? cve(body.findText("cve", 30)) : cve,
                body.has("severity") ? severity(body.findText("severity", 20)) : severity,
                body.has("reportedAt") ? time(body.text("reportedAt", 30)) : reportedAt);
    }

    private static String constraint(String text) {
        if (!Constraint.isConstraint(text)) {
            throw JsonException.unexpected(
                    "expected comparators such as >=1.2,<1.2.5|^2.0 without aliases, flags and hyphens at $.affectedVersions");
        }
        return text;
    }

    private static @Nullable String link(@Nullable String text) {
        boolean web = text == null || text.startsWith("https://") || text.startsWith("http://");
        if (!web || (text != null && text.indexOf(' ') >= 0)) {
            throw JsonException.unexpected("expected an http or https URL at $.link");
        }
        return text;
    }

    private static @Nullable String cve(@Nullable String text) {
        if (text != null && !isCve(text)) {
            throw JsonException.unexpected("expected a CVE such as CVE-2026-12345 at $.cve");
        }
        return text;
    }

    private static boolean isCve(String text) {
        for (int i = 0; i < text.length(); i++) {
            char form = i < CVE.length() ? CVE.charAt(i) : '0';
            char c = text.charAt(i);
            if (form == '0' ? c < '0' || c > '9' : c != form) {
                return false;
            }
        }
        return text.length() >= CVE.length();
    }

    private static @Nullable String severity(@Nullable String text) {
        if (text != null && !SEVERITIES.contains(text)) {
            throw JsonException.unexpected("expected " + String.join(", ", SEVERITIES) + " or null at $.severity");
        }
        return text;
    }

    private static String time(String text) {
        String time = IsoTime.normalize(text);
        if (time == null) {
            throw JsonException.unexpected("expected a UTC time such as 2026-11-24T12:00:00Z at $.reportedAt");
        }
        return time;
    }

    /** Returns the fields as Composer reads them. */
    Map<String, @Nullable Object> composer() {
        return Json.object(
                "advisoryId",
                id,
                "packageName",
                packageName.toString(),
                "affectedVersions",
                affectedVersions,
                "title",
                title,
                "cve",
                cve,
                "link",
                link,
                "reportedAt",
                reportedAt,
                "sources",
                List.of(Json.object("name", SOURCE, "remoteId", id)),
                "severity",
                severity);
    }

    /** Returns the advisory that {@link #composer} wrote. */
    static OwnAdvisory of(JsonObject body) {
        return new OwnAdvisory(
                body.text("advisoryId", 100),
                PackageName.parse(body.text("packageName", 255)),
                body.text("affectedVersions", 1_000),
                body.text("title", 300),
                body.findText("link", 2_000),
                body.findText("cve", 30),
                body.findText("severity", 20),
                body.text("reportedAt", 30));
    }
}
