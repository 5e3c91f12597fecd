package packagebroker.core.lock;

import java.util.List;

/**
 * What the doctor says of a lock.
 *
 * @param patients all packages in their order
 * @param lock the lock as it should be
 */
record Diagnosis(List<Patient> patients, byte[] lock) {

    /** A package with what was found of it, and whether the rewritten lock has it from us. */
    record Patient(String section, String name, String version, boolean ours, List<Finding> findings) {
        /** Returns whether there is a finding of a level. */
        boolean has(Finding.Level level) {
            for (Finding finding : findings) {
                if (finding.level() == level) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Returns how many packages the rewritten lock has from us. */
    int ours() {
        int ours = 0;
        for (Patient patient : patients) {
            ours += patient.ours() ? 1 : 0;
        }
        return ours;
    }

    /** Returns how many packages have a finding of a level. */
    int count(Finding.Level level) {
        int count = 0;
        for (Patient patient : patients) {
            count += patient.has(level) ? 1 : 0;
        }
        return count;
    }
}
