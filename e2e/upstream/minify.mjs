/**
 * Returns the versions as a list of differences, each to the one before, as `composer/metadata-minifier`
 * does: what is null counts as absent, and a key that a version lacks is told by "__unset".
 *
 * @see https://github.com/composer/metadata-minifier
 */
export function minify(versions) {
  let known = null;
  return versions.map((version) => {
    if (known === null) {
      known = { ...version };
      return version;
    }
    return difference(version, known);
  });
}

/** Returns the versions in full again. */
export function expand(differences) {
  const known = {};
  return differences.map((difference) => {
    for (const [key, value] of Object.entries(difference)) {
      if (value === '__unset') delete known[key];
      else known[key] = value;
    }
    return { ...known };
  });
}

/** Returns what differs, and brings `known` up to date; only keys that `known` held can come out as "__unset". */
function difference(version, known) {
  const changes = {};
  for (const [key, value] of Object.entries(version)) {
    if (isAbsent(known[key]) || JSON.stringify(known[key]) !== JSON.stringify(value)) {
      changes[key] = value;
      known[key] = value;
    }
  }
  for (const key of Object.keys(known)) {
    if (isAbsent(version[key])) {
      changes[key] = '__unset';
      delete known[key];
    }
  }
  return changes;
}

function isAbsent(value) {
  return value === undefined || value === null;
}
