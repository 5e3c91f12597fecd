package packagebroker.core.lock;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.composer.Limits;
import packagebroker.core.composer.PackageName;
import packagebroker.core.mirror.Survey;
import packagebroker.core.mirror.Survey.Sighting;
import packagebroker.core.mirror.Survey.Subject;

/** Compares a lock with what we have, and writes it anew so that what can come from us does, and nothing else. */
final class LockDoctor {
    private final Survey survey;

    LockDoctor(Survey survey) {
        this.survey = survey;
    }

    /**
     * Examines a lock.
     *
     * @param visible the packages that exist for whoever asks
     * @param limits what of these is open to him
     */
    Diagnosis examine(LockFile lock, Predicate<PackageName> visible, Limits limits, String baseUrl, AuditEvent cause) {
        List<@Nullable Subject> subjects = new ArrayList<>();
        List<Subject> asked = new ArrayList<>();
        for (LockedPackage each : lock.packages()) {
            Subject subject = each.isRemote() ? each.subject() : null;
            boolean exists = subject != null && visible.test(subject.name());
            subjects.add(exists ? subject : null);
            if (subject != null && exists) {
                asked.add(subject);
            }
        }
        Iterator<Sighting> sightings =
                survey.look(asked, limits, baseUrl, cause).iterator();
        Splices splices = new Splices(lock.json());
        List<Diagnosis.Patient> patients = new ArrayList<>();
        for (int i = 0; i < subjects.size(); i++) {
            Subject subject = subjects.get(i);
            Treatment treatment = new Treatment(lock.packages().get(i), baseUrl, splices);
            patients.add(treatment.of(subject, subject == null ? null : sightings.next()));
        }
        return new Diagnosis(patients, splices.applied());
    }
}
