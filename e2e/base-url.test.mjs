/** The base URL is a setting. Nothing that a client sends finds its way into an answer. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { basic } from './instance.mjs';
import { startMirror } from './mirror.mjs';

const FORGED = 'evil.example';
const PATHS = ['/packages.json', '/p2/acme/hello.json', '/p2/acme/hello~dev.json', '/p2/acme/unknown.json'];

const FORWARDING_HEADERS = {
  'X-Forwarded-Host': { 'x-forwarded-host': FORGED },
  'X-Forwarded-Proto and -Port': { 'x-forwarded-proto': 'https', 'x-forwarded-port': '4443' },
  Forwarded: { forwarded: `host=${FORGED};proto=https` },
  'X-Original-URL': { 'x-original-url': `https://${FORGED}/packages.json` },
  'X-Forwarded-Prefix': { 'x-forwarded-prefix': `/${FORGED}` },
};

describe('the base URL', () => {
  let mirror;
  before(async () => {
    mirror = await startMirror({ upstreams: [{}], vars: { FRESH_SECONDS: '300' } });
    mirror.upstream.publish({ name: 'acme/hello', version: '1.0.0' });
    mirror.upstream.publish({ name: 'acme/hello', version: 'dev-main' });
  });
  after(() => mirror?.close());

  const ask = (path, headers = {}) => raw(mirror.url + path, { authorization: basic(mirror.reader), ...headers });

  // Before anything else has been asked: what a forged request leaves in a cache, the next one gets.
  it('is not told by the Host of the first request', async () => {
    for (const path of PATHS) {
      const forged = await ask(path, { host: FORGED });
      const genuine = await ask(path);
      for (const { text } of [forged, genuine]) assert.ok(!text.includes(FORGED), text);
      if (forged.status !== 404) assert.deepEqual(forged, genuine);
    }
  });

  for (const [name, headers] of Object.entries(FORWARDING_HEADERS)) {
    it(`is not told by ${name}`, async () => {
      for (const path of PATHS) assert.deepEqual(await ask(path, headers), await ask(path));
    });
  }

  it('begins every dist URL', async () => {
    for (const name of ['acme/hello', 'acme/hello~dev']) {
      const [{ dist }] = await mirror.versions(name);
      assert.ok(dist.url.startsWith(`${mirror.url}/dist/acme/hello/`), dist.url);
      assert.equal((await mirror.get(dist.url)).status, 200);
    }
  });

  it('or the host alone resolves every URL of packages.json', async () => {
    const root = JSON.parse((await ask('/packages.json')).text);
    for (const [key, value] of Object.entries(root).filter(([, each]) => typeof each === 'string' && each.includes('/'))) {
      assert.ok(/^\/[^/]/.test(value) || value.startsWith(`${mirror.url}/`), `${key}: ${value}`);
    }
  });
});

/** Sends exactly these headers, Host among them, which fetch does not allow. */
function raw(url, headers) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, timeout: 30_000 }, async (response) => {
      response.setEncoding('utf8');
      let text = '';
      for await (const piece of response) text += piece;
      resolve({ status: response.statusCode, text: text.replace(/"request_id":\s*"[^"]*"/, '"request_id":"…"') });
    });
    sent.on('timeout', () => sent.destroy(new Error(`expected an answer from ${url} in time`)));
    sent.on('error', reject);
    sent.end();
  });
}
