/** An instance, as backup and restore ask it. */
import { setTimeout as sleep } from 'node:timers/promises';

const TRIES = 4;
const DEADLINE = 120_000;
const PASSING = [429, 500, 502, 503, 504, 520, 522, 524];

export class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export class Api {
  #url;
  #bearer;

  constructor(url, bearer) {
    this.#url = url.replace(/\/$/, '');
    this.#bearer = bearer;
  }

  get url() {
    return this.#url;
  }

  /** Returns the JSON of an answer; a request is tried again only if it may be made twice. */
  async json(method, path, body, tries = method === 'GET' ? TRIES : 1) {
    const response = await this.ask(method, path, body === undefined ? undefined : JSON.stringify(body), { tries });
    const text = await response.text();
    return text === '' ? null : JSON.parse(text);
  }

  /** Returns an answer that is a success; throws {@link Refused} for any other. */
  async ask(method, path, body, { tries = TRIES, type = 'application/json' } = {}) {
    let problem;
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      if (attempt > 1) await sleep(500 * 2 ** (attempt - 2));
      try {
        const response = await fetch(this.#url + path, {
          method,
          body,
          headers: { authorization: `Bearer ${this.#bearer}`, ...(body === undefined ? {} : { 'content-type': type }) },
          redirect: 'error',
          signal: AbortSignal.timeout(DEADLINE),
          ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
        });
        if (response.ok) return response;
        const { error, code } = await response.json().catch(() => ({}));
        problem = new Refused(response.status, code, `${method} ${path.split('?')[0]} answered ${response.status}: ${error ?? 'no reason'}`);
        if (!PASSING.includes(response.status) || code === 'restoring') throw problem;
      } catch (error) {
        if (error instanceof Refused) problem = error;
        else problem = new Error(`${method} ${path.split('?')[0]}: ${error.cause?.message ?? error.message}`, { cause: error });
        if (error instanceof Refused && (!PASSING.includes(error.status) || error.code === 'restoring')) throw error;
      }
    }
    throw problem;
  }

  /** Yields the pages of a table: lines of JSON, in the order of its key, and the clock at each. */
  async *pages(path, table) {
    for (let after = ''; ; ) {
      const response = await this.ask('GET', `${path}table=${table.name}${after}`);
      const lines = await response.text();
      yield { lines, clock: response.headers.get('backup-clock') };
      if (lines === '') return;
      const last = JSON.parse(lines.slice(lines.lastIndexOf('\n', lines.length - 2) + 1));
      after = `&after=${encodeURIComponent(JSON.stringify(table.key.map((place) => last[place])))}`;
    }
  }
}

/** Runs `act` for each item, so many at once; ends at the first failure. */
export async function each(items, atOnce, act) {
  const iterator = items[Symbol.iterator]();
  let failed = false;
  const worker = async () => {
    for (let next = iterator.next(); !next.done && !failed; next = iterator.next()) {
      await act(next.value).catch((error) => {
        failed = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
