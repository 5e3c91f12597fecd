package packagebroker.core.advisory;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.upstream.Features;
import packagebroker.core.upstream.Source;

/** Something that upstreams are asked about packages, in one request for many of them. */
interface Question {
    /** Returns what its answers are kept as. */
    String kind();

    /** Returns where an upstream answers it, or null if it does not. */
    @Nullable
    String findUrl(Features features);

    /** Returns whether one upstream's answer about a package makes asking the next one needless. */
    boolean endsWithAnAnswer();

    /** Returns the content type in which it is put. */
    String contentType();

    /** Returns the question about some packages, as an upstream of these features wants it. */
    byte[] put(Features features, List<String> names);

    /**
     * Returns what an answer says of each package that it knows, as JSON; of others than those asked for, nothing.
     *
     * @throws packagebroker.core.json.JsonException if it is not what was asked for
     */
    Map<String, String> read(byte[] json, Source source, List<String> names);
}
