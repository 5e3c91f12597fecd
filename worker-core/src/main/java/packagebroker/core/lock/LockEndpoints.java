package packagebroker.core.lock;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.access.ApiBody;
import packagebroker.core.access.Call;
import packagebroker.core.audit.Action;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonException;
import packagebroker.core.lock.Diagnosis.Patient;
import packagebroker.core.lock.Finding.Level;
import packagebroker.core.mirror.Survey;

/** The lock doctor over HTTP. */
public final class LockEndpoints {
    private static final int MAX_LOCK = 8_000_000;

    private final LockDoctor doctor;

    /** Creates the endpoints. */
    public LockEndpoints(Survey survey) {
        this.doctor = new LockDoctor(survey);
    }

    /** Examines a lock and writes it anew: {@code POST /api/lock}. */
    public Response examine(Call call) {
        byte[] sent = ApiBody.bytes(call, MAX_LOCK);
        Diagnosis diagnosis;
        try {
            diagnosis = doctor.examine(
                    LockFile.read(sent),
                    call.principal()::maySee,
                    call.principal().limits(),
                    call.principal().baseUrl(),
                    call.event(Action.CHECK_LOCK, 200));
        } catch (JsonException e) {
            throw ApiBody.refusal(e);
        }
        ByteSink json = new ByteSink(diagnosis.lock().length + 4_096);
        json.ascii("{\"summary\":").text(Json.write(summary(diagnosis)));
        json.ascii(",\"report\":").text(Json.write(report(diagnosis)));
        json.ascii(",\"lock\":").quotedUtf8(diagnosis.lock()).ascii("}");
        return new Response(
                200,
                Headers.of("content-type", Response.JSON, "cache-control", "private, no-store"),
                Body.of(json.toBytes()));
    }

    private static Object summary(Diagnosis diagnosis) {
        return Json.object(
                "packages", diagnosis.patients().size(),
                "ours", diagnosis.ours(),
                "fixed", diagnosis.count(Level.FIXED),
                "attention", diagnosis.count(Level.ATTENTION),
                "unchecked", diagnosis.count(Level.UNCHECKED));
    }

    private static Object report(Diagnosis diagnosis) {
        List<Object> report = new ArrayList<>();
        for (Patient patient : diagnosis.patients()) {
            List<Object> findings = new ArrayList<>();
            for (Finding finding : patient.findings()) {
                findings.add(Json.object(
                        "code", finding.code(), "level", finding.level().word(), "text", finding.text()));
            }
            if (!findings.isEmpty()) {
                report.add(Json.object(
                        "package", patient.name(),
                        "version", patient.version(),
                        "section", patient.section(),
                        "ours", patient.ours(),
                        "findings", findings));
            }
        }
        return report;
    }
}
