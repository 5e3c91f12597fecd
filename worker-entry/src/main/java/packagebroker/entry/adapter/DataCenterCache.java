package packagebroker.entry.adapter;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.typedarrays.Uint8Array;
import packagebroker.core.http.Body;
import packagebroker.core.port.EdgeCache;
import packagebroker.entry.js.Cache;
import packagebroker.entry.js.Plain;
import packagebroker.entry.js.Response;

/** The Cache API. A cache that fails must never fail a request, so whatever it throws is a miss. */
public final class DataCenterCache implements EdgeCache {
    // No request from outside can have this host: .invalid never resolves.
    private static final String HOST = "https://package-broker.invalid/";

    /** Creates one. */
    public DataCenterCache() {}

    @Override
    public @Nullable Body find(String key) {
        try {
            Response kept = Promises.find(Cache.match(HOST + key));
            return kept == null ? null : new PieceBody(new Uint8Array(Promises.await(kept.arrayBuffer())));
        } catch (JsException e) {
            return null;
        }
    }

    @Override
    public void keep(String key, Body piece, int seconds) {
        Plain headers = Plain.create();
        headers.set("cache-control", "public, max-age=" + seconds);
        try {
            Promises.done(Cache.put(HOST + key, Response.create(Pieces.view(piece), 200, headers)));
        } catch (JsException e) {
            // What was not kept will be a miss.
        }
    }
}
