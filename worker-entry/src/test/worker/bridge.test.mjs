/** Proves inside workerd the bridge between Java and the runtime: fibers, bodies, answers, stacks, work after the answer. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { get, request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startContractWorker } from './start.mjs';

const MIB = 1 << 20;

describe('the bridge', () => {
  const printed = [];
  let worker;

  before(async () => {
    worker = await startContractWorker();
    for (const method of ['log', 'warn', 'error']) {
      test.mock.method(console, method, (...words) => printed.push(words.join(' ')));
    }
  });
  after(async () => {
    await worker?.close();
    test.mock.restoreAll();
  });

  /** Sends a request as clients do that take no compression, and returns status, header fields and bytes. */
  function send(method, path, body) {
    return new Promise((resolve, reject) => {
      const options = { method, headers: body ? { 'content-length': body.length } : {} };
      const out = request(new URL(path, worker.url), options, async (answer) => {
        try {
          const chunks = await answer.toArray();
          resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) });
        } catch (error) {
          reject(error);
        }
      });
      out.on('error', reject).end(body);
    });
  }

  async function read(path) {
    return String((await send('GET', path)).body);
  }

  async function eventually(condition, what) {
    for (let tries = 0; tries < 100; tries++) {
      const found = await condition();
      if (found) return found;
      await sleep(50);
    }
    throw new Error(`expected ${what}, but printed was only:\n${printed.join('\n')}`);
  }

  test('fibers that wait at the same time are not mixed up', async () => {
    const ids = Array.from({ length: 64 }, (_, i) => `fiber${i}`);
    const answers = await Promise.all(ids.map((id) => read(`/fibers?id=${id}&n=4`)));
    assert.deepEqual(answers, ids.map((id) => `${id} ok\n`));
  });

  test('what Java throws is answered, and its stack leads to lines of Java', async () => {
    const answer = await send('GET', '/throw');
    assert.equal(answer.status, 500);
    assert.match(String(answer.body), /thrown on purpose/);
    await eventually(() => printed.find((line) => /ContractWorker\.java:\d+/.test(line)), 'a line of ContractWorker.java');
    const line = JSON.parse(printed.find((words) => words.includes('thrown on purpose')).replace(/^[^{]*|[^}]*$/g, ''));
    assert.equal(line.event, 'request_failed');
  });

  test('an index out of range is an exception', async () => {
    assert.equal((await send('GET', '/bounds?at=2')).status, 200);
    assert.equal((await send('GET', '/bounds?at=3')).status, 500);
    assert.equal((await send('GET', '/bounds?at=-1')).status, 500);
    await eventually(() => printed.find((line) => /ContractRoutes\.java:\d+/.test(line)), 'a line of ContractRoutes.java');
  });

  test('an object passes from the store to the client with its length', async () => {
    const bytes = randomBytes(20 * MIB + 12_345);
    assert.equal(String((await send('PUT', '/object?key=large', bytes)).body), '5\n');
    const answer = await send('GET', '/object?key=large');
    assert.equal(answer.headers['content-length'], String(bytes.length));
    assert.equal(digest(answer.body), digest(bytes));
    const head = await send('HEAD', '/object?key=large');
    assert.equal(head.headers['content-length'], String(bytes.length));
    assert.equal(head.body.length, 0);
  });

  test('a client that goes away in the middle harms nobody', async () => {
    await send('PUT', '/object?key=left', randomBytes(8 * MIB));
    await new Promise((resolve) => {
      get(new URL('/object?key=left', worker.url), (answer) => answer.once('data', () => resolve(answer.destroy())));
    });
    assert.equal(await read('/constant'), '{"hello":"world"}');
  });

  test('a body of the product\'s own is asked for its pieces one by one', async () => {
    const bytes = randomBytes(MIB + 1);
    await send('PUT', '/object?key=steps', bytes);
    for (const step of [10_000, 65_536, MIB, MIB + 1]) {
      const answer = await send('GET', `/object?key=steps&step=${step}`);
      assert.equal(answer.headers['content-length'], String(bytes.length));
      assert.equal(digest(answer.body), digest(bytes));
    }
  });

  test('HEAD has the header fields of GET', async () => {
    const { headers, status } = await send('HEAD', '/constant');
    const whole = await send('GET', '/constant');
    assert.equal(status, whole.status);
    assert.deepEqual(headers, whole.headers);
  });

  test('a header field may come twice', async () => {
    assert.deepEqual((await send('GET', '/cookies')).headers['set-cookie'], ['a=1', 'b=2']);
  });

  test('work goes on after the answer, and its failure is logged', async () => {
    assert.equal(await read('/after?key=later'), 'later\n');
    await eventually(async () => (await read('/object?key=later')) === 'stored after the answer', 'the object');
    await read('/after-failure');
    await eventually(() => printed.find((line) => line.includes('background_failed')), 'a line about the failure');
  });

  test('the way out names us and nobody else', async () => {
    const echo = await read('/upstream-echo');
    assert.match(echo, /^user-agent: PACKAGE\.broker$/m);
    assert.doesNotMatch(echo, /^(accept-language|sec-fetch-mode|cookie): /m);
  });
});

function digest(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
