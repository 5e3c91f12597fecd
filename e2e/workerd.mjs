/**
 * Starts Workers in workerd, each in a process of its own, with nothing before them and nothing behind them.
 *
 * wrangler's own test harness puts a proxy and an entry Worker before the Worker, and sends what the Worker fetches through
 * Node, which follows redirects, adds headers and hides how a connection ended. So Miniflare is started here with a direct
 * socket and no outbound service: the process holds the Worker and the D1 and R2 simulators, and asks upstreams by itself.
 */
import './quiet.mjs';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { unstable_splitSqlQuery as splitSql } from 'wrangler';

const { Miniflare, convertV4MiniflareOptions, Log, LogLevel } = createRequire(import.meta.resolve('wrangler'))('miniflare');
const NAME = 'worker';

/**
 * Starts a Worker and returns `{ origin, database, bucket, scheduled, stop }`.
 *
 * @param {string} folder
 * @param {string[]} modules names in that folder, the Worker's own first
 * @param {object} options Miniflare's for a Worker (bindings, storage), and:
 * @param {string} options.state a folder in which D1 and R2 outlive the process; thrown away unless given
 * @param {number} options.port
 * @param {(log: { level: string, message: string }) => void} options.onLog
 */
export async function startWorkerd(folder, modules, { state, port = 0, onLog = () => {}, ...options }) {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: onLog,
      resourcePersistencePath: state,
      workers: [
        {
          ...options,
          name: NAME,
          modules: modules.map((path) => ({ type: 'ESModule', path })),
          modulesRoot: '.',
          rootPath: folder,
          unsafeDirectSockets: [{ host: '127.0.0.1', port }],
        },
      ],
    }),
  );
  try {
    const { origin } = await miniflare.unsafeGetDirectURL(NAME);
    return {
      origin,
      database: () => miniflare.getD1Database('DB'),
      bucket: () => miniflare.getR2Bucket('ARTIFACTS'),
      scheduled: async (cron) => (await miniflare.getWorker(NAME)).scheduled({ cron }),
      stop: () => miniflare.dispose(),
    };
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
}

/** Applies those migrations of a folder that are new to the database, as `wrangler d1 migrations apply` does, its table of applied files included. */
export async function migrate(database, folder) {
  const run = (sql, ...values) => database.prepare(sql).bind(...values).run();
  await run(`CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE,
    applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)`);
  const { results } = await database.prepare('SELECT name FROM d1_migrations').all();
  const applied = results.map(({ name }) => name);
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.sql') && !applied.includes(name)).sort()) {
    for (const statement of splitSql(readFileSync(join(folder, file), 'utf8'))) {
      await run(statement);
    }
    await run('INSERT INTO d1_migrations (name) VALUES (?)', file);
  }
}
