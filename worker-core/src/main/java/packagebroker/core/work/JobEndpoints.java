package packagebroker.core.work;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.access.Call;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;

/** Background work over HTTP: how it is getting on. */
public final class JobEndpoints {
    private final JobStore store;

    /** Creates the endpoints. */
    public JobEndpoints(JobStore store) {
        this.store = store;
    }

    /** Lists the jobs, the longest due first: {@code GET /api/jobs}. */
    public Response list(Call call) {
        List<Object> jobs = new ArrayList<>();
        for (Job job : store.list()) {
            jobs.add(Json.object(
                    "kind",
                    job.kind(),
                    "subject",
                    job.subject(),
                    "due_at",
                    job.notBefore(),
                    "running_until",
                    job.leaseUntil(),
                    "last_run",
                    job.ranAt(),
                    "tries",
                    job.tries(),
                    "problem",
                    job.problem()));
        }
        return Response.json(200, Json.write(Json.object("jobs", jobs)));
    }
}
