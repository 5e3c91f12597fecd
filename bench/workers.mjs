/**
 * Starts Workers in workerd, each in a process of its own, and says which process that is.
 *
 * wrangler's test harness puts a proxy process, an entry Worker and a trace collector before the Worker (0.3 to 0.9 ms of
 * CPU a request, measured); that would hide what is to be measured. So the same Miniflare is started with a direct socket:
 * the process holds the Worker and the D1 and R2 simulators it calls, and nothing stands before it.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import { unstable_splitSqlQuery as splitSql } from 'wrangler';

const { Miniflare, convertV4MiniflareOptions, Log, LogLevel } = createRequire(import.meta.resolve('wrangler'))('miniflare');

export const COMPATIBILITY = {
  compatibilityDate: '2026-10-23',
  compatibilityFlags: ['no_nodejs_compat', 'no_nodejs_compat_v2', 'global_fetch_strictly_public'],
};
export const STORAGE = { d1Databases: { DB: 'DB' }, r2Buckets: { ARTIFACTS: 'ARTIFACTS' } };

/**
 * Starts one Worker and returns `{ url, pid, database, logs, stop }`. `options` are Miniflare's for a Worker (bindings, storage);
 * with `state`, a folder, D1 and R2 outlive the process. One start at a time: the process is found by its being new.
 */
export async function start(script, { state, port = 0, ...options }) {
  const before = workerds();
  const logs = [];
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: ({ level, message }) => level === 'error' && logs.length < 20 && logs.push(message),
      resourcePersistencePath: state,
      workers: [
        {
          name: 'bench',
          modules: [{ type: 'ESModule', path: basename(script) }],
          modulesRoot: '.',
          ...options,
          rootPath: dirname(script),
          unsafeDirectSockets: [{ host: '127.0.0.1', port }],
        },
      ],
    }),
  );
  await miniflare.ready;
  const [pid, ...more] = workerds().filter((found) => !before.includes(found));
  if (pid === undefined || more.length > 0) {
    throw new Error(`expected one new workerd process but found ${more.length + (pid === undefined ? 0 : 1)}`);
  }
  const { origin } = await miniflare.unsafeGetDirectURL('bench');
  return { origin, pid, logs, database: () => miniflare.getD1Database('DB'), stop: () => miniflare.dispose() };
}

/** Applies the migrations of a folder as `wrangler d1 migrations apply` does, its table of applied files included. */
export async function migrate(database, folder) {
  const run = (sql, ...values) => database.prepare(sql).bind(...values).run();
  await run(`CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE,
    applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)`);
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.sql')).sort()) {
    for (const statement of splitSql(readFileSync(`${folder}/${file}`, 'utf8'))) {
      await run(statement);
    }
    await run('INSERT INTO d1_migrations (name) VALUES (?)', file);
  }
}

/** Returns a port that is free now: a Worker whose own address is a setting keeps it over a restart. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The workerd processes that this process has started. */
function workerds() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const [, name, , parent] = /^\d+ \((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'));
        return name === 'workerd' && Number(parent) === process.pid;
      } catch {
        return false; // it has ended meanwhile
      }
    });
}
