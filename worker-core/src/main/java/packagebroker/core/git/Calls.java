package packagebroker.core.git;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

/** The requests of one step to one host: counted, and none more once the host grants little more. */
final class Calls {
    private static final int MAX_JSON = 4_000_000;

    private final UpstreamClient client;
    private final Source source;
    private final Headers headers;
    private final long now;
    private int left;
    private long pauseMillis;

    /** Creates the calls of a step that may make {@code left} of them; each is sent with {@code headers}. */
    Calls(UpstreamClient client, Source source, Headers headers, long now, int left) {
        this.client = client;
        this.source = source;
        this.headers = headers;
        this.now = now;
        this.left = left;
    }

    /** An answer that has arrived. */
    record Answer(Response response, byte[] bytes) {
        /** Returns the value of a header field, or an empty text. */
        String header(String name) {
            String value = response.findHeader(name);
            return value == null ? "" : value;
        }
    }

    /** Returns the host's API, without a slash at its end. */
    String base() {
        return source.url();
    }

    /** Returns whether so many more may be made in this step. */
    boolean affords(int requests) {
        return requests <= left && pauseMillis == 0;
    }

    /** Returns how long the host is to be left alone, or 0. */
    long pauseMillis() {
        return pauseMillis;
    }

    /** Returns a text fit to be the value in a query. */
    static String query(String text) {
        String path = Percent.encodePath(text);
        return path.indexOf('+') < 0 ? path : String.join("%2B", Words.separated(path, '+'));
    }

    /**
     * Gets a file.
     *
     * @param accept the media type to ask for
     * @return null where there is none
     */
    byte @Nullable [] file(String path, String accept) {
        Answer answer = get(path, accept, "", Release.MAX_BYTES);
        return answer == null ? null : answer.bytes();
    }

    /**
     * Gets JSON, safe to be cut into slices.
     *
     * @param etag that of an answer that is known, or empty
     * @return null where there is none; without bytes if it is the known one
     */
    @Nullable
    Answer json(String path, String accept, String etag) {
        Answer answer = get(path, accept, etag, MAX_JSON);
        if (answer != null) {
            try {
                JsonText.clean(answer.bytes());
            } catch (JsonException e) {
                throw untrusted();
            }
        }
        return answer;
    }

    private @Nullable Answer get(String path, String accept, String etag, int limit) {
        left--;
        Headers sent = headers.with("accept", accept).with("accept-encoding", "gzip");
        String url = path.startsWith("/") ? base() + path : path;
        Response response =
                client.get(source, url, etag.isEmpty() ? sent : sent.with("if-none-match", etag), client.metadata());
        pauseMillis = Math.max(pauseMillis, Quota.pauseMillis(response.headers(), now));
        if (response.status() != 200) {
            response.body().cancel();
            return response.status() == 304 ? new Answer(response, new byte[0]) : null;
        }
        try {
            return new Answer(response, response.body().bytes(limit));
        } catch (TransferException e) {
            throw UpstreamClient.failure(source, e);
        }
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
            Map<String, JsonSlice> fields = value == null ? null : value.findFields();
            return new Fields(fields == null ? Map.of() : fields);
        }
    }

    /** Returns the fields of an answer that is an object. */
    Fields object(Answer answer) {
        try {
            return new Fields(JsonSlice.fieldsOf(answer.bytes()));
        } catch (JsonException e) {
            throw untrusted();
        }
    }

    /**
     * Returns the fields of each object in an answer that is a list of them.
     *
     * @param inner the key of an object in each whose fields will be wanted, too
     */
    List<Fields> list(Answer answer, String inner) {
        return list(JsonSlice.of(answer.bytes()), inner);
    }

    /** Returns the same of a list within an answer; none where there is no list. */
    List<Fields> list(@Nullable JsonSlice json, String inner) {
        List<Fields> list = new ArrayList<>();
        try {
            JsonCursor cursor = json == null || !json.isArray() ? null : json.cursor();
            if (cursor == null) {
                throw untrusted();
            }
            cursor.enter();
            while (cursor.nextElement()) {
                Map<String, JsonSlice> fields = cursor.atObject() ? cursor.fields(inner) : null;
                if (fields == null) {
                    throw untrusted();
                }
                list.add(new Fields(fields));
            }
            return list;
        } catch (JsonException e) {
            throw untrusted();
        }
    }

    /**
     * Returns the URL of the following page, or an empty text: {@code Link: <https://…?page=2>; rel="next"} (RFC 8288). One that
     * leads out of the API is not followed.
     */
    String nextLink(Answer answer) {
        String link = answer.header("link");
        int rel = link.indexOf("rel=\"next\"");
        int open = rel < 0 ? -1 : link.lastIndexOf('<', rel);
        int close = open < 0 ? -1 : link.indexOf('>', open);
        if (close < 0 || close > rel) {
            return "";
        }
        String next = link.substring(open + 1, close);
        if (!next.startsWith(base() + "/")) {
            throw untrusted();
        }
        return next;
    }
}
