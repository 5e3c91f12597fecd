/** What a deployment decides, apart from doing it: which secrets to make, whether keys are sound, which steps in which order. */
import { createHash, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;

/** Returns what is wrong with a key ring as one sentence, or null. */
export function keyProblem(encryptionKeys, activeKey) {
  if (encryptionKeys === undefined) return 'ACTIVE_KEY is set but ENCRYPTION_KEYS is not: set both or neither';
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
    if (ring[id].length > 44) return `the key ${id} is not base64: end it with one = at most`;
  }
  return ids.includes(activeKey) ? null : 'ACTIVE_KEY names no key of ENCRYPTION_KEYS: set it to one of its ids';
}

/**
 * Returns the secrets to upload: those that the Worker does not have yet. Keys that are there are never replaced, since what
 * they sealed could not be opened any more; for the same reason kept ones come before new ones. Keys and the id of the active
 * one belong together, and come from the same place.
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
    AUDIT_SIGNING_KEY: randomBytes(KEY_BYTES).toString('base64'),
  };
  const { ENCRYPTION_KEYS, ACTIVE_KEY } = [given, kept, made].find((source) => source.ENCRYPTION_KEYS !== undefined);
  const AUDIT_SIGNING_KEY = given.AUDIT_SIGNING_KEY ?? kept.AUDIT_SIGNING_KEY ?? made.AUDIT_SIGNING_KEY;
  return {
    ...(present.includes('SETUP_SECRET') ? {} : { SETUP_SECRET: kept.SETUP_SECRET ?? made.SETUP_SECRET }),
    ...(present.includes('ENCRYPTION_KEYS') ? {} : { ENCRYPTION_KEYS, ACTIVE_KEY }),
    ...(present.includes('AUDIT_SIGNING_KEY') ? {} : { AUDIT_SIGNING_KEY }),
  };
}

/** Returns why these secrets must not be uploaded as one sentence, or null; takes what {@link missingSecrets} took and returned. */
export function secretsProblem(present, kept, secrets) {
  if (present.includes('ENCRYPTION_KEYS') && !present.includes('ACTIVE_KEY')) {
    return 'the Worker has ENCRYPTION_KEYS but no ACTIVE_KEY: run npx wrangler secret put ACTIVE_KEY, give it the id of one of the keys, and try again';
  }
  if (secrets.ENCRYPTION_KEYS === undefined) return null;
  if (kept.ENCRYPTION_KEYS !== undefined && kept.ENCRYPTION_KEYS !== secrets.ENCRYPTION_KEYS) {
    return '.state/deploy-secrets.json holds other ENCRYPTION_KEYS, which may be their only copy: move it to a safe place and try again';
  }
  return keyProblem(secrets.ENCRYPTION_KEYS, secrets.ACTIVE_KEY);
}

/** What is asked before anything is done. */
export const CHECKS = {
  login: { title: 'Are we logged in', command: ['wrangler', 'whoami', '--json'] },
  secrets: { title: 'Is there a Worker already, and which secrets has it', command: ['wrangler', 'secret', 'list', '--format', 'json'] },
  database: { title: 'Is there a database already; asked only if there is a Worker', command: ['wrangler', 'd1', 'migrations', 'list', 'DB', '--remote'] },
  // Deploying would make the database first, and then take an account without R2 for a token without the permission.
  bucket: { title: 'Is R2 switched on; asked only the first time', command: ['wrangler', 'r2', 'bucket', 'list'] },
};

// Wrangler's own words and nothing looser: who takes another failure for "not there" makes new keys.
/** Tells whether wrangler says that there is no such Worker yet. */
export function isWorkerMissing(output) {
  return /Worker "[^"]+"[^\n]* not found\./.test(output);
}

/** Tells whether wrangler says that the database is still to be made. */
export function isDatabaseMissing(output) {
  return /Couldn't find an? (auto-provisioned )?D1 DB named/.test(output);
}

/**
 * Returns the steps in their order. The first time, deploying creates the database, so the migrations come after it; later the
 * new code must find the new tables, so they come before. `build` is what the log and the evidence pack will call the code.
 */
export function steps({ first, secrets, secretsFile, build }) {
  const upload = Object.keys(secrets).length === 0 ? [] : ['--secrets-file', secretsFile];
  const named = build === undefined ? [] : ['--var', `BUILD:${build}`];
  const deploy = { title: 'Upload the Worker', command: ['wrangler', 'deploy', ...upload, ...named] };
  const migrate = { title: 'Migrate the database', command: ['wrangler', 'd1', 'migrations', 'apply', 'DB', '--remote'] };
  return first ? [{ ...deploy, title: 'Upload the Worker; this creates the database and the bucket' }, migrate] : [migrate, deploy];
}

/** Returns what the code is called: its commit, `+` if it was changed since, and the SHA-256 of the bundle. */
export function buildName(commit, isChanged, bundle) {
  const digest = createHash('sha256').update(bundle).digest('hex');
  return `${commit || 'unknown'}${isChanged ? '+' : ''}/${digest}`;
}

/** Returns what to do about a failure of wrangler's, as one sentence. */
export function advice(output) {
  if (/enable R2|code: 10042/i.test(output)) {
    return 'R2 is not active on this account: switch it on once in the Cloudflare dashboard (R2, it asks for a payment card) and try again';
  }
  if (/database with that name already exists|bucket you tried to create already exists/i.test(output)) {
    return (
      'the name of the database or the bucket is taken by something else: choose others in wrangler.toml, database_name under [[d1_databases]] and ' +
      'bucket_name under [[r2_buckets]] (see npx wrangler d1 list and r2 bucket list), and try again'
    );
  }
  if (/More than one account/i.test(output)) return 'the login has several accounts: set CLOUDFLARE_ACCOUNT_ID to one of those above and try again';
  if (/register a workers\.dev subdomain/i.test(output)) return 'the account has no workers.dev subdomain yet: register one at the address above and try again';
  if (/code: (10000|10001|9109|9106)\]|Authentication error/i.test(output)) {
    return 'the login lacks a permission: it needs Workers Scripts, D1 and Workers R2 Storage, each to edit; log in anew or change the token, and try again';
  }
  return 'wrangler failed (above): fix what it names and run scripts/deploy again';
}

/** Returns the address that wrangler says it deployed to, or null; a domain of its own comes before Cloudflare's. */
export function deployedUrl(output) {
  const domain = output.match(/^\s*([a-z0-9.-]+) \(custom domain\b/m)?.[1];
  return domain === undefined ? (output.match(/https:\/\/[a-z0-9.-]+\.workers\.dev/)?.[0] ?? null) : `https://${domain}`;
}

/** Tells from the answer of GET /api/health whether the first token is still to be made. */
export function lacksSetup(health) {
  return health.database === 'ok, not set up yet';
}
