/** What the conformance suite needs on every page: a scene with a private and a public upstream, and ways to look at answers. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { startMirror } from '../mirror.mjs';

/**
 * Starts an instance with a private upstream that is exclusive for acme/*, and a public one for everything.
 *
 * @param {object} options
 * @param {object} options.vars variables of the Worker
 * @param {object} options.own more of the private upstream, as `startMirror` takes it
 * @param {object} options.all more of the public one
 */
export async function startScene({ vars, own, all } = {}) {
  return startMirror({
    upstreams: [
      { auth: 'basic', patterns: ['acme/*'], exclusive: true, priority: 10, ...own },
      { patterns: ['*'], exclusive: false, priority: 20, ...all },
    ],
    vars,
  });
}

/** Returns the JSON of an answer that has to be 200. */
export async function json(response) {
  const text = await response.text();
  assert.equal(response.status, 200, text.slice(0, 500));
  return JSON.parse(text);
}

/** Returns the bytes of an answer that has to be 200. */
export async function bytes(response) {
  const body = Buffer.from(await response.arrayBuffer());
  assert.equal(response.status, 200, body.subarray(0, 500).toString());
  return body;
}

export function sha1(body) {
  return createHash('sha1').update(body).digest('hex');
}

/** Returns the date of an answer in ms; it has to be there. */
export function dateOf(response) {
  const date = response.headers.get('last-modified');
  assert.ok(date !== null, 'expected a Last-Modified');
  return Date.parse(date);
}

/** Returns what the answering isolate has counted, as how much that grew while something happened. */
export async function grown(worker, act) {
  const before = await counters(worker);
  await act();
  const after = await counters(worker);
  return Object.fromEntries(Object.keys(after).map((name) => [name, after[name] - before[name]]));
}

async function counters(worker) {
  const { status, body } = await worker.api('GET', '/api/health/details');
  assert.equal(status, 200);
  return body.counters;
}

/** Sends a POST as a client with that token would. */
export function post(mirror, url, body, { type = 'application/json', token = mirror.reader } = {}) {
  return fetch(new URL(url, mirror.url), {
    method: 'POST',
    headers: { 'content-type': type, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(30_000),
  });
}
