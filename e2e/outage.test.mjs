/** The private upstream is away. What we know still installs; what we do not know is nobody else's to answer. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { expectClearError, expectError, expectInstalled, expectNoLeak } from './expect.mjs';
import { eventually } from './instance.mjs';
import { startMirror } from './mirror.mjs';
import { faults } from './upstream/upstream.mjs';

const ALL = () => true;
const OUTAGES = {
  'answers 503': (upstream) => upstream.fault(ALL, faults.status(503)),
  'answers 500': (upstream) => upstream.fault(ALL, faults.status(500)),
  'resets connections': (upstream) => upstream.fault(ALL, faults.reset()),
  'shows a web page': (upstream) => upstream.fault(ALL, faults.html()),
  'breaks off its JSON': (upstream) => upstream.fault(/json/, faults.wrongJson()),
  'wants other credentials': (upstream) => upstream.fault(ALL, faults.status(401)),
  'refuses connections': (upstream) => upstream.close(),
};

for (const [name, begin] of Object.entries(OUTAGES)) {
  describe(`a private upstream that ${name}`, () => {
    let mirror;
    let known;
    before(async () => {
      mirror = await startMirror({
        upstreams: [
          { auth: 'basic', patterns: ['acme/*'], priority: 10, exclusive: false },
          { patterns: ['*'], priority: 20 },
        ],
      });
      known = mirror.upstream.publish({ name: 'acme/known', version: '1.0.0' });
      mirror.upstream.publish({ name: 'acme/unseen', version: '1.0.0' });
      // What an attacker would put up: the same names, and a version that wins.
      for (const victim of ['acme/known', 'acme/unseen']) mirror.upstreams[1].publish({ name: victim, version: '1.9.9' });
      const client = await mirror.project({ require: { 'acme/known': '^1.0' } });
      await client.succeed('update');
      await begin(mirror.upstream);
    });
    after(() => mirror?.close());

    it('still updates and installs what is mirrored', async () => {
      const client = await mirror.project({ require: { 'acme/known': '^1.0' } });
      await client.succeed('update');
      await expectInstalled(client, known);
      const colleague = await client.checkout();
      await colleague.succeed('install');
      await expectInstalled(colleague, known);
    });

    it('is reported for what is not mirrored, with an error and not with "not found"', async () => {
      const answer = await mirror.get('/p2/acme/unseen.json');
      assert.ok([502, 503, 504].includes(answer.status), `expected an upstream error but found ${answer.status}`);
      await expectError(answer, answer.status);
      const client = await mirror.project({ require: { 'acme/unseen': '^1.0' } });
      const output = await client.fail('update');
      expectClearError(output, /\b50[234]\b/);
      assert.doesNotMatch(output, /could not be found/);
    });

    it('leaves its names to no other upstream', () => {
      assert.deepEqual(mirror.upstreams[1].asked('acme/'), []);
      expectNoLeak(mirror);
    });
  });
}

describe('a private upstream that never answers', () => {
  let mirror;
  before(async () => {
    mirror = await startMirror({ upstreams: [{ patterns: ['acme/*'], exclusive: false }, { patterns: ['*'], priority: 20 }] });
    for (const upstream of mirror.upstreams) upstream.publish({ name: 'acme/hello', version: '1.0.0' });
  });
  after(() => mirror?.close());

  it('is given up in time, and asked again when it is back', async () => {
    const heal = mirror.upstream.fault(ALL, faults.hang());
    const answer = await mirror.get('/p2/acme/hello.json');
    assert.ok([502, 503, 504].includes(answer.status), `expected an upstream error but found ${answer.status}`);
    heal();
    const [{ version }] = await eventually(() => mirror.versions('acme/hello'));
    assert.equal(version, '1.0.0');
    assert.deepEqual(mirror.upstreams[1].asked('acme/'), []);
  });
});

describe('an upstream that is back', () => {
  let mirror;
  before(async () => {
    mirror = await startMirror({ upstreams: [{ patterns: ['*'] }] });
  });
  after(() => mirror?.close());

  it('delivers what it published meanwhile', async () => {
    mirror.upstream.publish({ name: 'acme/hello', version: '1.0.0' });
    const client = await mirror.project({ require: { 'acme/hello': '^1.0' } });
    await client.succeed('update');
    const heal = mirror.upstream.fault(ALL, faults.status(503));
    const next = mirror.upstream.publish({ name: 'acme/hello', version: '1.1.0' });
    await client.succeed('update');

    heal();

    await eventually(async () => {
      await client.succeed('update');
      await expectInstalled(client, next);
    });
  });
});
