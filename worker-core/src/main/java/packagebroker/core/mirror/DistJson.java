package packagebroker.core.mirror;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.text.Percent;

/** The {@code dist} of a version as our clients see it. */
final class DistJson {
    private DistJson() {}

    /** Appends the dist of a line: with our URL, or with the upstream's and ours as the mirror to be preferred. */
    static void append(ByteSink json, Rewriter.Task task, Advertised advertised) {
        String ours = task.target().baseUrl() + "/dist/" + task.name() + "/" + Percent.encodePath(advertised.path());
        boolean keepsUrl = keepsUrl(task, advertised);
        // Every part was vetted, so none needs an escape, but for a URL that is not ours.
        json.ascii("{\"type\":\"").ascii(type(advertised.path())).ascii("\",\"url\":");
        if (keepsUrl) {
            json.quoted(advertised.url());
        } else {
            json.ascii("\"").ascii(ours).ascii("\"");
        }
        json.ascii(",\"reference\":");
        if (advertised.reference().isEmpty()) {
            json.ascii("null");
        } else {
            json.ascii("\"").ascii(advertised.reference()).ascii("\"");
        }
        json.ascii(",\"shasum\":\"").ascii(shasum(task, advertised, keepsUrl));
        if (keepsUrl) {
            String mirror = isVariant(advertised.path()) ? ours : task.target().baseUrl() + Mirror.DIST_TEMPLATE;
            json.ascii("\",\"mirrors\":[{\"url\":\"").ascii(mirror).ascii("\",\"preferred\":true}]}");
        } else {
            json.ascii("\"}");
        }
    }

    /** Returns the SHA-1: the stated one, else that of the stored bytes, unless somebody else's bytes may come in their place. */
    private static String shasum(Rewriter.Task task, Advertised advertised, boolean keepsUrl) {
        boolean stated = !advertised.shasum().isEmpty() || keepsUrl;
        return stated ? advertised.shasum() : task.stored().getOrDefault(advertised.path(), "");
    }

    private static String type(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    private static boolean isVariant(String path) {
        return path.indexOf('v', path.lastIndexOf("/r") + 2) >= 0;
    }

    /** Returns whether the upstream's URL stays: in mode mirror, unless it holds a user or a password. */
    static boolean keepsUrl(Rewriter.Task task, Advertised advertised) {
        String url = advertised.url();
        int host = url.indexOf("://") + 3;
        int slash = url.indexOf('/', host);
        int user = url.indexOf('@', host);
        return task.target().mirror() && (user < 0 || (slash >= 0 && slash < user));
    }

    /** Returns the line that a dist was written from, or null. */
    static @Nullable Advertised find(AdvertisedFile lines, String normalized, @Nullable JsonSlice dist) {
        Map<String, JsonSlice> fields = dist == null ? null : dist.findFields();
        JsonSlice url = fields == null ? null : fields.get("url");
        String text = url == null ? null : url.findText();
        Advertised found = null;
        if (text != null) {
            for (Advertised line : lines.findAll(normalized)) {
                boolean ours = text.endsWith("/" + Percent.encodePath(line.path()));
                found = ours || text.equals(line.url()) ? line : found;
            }
        }
        return found;
    }
}
