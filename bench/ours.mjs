/** Our Worker as the bench uses it: started from its build, set up through its own API, asked for its counters. */
import { existsSync, readFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { unstable_getMiniflareWorkerOptions as workerOptions } from 'wrangler';
import { migrate } from '../e2e/workerd.mjs';
import { freePort } from '../e2e/wrangler-dev.mjs';
import { start } from './workers.mjs';

const SETUP_SECRET = 'bench-setup-secret-0123456789abcdef';
const SECRETS = {
  SETUP_SECRET,
  ENCRYPTION_KEYS: JSON.stringify({ k1: Buffer.alloc(32, 7).toString('base64') }),
  ACTIVE_KEY: 'k1',
  AUDIT_SIGNING_KEY: Buffer.alloc(32, 8).toString('base64'),
};
const NOTHING_GOES_STALE = String(7 * 24 * 3600);
const CALM = { AUTH_CACHE_SECONDS: '0', META_CACHE_SECONDS: '0' };
const MANY_FORGED = { AUTH_FAILURES_PER_MINUTE: '0' }; // a refusal is measured as such, not as the one that says to wait
const CLIENT = { 'accept-encoding': 'identity', 'cf-connecting-ip': '192.0.2.1' }; // the edge always names the client
export const FORGED = `pkbr_${'0A9zKq'.repeat(8).slice(0, 43)}ZZZZZZ`;

/** Returns the path of the built Worker, or throws saying how to build it. */
export function built(root) {
  const config = join(root, 'wrangler.toml');
  if (!existsSync(config)) {
    throw new Error('wrangler.toml does not exist yet');
  }
  const script = join(root, 'build/out', `${parse(workerOptions(config).main).name}.js`);
  if (!existsSync(script)) {
    throw new Error(`no built Worker: run npx wrangler deploy --dry-run --outdir build/out`);
  }
  return script;
}

/**
 * Starts our Worker on an empty state folder, with an upstream and a read token. Burst keeps the product's default caches,
 * calm switches them off. `restart()` gives the same installation in a fresh process.
 */
export async function startOurs(root, { state, upstream, calm = false }) {
  const script = built(root);
  const port = await freePort();
  const { assets, ...options } = workerOptions(join(root, 'wrangler.toml')).workerOptions; // assets never reach the Worker, nor its bill
  const vars = { BASE_URL: `http://127.0.0.1:${port}`, UPSTREAM_ALLOW: upstream, FRESH_SECONDS: NOTHING_GOES_STALE, PACKAGIST_URL: 'off', ...MANY_FORGED, ...(calm && CALM) };
  const launch = () => start(script, { ...options, bindings: { ...options.bindings, ...vars, ...SECRETS }, state, port });
  const worker = await launch();
  try {
    await migrate(await worker.database(), join(root, 'schema'));
    const api = (token, path, body) => post(worker.origin + path, token, body);
    const admin = (await api(undefined, '/api/setup', { secret: SETUP_SECRET, base_url: worker.origin })).token;
    await api(admin, '/api/upstreams', {
      name: 'bench',
      url: upstream,
      priority: 10,
      patterns: ['*'],
      exclusive: false,
      auth: { type: 'none' },
    });
    const reader = (await api(admin, '/api/tokens', { name: 'bench', kind: 'read', patterns: ['*'], expires_in_days: 90 })).token;
    const tokens = { admin, reader };
    return installation(worker, tokens, async () => installation(await launch(), tokens));
  } catch (error) {
    await worker.stop();
    throw new Error(`${error.message}${worker.logs.length > 0 ? `; the Worker logged: ${worker.logs[0]}` : ''}`, { cause: error });
  }
}

function installation(worker, { admin, reader }, restart) {
  const headers = { ...CLIENT, authorization: basic(reader) };
  return {
    ...worker,
    headers,
    restart,
    get: (path, more = {}, status = 200) => get(worker.origin + path, { ...headers, ...more }, status),
    counters: async () => {
      const health = JSON.parse((await get(`${worker.origin}/api/health/details`, { ...CLIENT, authorization: basic(admin) }, 200)).body);
      if (health.counters === undefined) {
        throw new Error('/api/health/details has no counters');
      }
      return health.counters;
    },
  };
}

/** Returns the path of the newest version's dist in a served p2 document. */
export function distPath(name, p2) {
  const url = JSON.parse(p2).packages?.[name]?.[0]?.dist?.url;
  if (url === undefined) {
    throw new Error(`the served document of ${name} has no dist url in its first version`);
  }
  return new URL(url).pathname;
}

export const basic = (token) => `Basic ${Buffer.from(`bench:${token}`).toString('base64')}`;

/** Answers `{ status, headers, body }` and throws on any other status than the expected one. */
export async function get(url, headers, status) {
  const response = await fetch(url, { headers });
  const body = Buffer.from(await response.arrayBuffer());
  if (response.status !== status) {
    throw new Error(`expected ${status} but got ${response.status} from GET ${new URL(url).pathname}: ${excerpt(body)}`);
  }
  return { status, headers: Object.fromEntries(response.headers), body };
}

async function post(url, token, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...CLIENT, 'content-type': 'application/json', ...(token !== undefined && { authorization: basic(token) }) },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (response.status !== 201) {
    throw new Error(`expected 201 but got ${response.status} from POST ${new URL(url).pathname}: ${excerpt(text)}`);
  }
  return JSON.parse(text);
}

const excerpt = (body) => String(body).slice(0, 200);

/** Raw and gzipped size of the built Worker. */
export function bundle(root, gzip) {
  const bytes = readFileSync(built(root));
  return { raw: bytes.length, gzipped: gzip(bytes).length };
}
