/** What the tests say of projects and answers, each in one sentence. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { secretOf } from './upstream/credentials.mjs';

/** The given release is installed, with the words and the bytes that its upstream published. */
export async function expectInstalled(client, { metadata, revision }) {
  const { name, version } = metadata;
  const installed = await client.installed(name);
  assert.deepEqual(
    { version: installed.version, reference: installed.reference, marker: installed.marker },
    { version, reference: metadata.dist.reference, marker: { name, version, reference: metadata.dist.reference, revision } },
  );
  // A list of differences that was taken apart wrongly loses these, and the installation still succeeds.
  for (const key of ['description', 'require', 'autoload', 'time']) {
    assert.deepEqual(installed.metadata[key], metadata[key], `${key} of ${name} ${version}`);
  }
}

/** The lock knows this mirror and nothing behind it: it has to install for years, and to be shown to anyone. */
export async function expectOnlyOurUrls(client, mirror) {
  const { packages } = await client.lock();
  for (const { name, type, dist, source, ...rest } of packages) {
    if (type === 'metapackage') continue; // It has no bytes.
    assert.ok(dist.url.startsWith(`${mirror.url}/dist/${name}/`), `expected a dist URL of ours for ${name} but found ${dist.url}`);
    assert.equal(source, undefined, `expected no source of ${name} in the lock`);
    assert.equal(rest['transport-options'], undefined, `expected no transport options of ${name} in the lock`);
  }
  const text = await client.lockText();
  expectAbsent(text, mirror.upstreams.map(({ host }) => host), 'the lock');
  expectAbsent(text, secretsOf(mirror), 'the lock');
}

/** No upstream was shown the credentials of another one, or those of our own users. */
export function expectNoLeak(mirror) {
  for (const upstream of mirror.upstreams) {
    const foreign = secretsOf(mirror).filter((secret) => secret !== secretOf(upstream.auth));
    for (const { path, headers } of upstream.requests) {
      const shown = `${path} ${JSON.stringify(headers)} ${decoded(headers.authorization)}`;
      expectAbsent(shown, foreign, `a request to ${upstream.url}`);
    }
  }
}

/** Returns the permanent URL of an archive of ours. */
export function distUrl(mirror, name, normalized, reference, type = 'zip') {
  const version = normalized.includes('/') ? md5(normalized) : normalized;
  const key = /^[a-f0-9]+$/.test(reference) ? reference : md5(reference);
  return `${mirror.url}/dist/${name}/${version}/r${key}.${type}`;
}

/** An error of ours: that status, and the JSON that all errors have. */
export async function expectError(response, status) {
  const text = await response.text();
  assert.equal(response.status, status, text);
  assert.equal(response.headers.get('content-type'), 'application/json');
  const body = JSON.parse(text);
  for (const key of ['error', 'code', 'request_id']) assert.equal(typeof body[key], 'string', `expected ${key} in ${text}`);
  return body;
}

/** The client told its user something, and did not just break. */
export function expectClearError(output, expected) {
  assert.match(output, expected);
  assert.doesNotMatch(output, /Fatal error|Stack trace|Undefined (index|array key)|TypeError/);
}

function expectAbsent(text, words, place) {
  for (const word of words) assert.ok(!text.includes(word), `expected no ${word} in ${place}`);
}

function secretsOf(mirror) {
  const ofUpstreams = mirror.upstreams.map(({ auth }) => secretOf(auth)).filter((secret) => secret !== null);
  return [...ofUpstreams, mirror.reader, mirror.worker.admin];
}

function decoded(authorization = '') {
  return Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString('latin1');
}

function md5(text) {
  return createHash('md5').update(text).digest('hex');
}
