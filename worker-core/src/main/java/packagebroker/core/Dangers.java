package packagebroker.core;

import java.util.List;
import packagebroker.core.advisory.AdvisoryEndpoints;
import packagebroker.core.advisory.OldQuestions;
import packagebroker.core.advisory.OwnAdvisoryEndpoints;
import packagebroker.core.advisory.Relay;
import packagebroker.core.mirror.Mirror;
import packagebroker.core.port.Ports;
import packagebroker.core.work.Chore;

/** The part of the graph that says what is dangerous. */
record Dangers(AdvisoryEndpoints advisories, OwnAdvisoryEndpoints ownAdvisories, List<Chore> chores) {

    static Dangers of(Ports ports, Settings settings, Sources sources, Mirror mirror) {
        long fresh = settings.freshSeconds() * 1000L;
        Relay relay = new Relay(ports, sources.upstreams(), sources.probe(), sources.client(), fresh);
        return new Dangers(
                new AdvisoryEndpoints(ports, relay, mirror),
                new OwnAdvisoryEndpoints(ports, mirror),
                List.of(new OldQuestions(ports)));
    }
}
