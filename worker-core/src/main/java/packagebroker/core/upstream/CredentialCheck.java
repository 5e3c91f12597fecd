package packagebroker.core.upstream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonException;
import packagebroker.core.port.Random;
import packagebroker.core.port.Row;
import packagebroker.core.secrets.Safe;
import packagebroker.core.text.Hex;
import packagebroker.core.text.IsoTime;
import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/**
 * Tries the credential of each upstream once a day, and once an hour while it fails, so that somebody learns that it was
 * refused, or will expire, before an install does.
 */
public final class CredentialCheck implements Chore {
    static final String KIND = "credential";

    private static final long HOUR_MILLIS = 3_600_000;
    private static final long DAY_MILLIS = 24 * HOUR_MILLIS;
    private static final long WARN_MILLIS = 14 * DAY_MILLIS;
    private static final String GITLAB = "/api/v4/";
    private static final Headers ACCEPT = Headers.of("accept", "application/json");

    private final UpstreamStore sources;
    private final CredentialStore store;
    private final UpstreamClient client;
    private final Probe probe;
    private final Random random;

    /** Creates the chore. */
    public CredentialCheck(
            UpstreamStore sources, CredentialStore store, UpstreamClient client, Probe probe, Random random) {
        this.sources = sources;
        this.store = store;
        this.client = client;
        this.probe = probe;
        this.random = random;
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** Returns the ids of the enabled upstreams that have a credential. */
    @Override
    public List<String> subjects() {
        List<String> ids = new ArrayList<>();
        for (Source source : sources.sources()) {
            if (source.credential() != null) {
                ids.add(source.id());
            }
        }
        return ids;
    }

    @Override
    public Cost cost() {
        return new Cost(12, 8);
    }

    /** Tries one credential. */
    @Override
    public Progress step(Turn turn) {
        Source source = sources.find(turn.subject());
        Row row = store.find(turn.subject());
        if (source == null || row == null) {
            return new Progress("", DAY_MILLIS);
        }
        String problem = "";
        long seen = -1;
        try {
            seen = expiry(source);
            probe.test(source);
        } catch (UpstreamException e) {
            problem = e.kind().word();
        } catch (Safe.Locked e) {
            problem = "locked";
        }
        CredentialStore.Trial trial = new CredentialStore.Trial(source.id(), row.number("changed_at"), seen, problem);
        long expiresAt = sooner(row.number("expires_at"), seen < 0 ? row.number("seen_expires_at") : seen);
        store.record(trial, doubts(source, trial, expiresAt, turn.now()), Hex.of(random.bytes(8)), turn.cause());
        return new Progress("", problem.isEmpty() ? DAY_MILLIS : HOUR_MILLIS);
    }

    /** Returns all that may be wrong with a credential; what another failure says nothing about is left out. */
    private static List<CredentialStore.Doubt> doubts(
            Source source, CredentialStore.Trial trial, long expiresAt, long now) {
        String name = "upstream " + source.name() + " (" + source.id() + ")";
        String problem = trial.problem();
        List<CredentialStore.Doubt> doubts = new ArrayList<>();
        if (problem.isEmpty() || problem.equals("denied")) {
            doubts.add(new CredentialStore.Doubt("denied", problem.isEmpty() ? "" : name + " refuses its credential"));
        }
        boolean locked = problem.equals("locked");
        doubts.add(new CredentialStore.Doubt(
                "locked",
                locked ? "the credential of " + name + " cannot be opened with the keys of this instance" : ""));
        boolean ends = expiresAt > 0 && expiresAt < now + WARN_MILLIS;
        doubts.add(new CredentialStore.Doubt(
                "expires", ends ? "the credential of " + name + " expires at " + IsoTime.of(expiresAt) : ""));
        return doubts;
    }

    private static long sooner(long one, long other) {
        return one == 0 ? other : other == 0 ? one : Math.min(one, other);
    }

    /** Returns when the upstream says that the credential expires, or 0: GitHub in a header of each answer, GitLab if asked. */
    private long expiry(Source source) {
        if (source.isComposer() || source.kind().equals("github")) {
            String page = source.isComposer() ? "/packages.json" : "/rate_limit";
            Response response = client.get(source, source.url() + page, ACCEPT, client.metadata());
            response.body().cancel();
            String header = response.findHeader("github-authentication-token-expiration");
            if (header != null) {
                return time(header);
            }
        }
        int api = (source.url() + "/").indexOf(GITLAB);
        return api < 0 ? 0 : gitLabExpiry(source, source.url().substring(0, api));
    }

    private long gitLabExpiry(Source source, String instance) {
        try {
            Response token =
                    client.get(source, instance + GITLAB + "personal_access_tokens/self", ACCEPT, client.metadata());
            byte[] json = token.body().bytes(100_000);
            return token.status() == 200 ? time(Json.read(json).findText("expires_at", 40)) : 0;
        } catch (UpstreamException | TransferException | JsonException e) {
            // Not every credential may ask about itself: then nobody knows.
            return 0;
        }
    }

    /** Returns the milliseconds of a time, whose zone does not matter here, or 0. */
    private static long time(@Nullable String text) {
        String time = text == null ? null : IsoTime.normalize(text.length() > 19 ? text.substring(0, 19) : text);
        return time == null ? 0 : IsoTime.millis(time);
    }
}
