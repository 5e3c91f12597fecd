/** Makes backups, and checks them without the instance. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { each, Refused } from './api.mjs';
import { Tally, readSnapshot } from './snapshot.mjs';

const AT_ONCE = 16;
const PASSES = 5;

/** Changes were made all the time. */
class Unsettled extends Error {}

/**
 * Makes a backup: all rows, as they were at one moment, and then the objects that they name and that are not in the folder
 * yet. Returns `{ snapshot, madeAt, digest, rows, objects, fetched, bytes, missing, seconds }`.
 */
export async function makeBackup({ api, folder, say = () => {} }) {
  const began = Date.now();
  const snapshot = new Date(began).toISOString().replace(/:/g, '-').replace(/\.(\d+)Z$/, '-$1Z');
  const description = await api.json('GET', '/api/backup');
  const { key } = await api.json('GET', '/api/audit/key');
  let made;
  for (let pass = 1; made === undefined; pass += 1) {
    const madeAt = Date.now();
    try {
      const head = { type: 'backup', form: 1, made_at: madeAt, base_url: description.base_url, audit_key: key, objects: description.objects };
      made = await writeSnapshot({ api, folder, say, snapshot, head, tables: description.tables });
      made.madeAt = madeAt;
    } catch (error) {
      if (!(error instanceof Unsettled)) throw error;
      if (pass === PASSES) throw new Error(`changes were made during each of ${PASSES} attempts to read all rows: try again at a calmer time`);
      say('Something was changed meanwhile: reading the rows again.');
    }
  }
  await folder.settle(`snapshots/${snapshot}`);
  const seconds = Math.round((Date.now() - began) / 1000);
  const { digest, rows, objects, missing } = made;
  await api.json('POST', '/api/backup', { snapshot, digest, rows, objects, missing: missing.length, seconds });
  return { ...made, snapshot, seconds };
}

async function writeSnapshot({ api, folder, say, snapshot, head, tables }) {
  const tally = new Tally(head.objects);
  const made = { fetched: 0, bytes: 0, missing: [] };
  async function* lines() {
    yield `${JSON.stringify(head)}\n`;
    yield* rowsOf(api, tables, tally);
    made.digest = tally.digest();
    made.rows = tally.rows;
    made.objects = tally.objects.size;
    say(`${tally.rows} rows of ${tables.length} tables, which name ${tally.objects.size} objects.`);
    // Only now: objects never change, and what a row names stays for a day after another took its place.
    await fetchObjects({ api, folder, say, objects: tally.objects, made });
    const { digest, missing } = made;
    yield `${JSON.stringify({ type: 'end', tables: tally.tables, rows: tally.rows, digest, objects: made.objects, missing })}\n`;
  }
  const packed = createGzip();
  const plain = Readable.from(lines());
  plain.on('error', (error) => packed.destroy(error));
  plain.pipe(packed);
  await folder.write(`snapshots/${snapshot}`, packed);
  return made;
}

/** Yields all rows if nothing but mirroring goes on meanwhile; else throws {@link Unsettled}. */
async function* rowsOf(api, tables, tally) {
  let clock;
  for (const table of tables) {
    tally.begin(table);
    yield `${JSON.stringify({ type: 'table', ...table })}\n`;
    for await (const page of api.pages('/api/backup/rows?', table)) {
      clock ??= page.clock;
      if (page.clock !== clock) throw new Unsettled();
      if (page.lines === '') continue;
      tally.add(page.lines);
      yield page.lines;
    }
  }
}

async function fetchObjects({ api, folder, say, objects, made }) {
  let done = 0;
  await each(objects, AT_ONCE, async ([key, sha256]) => {
    const name = `objects/${key}`;
    if (!(await folder.has(name, sha256))) await fetchObject(api, folder, key, sha256, made);
    done += 1;
    if (done % 10_000 === 0) say(`${done} of ${objects.size} objects are there.`);
  });
}

async function fetchObject(api, folder, key, sha256, made) {
  const name = `objects/${key}`;
  for (let tries = 1; ; tries += 1) {
    try {
      const response = await api.ask('GET', `/api/backup/objects/${key}`);
      let bytes = 0;
      async function* counted() {
        for await (const piece of response.body) {
          bytes += piece.length;
          yield Buffer.from(piece);
        }
      }
      const found = await folder.write(name, counted());
      if (found !== sha256) {
        await folder.discard(name);
        made.missing.push({ key, why: 'the instance has other bytes than its row says' });
        return;
      }
      made.fetched += 1;
      made.bytes += bytes;
      return;
    } catch (error) {
      await folder.discard(name);
      if (error instanceof Refused && error.status === 404) {
        made.missing.push({ key, why: 'the instance does not have it' });
        return;
      }
      if (error instanceof Refused || tries === 3) throw error;
    }
  }
}

/** Checks a snapshot and every object that it names; returns `{ …, problems }`. */
export async function checkBackup({ folder, snapshot, say = () => {} }) {
  const { head, end, tally } = await readSnapshot(folder, snapshot);
  const problems = [];
  const missing = new Set(end.missing.map(({ key }) => key));
  await each(tally.objects, AT_ONCE, async ([key, sha256]) => {
    if (missing.has(key)) return;
    try {
      const found = await folder.digest(`objects/${key}`);
      if (found === null) problems.push(`objects/${key} is missing`);
      else if (found !== sha256) problems.push(`objects/${key} has other bytes than its row says`);
    } catch (error) {
      problems.push(error.message);
    }
  });
  say(`${tally.rows} rows, ${tally.objects.size} objects.`);
  return { head, end, tally, problems: problems.sort() };
}

/** Returns the SHA-256 of bytes. */
export function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
