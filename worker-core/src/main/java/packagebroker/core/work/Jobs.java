package packagebroker.core.work;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Clock;
import packagebroker.core.port.Log;
import packagebroker.core.port.Statement;

/**
 * Does a few steps of what is due, the longest due first. All together stay within what the smallest plan grants a run: a
 * Worker cannot see its CPU time, so steps are bounded by counts. A job is leased while its step runs, so two runs at once do
 * nothing twice; one whose step was cut off is taken over when the lease ends.
 */
public final class Jobs {
    /** What one run may cost; the smallest plan grants 50 of each. */
    static final Chore.Cost RUN = new Chore.Cost(40, 40);

    private static final long LEASE_MILLIS = 300_000;
    private static final long RETRY_MILLIS = 60_000;
    private static final long MAX_RETRY_MILLIS = 900_000;
    private static final int MAX_CHANGES = 5;
    private static final int PLAN_QUERIES = 3;
    private static final int JOB_QUERIES = 2;

    private final JobStore store;
    private final List<Chore> chores;
    private final Clock clock;
    private final Log log;
    private final Function<RuntimeException, String> words;

    /** Creates them over the chores of the rooms; {@code words} says a failure in a word. */
    public Jobs(JobStore store, List<Chore> chores, Clock clock, Log log, Function<RuntimeException, String> words) {
        this.store = store;
        this.chores = chores;
        this.clock = clock;
        this.log = log;
        this.words = words;
    }

    /** Does what is due, as far as one run may go. */
    public void run() {
        JobStore.Plan plan = store.plan();
        String baseUrl = plan.baseUrl();
        if (baseUrl == null) {
            return;
        }
        long now = clock.millis();
        Budget budget = new Budget(RUN.queries() - PLAN_QUERIES - seed(plan.jobs(), now), RUN.requests());
        // What is urgent may have half of a run before all others, and so starves none of them.
        Budget first = new Budget(budget.queries / 2, budget.requests / 2);
        for (Job job : plan.jobs()) {
            Chore chore = find(job.kind());
            if (chore != null && chore.isUrgent() && job.isDue(now) && first.affords(chore.cost())) {
                first.spend(chore.cost());
                budget.spend(chore.cost());
                step(chore, job, baseUrl);
            }
        }
        for (Job job : plan.jobs()) {
            Chore chore = find(job.kind());
            if (chore != null && !chore.isUrgent() && job.isDue(now) && budget.affords(chore.cost())) {
                budget.spend(chore.cost());
                step(chore, job, baseUrl);
            }
        }
    }

    /** What is left of a run. */
    private static final class Budget {
        private int queries;
        private int requests;

        Budget(int queries, int requests) {
            this.queries = queries;
            this.requests = requests;
        }

        boolean affords(Chore.Cost cost) {
            return cost.queries() + JOB_QUERIES <= queries && cost.requests() <= requests;
        }

        void spend(Chore.Cost cost) {
            queries -= cost.queries() + JOB_QUERIES;
            requests -= cost.requests();
        }
    }

    private @Nullable Chore find(String kind) {
        for (Chore chore : chores) {
            if (chore.kind().equals(kind)) {
                return chore;
            }
        }
        return null;
    }

    /**
     * Makes jobs for what has none, and forgets those whose subject is gone, a few at a time. Jobs of a kind that is unknown
     * here belong to a newer version of this code and are left alone.
     *
     * @return how many statements that took
     */
    private int seed(List<Job> jobs, long now) {
        List<Job> old = new ArrayList<>(jobs);
        List<Statement> changes = new ArrayList<>();
        for (Chore chore : chores) {
            for (String subject : chore.subjects()) {
                if (!old.removeIf(job -> job.isFor(chore.kind(), subject)) && changes.size() < MAX_CHANGES) {
                    changes.add(JobStore.creation(chore.kind(), subject, now));
                }
            }
        }
        for (Job job : old) {
            if (find(job.kind()) != null && changes.size() < MAX_CHANGES) {
                changes.add(JobStore.deletion(job));
            }
        }
        if (!changes.isEmpty()) {
            store.change(changes);
        }
        return changes.size();
    }

    private void step(Chore chore, Job job, String baseUrl) {
        long now = clock.millis();
        long until = now + LEASE_MILLIS;
        if (!store.take(job, until)) {
            return;
        }
        String name = job.subject().isEmpty() ? job.kind() : job.kind() + " " + job.subject();
        try {
            Turn turn = new Turn(job.subject(), job.cursor(), baseUrl, Turn.cause("job " + name, now));
            store.succeed(job, until, now, chore.step(turn));
        } catch (RuntimeException e) {
            log.failure("job.failed", e, "job", name);
            store.fail(job, until, clock.millis() + pause(job.tries()), words.apply(e));
        }
    }

    /** Returns how long to leave a job alone that has failed {@code before} times already: twice as long each time. */
    private static long pause(int before) {
        return Math.min(MAX_RETRY_MILLIS, RETRY_MILLIS << Math.min(before, 10));
    }
}
