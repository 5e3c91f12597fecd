/** What was acknowledged is there after a restart, whether the process was asked to stop or killed. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectInstalled } from './expect.mjs';
import { startUpstream } from './upstream/upstream.mjs';
import { devServer } from './wrangler-dev.mjs';

let upstream;
let server;
let reader;

before(async () => {
  upstream = await startUpstream({ auth: 'basic' });
  server = await devServer({ upstreams: [upstream] });
  await server.start();
  await server.setup();
  await server.addUpstream(upstream, { name: 'private' });
  ({ token: reader } = await server.createToken());
});
after(async () => {
  await server?.close();
  await upstream?.close();
});

describe('an instance that was killed', () => {
  it('goes on where it was, in the middle of an update', async () => {
    const releases = Array.from({ length: 40 }, (_, i) => upstream.publish({ name: `acme/p${i}`, version: '1.0.0', size: 50_000 }));
    const require = Object.fromEntries(releases.map(({ metadata }) => [metadata.name, '^1.0']));
    const interrupted = await server.project({ token: reader, require });
    const running = interrupted.composer('update');
    await seen(() => upstream.asked('/dist/').length > 5);
    await server.kill();
    await server.start();
    // It tries each download again, so it may have come through.
    await running;

    const client = await server.project({ token: reader, require });
    await client.succeed('update');
    for (const each of releases) await expectInstalled(client, each);
  });

  it('knows every token that it has handed out', async () => {
    const handedOut = [];
    const makeTokens = async () => {
      for (;;) handedOut.push((await server.createToken()).token);
    };
    // Each ends with the connection, when the server is killed.
    const makers = Promise.allSettled([makeTokens(), makeTokens(), makeTokens(), makeTokens()]);
    await seen(() => handedOut.length > 40);
    await server.kill();
    await makers;

    await server.start();

    for (const token of handedOut) assert.equal((await server.get('/packages.json', token)).status, 200);
  });
});

describe('an instance that was stopped', () => {
  it('still has its settings, tokens, metadata and archives, without the upstream', async () => {
    const hello = upstream.publish({ name: 'acme/hello', version: '1.0.0', size: 100_000 });
    const client = await server.project({ token: reader, require: { 'acme/hello': '^1.0' } });
    await client.succeed('update');
    const before = await documents();

    await server.stop();
    await upstream.close();
    await server.start();

    assert.deepEqual(await documents(), before);
    const colleague = await client.checkout();
    await colleague.succeed('install');
    await expectInstalled(colleague, hello);
    await colleague.succeed('update');
    await expectInstalled(colleague, hello);
  });

  it('is not to be set up a second time', async () => {
    const owner = server.admin;
    await assert.rejects(() => server.setup(), /expected POST \/api\/setup to answer 201 but found 4/);
    assert.equal((await server.api('GET', '/api/packages', undefined, owner)).status, 200);
  });
});

async function documents() {
  const answers = [];
  for (const path of ['/packages.json', '/p2/acme/hello.json', '/p2/acme/hello~dev.json']) {
    const response = await server.get(path, reader);
    // An error names the request that it answers; all else must be the same.
    const text = (await response.text()).replace(/"request_id":"[^"]*"/, '');
    answers.push([path, response.status, response.headers.get('last-modified'), text]);
  }
  return answers;
}

async function seen(condition) {
  const end = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`expected ${condition} in time`);
    await sleep(20);
  }
}
