package packagebroker.entry;

import packagebroker.core.port.Log;
import packagebroker.core.port.Ports;
import packagebroker.entry.adapter.Counters;
import packagebroker.entry.adapter.D1;
import packagebroker.entry.adapter.DataCenterCache;
import packagebroker.entry.adapter.FetchUpstream;
import packagebroker.entry.adapter.JsonLog;
import packagebroker.entry.adapter.R2;
import packagebroker.entry.adapter.RuntimeClock;
import packagebroker.entry.adapter.RuntimeUrls;
import packagebroker.entry.adapter.WaitUntil;
import packagebroker.entry.adapter.WebCompression;
import packagebroker.entry.adapter.WebDigests;
import packagebroker.entry.adapter.WebRandom;
import packagebroker.entry.adapter.WebSignatures;
import packagebroker.entry.adapter.WebVault;
import packagebroker.entry.js.Env;

/** The ports on Workers. */
final class Platform {
    private Platform() {}

    /** Returns the ports over a deployment's bindings; they hold nothing of any request. */
    static Ports ports(Env env) {
        Counters counters = new Counters();
        Log log = new JsonLog();
        return new Ports(
                new D1(env.getDatabase(), counters),
                new R2(env.getArtifacts(), counters),
                new FetchUpstream(counters),
                new RuntimeUrls(),
                new WebDigests(),
                new WebVault(),
                new WebSignatures(),
                new WebCompression(),
                new WebRandom(),
                new DataCenterCache(),
                new RuntimeClock(),
                new WaitUntil(log),
                log,
                counters);
    }
}
