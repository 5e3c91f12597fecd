package packagebroker.core.git;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.json.JsonText;
import packagebroker.core.release.Release;
import packagebroker.core.text.Percent;
import packagebroker.core.text.Words;
import packagebroker.core.upstream.Quota;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamClient;
import packagebroker.core.upstream.UpstreamException;
import packagebroker.core.upstream.UpstreamException.Kind;

/**
 * The requests of one step to one host: counted, and none more once the host grants little more or fails. What fails is null, and
 * remembered: so nobody above has to catch anything, and what was read before is kept.
 */
final class Calls {
    private static final int MAX_JSON = 4_000_000;

    private final UpstreamClient client;
    private final Source source;
    private final Headers fields;
    private final long now;
    private int left;
    private long pauseMillis;
    private boolean unchanged;
    private Headers last = Headers.of();
    private @Nullable UpstreamException failure;

    /** Creates the calls of a step that may make {@code left} of them; each is sent with {@code fields}. */
    Calls(UpstreamClient client, Source source, Headers fields, long now, int left) {
        this.client = client;
        this.source = source;
        this.fields = fields;
        this.now = now;
        this.left = left;
    }

    /** Returns the host's API, without a slash at its end. */
    String base() {
        return source.url();
    }

    /** Returns when the step began, ms since 1970. */
    long now() {
        return now;
    }

    /** Returns whether so many more may be made in this step. */
    boolean affords(int requests) {
        return requests <= left && pauseMillis == 0 && !isDown();
    }

    /** Returns how long the host is to be left alone, or 0. */
    long pauseMillis() {
        return pauseMillis;
    }

    /** Returns why the last call came to nothing; null if it did not, or if there is just nothing there. */
    @Nullable
    UpstreamException failure() {
        return failure;
    }

    /** Returns whether the last call failed because the whole host does: it is not to be blamed on what was asked for. */
    boolean isDown() {
        return failure != null
                && switch (failure.kind()) {
                    case UNREACHABLE, TIMEOUT, FAILING, FROZEN -> true;
                    case DENIED, UNTRUSTED, OVER_LIMIT, GONE -> false;
                };
    }

    /** Returns whether the last answer was that nothing has changed. */
    boolean isUnchanged() {
        return unchanged;
    }

    /** Returns a header field of the last answer, or an empty text. */
    String header(String name) {
        String value = last.find(name);
        return value == null ? "" : value;
    }

    /** Returns a text fit to be the value in a query. */
    static String query(String text) {
        return String.join("%2B", Words.separated(Percent.encodePath(text), '+'));
    }

    /** Gets a file; {@code accept} is the media type to ask for. */
    byte @Nullable [] file(String path, String accept) {
        return get(path, accept, "", Release.MAX_BYTES);
    }

    /** Gets an object; {@code etag} is that of the answer that is known, or empty. */
    @Nullable
    Fields object(String path, String accept, String etag) {
        byte[] json = get(path, accept, etag, MAX_JSON);
        return json == null ? null : object(json);
    }

    private @Nullable Fields object(byte[] json) {
        try {
            return new Fields(JsonSlice.fieldsOf(JsonText.clean(json)));
        } catch (JsonException e) {
            failure = untrusted();
            return null;
        }
    }

    /**
     * Gets a page of a list of objects.
     *
     * @param inner the key of an object in each whose fields will be wanted, too
     * @param read makes an item of an object
     */
    <T> GitHost.@Nullable Page<T> page(String path, String accept, String inner, Function<Fields, T> read) {
        byte[] json = get(path, accept, "", MAX_JSON);
        return json == null ? null : page(json, inner, read);
    }

    private <T> GitHost.@Nullable Page<T> page(byte[] json, String inner, Function<Fields, T> read) {
        List<T> items = new ArrayList<>();
        try {
            JsonCursor cursor = JsonSlice.of(JsonText.clean(json)).cursor();
            if (!cursor.atArray()) {
                throw JsonException.unexpected("expected a list");
            }
            cursor.enter();
            while (cursor.nextElement()) {
                Map<String, JsonSlice> object = cursor.atObject() ? cursor.fields(inner) : null;
                if (object == null) {
                    throw JsonException.unexpected("expected objects");
                }
                items.add(read.apply(new Fields(object)));
            }
            return new GitHost.Page<>(items, next());
        } catch (JsonException e) {
            failure = untrusted();
            return null;
        }
    }

    /**
     * Returns where the list goes on after the last answer, or an empty text: {@code X-Next-Page: 2}, or
     * {@code Link: <https://…?page=2>; rel="next"} (RFC 8288).
     *
     * @throws JsonException if that leads out of the API: a list must not end there
     */
    private String next() {
        String link = header("link");
        int rel = link.indexOf("rel=\"next\"");
        if (rel < 0) {
            return header("x-next-page");
        }
        int open = link.lastIndexOf('<', rel);
        int close = link.indexOf('>', open);
        String next = open < 0 || close < 0 || close > rel ? "" : link.substring(open + 1, close);
        if (!next.startsWith(base() + "/")) {
            throw JsonException.unexpected("expected a page of the API");
        }
        return next;
    }

    private byte @Nullable [] get(String path, String accept, String etag, int limit) {
        left--;
        failure = null;
        unchanged = false;
        Headers sent = fields.with("accept", accept).with("accept-encoding", "gzip");
        try {
            return received(
                    client.get(
                            source,
                            path.startsWith("/") ? base() + path : path,
                            etag.isEmpty() ? sent : sent.with("if-none-match", etag),
                            client.metadata()),
                    limit);
        } catch (UpstreamException e) {
            failure = e;
            pauseMillis = Math.max(pauseMillis, e.pauseMillis());
        } catch (TransferException e) {
            failure = UpstreamClient.failure(source, e);
        }
        return null;
    }

    private byte @Nullable [] received(Response response, int limit) {
        last = response.headers();
        pauseMillis = Math.max(pauseMillis, Quota.pauseMillis(last, now));
        unchanged = response.status() == 304;
        if (response.status() == 200) {
            return response.body().bytes(limit);
        }
        response.body().cancel();
        return null;
    }

    private UpstreamException untrusted() {
        return new UpstreamException(
                Kind.UNTRUSTED, "upstream " + source.name() + " answered with something else than was expected of it");
    }

    /** The fields of an object; what is not there, or of another kind, is empty. */
    record Fields(Map<String, JsonSlice> values) {
        /** Returns a text, or an empty one. */
        String text(String name) {
            JsonSlice value = values.get(name);
            String text = value == null ? null : value.findText();
            return text == null ? "" : text;
        }

        /** Returns a number of at most 15 digits as text, or an empty one. */
        String number(String name) {
            JsonSlice value = values.get(name);
            long number = value == null ? -1 : value.findNumber();
            return number < 0 ? "" : "" + number;
        }

        /** Returns whether a field is true. */
        boolean flag(String name) {
            JsonSlice value = values.get(name);
            return value != null && value.is("true");
        }

        /** Returns the fields of an object. */
        Fields object(String name) {
            JsonSlice value = values.get(name);
            Map<String, JsonSlice> object = value == null ? null : value.findFields();
            return new Fields(object == null ? Map.of() : object);
        }
    }
}
