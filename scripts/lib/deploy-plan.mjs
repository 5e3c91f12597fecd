/** What a deployment decides, apart from doing it: which secrets to make, whether keys are sound, which steps in which order. */
import { randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const SECRETS = ['SETUP_SECRET', 'ENCRYPTION_KEYS', 'ACTIVE_KEY'];

/** Returns what is wrong with a key ring as one sentence, or null. */
export function keyProblem(encryptionKeys, activeKey) {
  let ring;
  try {
    ring = JSON.parse(encryptionKeys);
  } catch {
    return 'ENCRYPTION_KEYS is no JSON: make it an object of key ids and base64 keys, such as {"k1":"…"}';
  }
  const ids = ring !== null && typeof ring === 'object' && !Array.isArray(ring) ? Object.keys(ring) : [];
  if (ids.length === 0) return 'ENCRYPTION_KEYS holds no key: make it an object of key ids and base64 keys, such as {"k1":"…"}';
  for (const id of ids) {
    if (!/^[a-z0-9]{1,32}$/.test(id)) return `the key id ${JSON.stringify(id)} is not of 1 to 32 lower-case letters and digits: rename it`;
    if (typeof ring[id] !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(ring[id])) return `the key ${id} is not base64: encode 32 random bytes`;
    const length = Buffer.from(ring[id], 'base64').length;
    if (length !== KEY_BYTES) return `the key ${id} has ${length} bytes and not ${KEY_BYTES}: make a new one with openssl rand -base64 32`;
  }
  return ids.includes(activeKey) ? null : 'ACTIVE_KEY names no key of ENCRYPTION_KEYS: set it to one of its ids';
}

/**
 * Returns the secrets to upload: those that the Worker does not have yet. Keys that are there are never replaced, since what
 * they sealed could not be opened any more; for the same reason kept ones come before new ones.
 *
 * @param {string[]} present names of the secrets that the Worker has
 * @param {object} given values from the environment; they win over all others
 * @param {object} kept values of an earlier deployment
 */
export function missingSecrets(present, given = {}, kept = {}) {
  const made = {
    SETUP_SECRET: randomBytes(32).toString('hex'),
    ENCRYPTION_KEYS: JSON.stringify({ k1: randomBytes(KEY_BYTES).toString('base64') }),
    ACTIVE_KEY: 'k1',
  };
  const names = SECRETS.filter((name) => !present.includes(name));
  return Object.fromEntries(names.map((name) => [name, given[name] ?? kept[name] ?? made[name]]));
}

/** Returns what is asked before anything is done: who we are, which secrets the Worker has, whether its database is there. */
export function checks() {
  return [
    { title: 'Are we logged in', command: ['wrangler', 'whoami', '--json'] },
    { title: 'Is there a Worker already, and which secrets has it', command: ['wrangler', 'secret', 'list', '--format', 'json'] },
    { title: 'Is there a database already; asked only if there is a Worker', command: ['wrangler', 'd1', 'migrations', 'list', 'DB', '--remote'] },
  ];
}

// Wrangler's own words and nothing looser: who takes another failure for "not there" makes new keys.
/** Tells whether wrangler says that there is no such Worker yet. */
export function isWorkerMissing(output) {
  return /Worker "[^"]+"[^\n]* not found\./.test(output);
}

/** Tells whether wrangler says that the database is still to be made. */
export function isDatabaseMissing(output) {
  return /Couldn't find an auto-provisioned D1 DB/.test(output);
}

/**
 * Returns the steps in their order. The first time, deploying creates the database, so the migrations come after it; later the
 * new code must find the new tables, so they come before.
 */
export function steps({ first, secrets, secretsFile }) {
  const upload = Object.keys(secrets).length === 0 ? [] : ['--secrets-file', secretsFile];
  const deploy = { title: 'Upload the Worker', command: ['wrangler', 'deploy', ...upload] };
  const migrate = { title: 'Migrate the database', command: ['wrangler', 'd1', 'migrations', 'apply', 'DB', '--remote'] };
  return first ? [{ ...deploy, title: 'Upload the Worker; this creates the database and the bucket' }, migrate] : [migrate, deploy];
}

/** Returns the address that wrangler says it deployed to, or null. */
export function deployedUrl(output) {
  return output.match(/https:\/\/[a-z0-9.-]+\.workers\.dev/)?.[0] ?? null;
}
