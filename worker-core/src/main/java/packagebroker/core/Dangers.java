package packagebroker.core;

import java.util.List;
import packagebroker.core.advisory.AdvisoryEndpoints;
import packagebroker.core.advisory.FilterEndpoints;
import packagebroker.core.advisory.OldQuestions;
import packagebroker.core.advisory.OwnAdvisoryEndpoints;
import packagebroker.core.advisory.Relay;
import packagebroker.core.advisory.Summaries;
import packagebroker.core.mirror.Mirror;
import packagebroker.core.mirror.Views;
import packagebroker.core.port.Ports;
import packagebroker.core.work.Chore;

/** The part of the graph that says what is dangerous. */
record Dangers(
        AdvisoryEndpoints advisories, OwnAdvisoryEndpoints ownAdvisories, FilterEndpoints filter, List<Chore> chores) {

    static Dangers of(Ports ports, Settings settings, Sources sources, Mirror mirror, Views views) {
        long fresh = settings.freshSeconds() * 1000L;
        Relay relay = new Relay(ports, sources.upstreams(), sources.probe(), sources.client(), fresh);
        Summaries summaries = new Summaries(ports, sources.upstreams(), sources.repository(), sources.client(), fresh);
        return new Dangers(
                new AdvisoryEndpoints(ports, relay, mirror, views),
                new OwnAdvisoryEndpoints(ports, mirror),
                new FilterEndpoints(relay, summaries, sources.upstreams(), views),
                List.of(summaries, new OldQuestions(ports)));
    }
}
