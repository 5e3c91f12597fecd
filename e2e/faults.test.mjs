/**
 * Every fault that an upstream can have, in each file that we read of it, with us knowing its packages already or not. What we have
 * is served and installs; what we do not have is an error that says so; nothing wrong is kept.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { expectError } from './expect.mjs';
import { FAULTS, LIMITS, OUTCOMES, TARGETS } from './faults/outcomes.mjs';
import { eventually } from './instance.mjs';
import { startMirror } from './mirror.mjs';
import { faults } from './upstream/upstream.mjs';

/** One fault in one file. Each has an upstream of its own: what it does to that must not matter to the others. */
const plays = Object.entries(FAULTS).flatMap(([fault, { expect, ...rest }]) =>
  Object.entries(expect).map(([target, word]) => ({ fault, target, outcome: OUTCOMES[word], ...rest })),
);
plays.forEach((play, i) => Object.assign(play, { vendor: `f${i}`, warm: `f${i}/warm`, cold: `f${i}/cold` }));

describe('an upstream that fails', () => {
  let mirror;
  let client;
  before(async () => {
    const upstreams = plays.map(({ vendor, warm, cold }) => ({
      minified: false,
      patterns: [`${vendor}/*`],
      packages: [warm, cold].flatMap((name) => ['1.0.0', 'dev-main'].map((version) => ({ name, version, defaultBranch: version === 'dev-main' }))),
    }));
    mirror = await startMirror({ upstreams, vars: { ...LIMITS, NEGATIVE_SECONDS: '0' } });
    const require = Object.fromEntries(plays.map(({ warm }) => [warm, '^1.0']));
    client = await mirror.project({ require, minimumStability: 'dev', preferStable: true });
    await client.succeed('update');
    await Promise.all(plays.map((play, i) => prepare(play, mirror.upstreams[i])));
  });
  after(() => mirror?.close());

  /** Lets the play's client know what it needs to know, and the upstream fail from then on. */
  async function prepare(play, upstream) {
    play.upstream = upstream;
    play.known = await seen(play.warm);
    if (play.target === 'dist') [{ dist: play.wanted }] = await mirror.versions(play.cold);
    play.met = 0;
    const spoil = (exchange) => {
      play.met += 1;
      return play.act(exchange);
    };
    upstream.fault(TARGETS[play.target], spoil);
  }

  /** Everything that clients get of a package: both files, and the archive. */
  async function seen(name) {
    const [{ dist }] = await mirror.versions(name);
    const answers = [];
    for (const path of [`/p2/${name}.json`, `/p2/${name}~dev.json`, dist.url]) {
      const response = await mirror.get(path);
      const body = Buffer.from(await response.arrayBuffer());
      assert.equal(response.status, 200, `${path}: ${body.subarray(0, 300)}`);
      answers.push(createHash('sha256').update(body).digest('hex'));
    }
    return answers;
  }

  function coldPath({ target, cold, wanted }) {
    return { root: `/p2/${cold}.json`, stable: `/p2/${cold}.json`, dev: `/p2/${cold}~dev.json`, dist: wanted?.url }[target];
  }

  describe('in one file', { concurrency: true }, () => {
    for (const [speed, atOnce, slow] of [['late', true, true], ['at once', 4, undefined]]) {
      describe(speed, { concurrency: atOnce }, () => {
        for (const play of plays.filter((each) => each.slow === slow)) {
          it(`${play.fault}: ${play.target}`, async () => {
            assert.deepEqual(await seen(play.warm), play.known, 'what was known');
            // Archives that are stored are asked for nowhere; of all else we look whether it is still so.
            assert.equal(play.met > 0, play.target !== 'dist', 'expected the known package to meet the fault');
            const met = play.met;
            const { status, codes } = play.outcome;
            const answer = await mirror.get(coldPath(play));
            if (status === 200) {
              await answer.arrayBuffer();
              assert.equal(answer.status, 200);
            } else {
              const { code } = await expectError(answer, status);
              assert.ok(codes.includes(code), `expected ${codes.join(' or ')} but found ${code}`);
            }
            assert.ok(play.met > met, 'expected the unknown package to meet the fault');
          });
        }
      });
    }

    it('does not keep anybody from installing and updating what is mirrored', async () => {
      const before = await client.lockText();
      const colleague = await client.checkout();
      await colleague.succeed('install');
      await colleague.succeed('update');
      assert.equal(await colleague.lockText(), before);
      assert.equal(Object.keys((await colleague.lock()).packages).length, plays.length);
    });
  });

  it('leaves nothing wrong behind', async () => {
    for (const { upstream } of plays) upstream.heal();
    await Promise.all(plays.map((play) => eventually(() => expectRight(play), 40_000)));
    const rows = await mirror.worker.sql('SELECT artifact, sha1 FROM version');
    const right = new Set(mirror.upstreams.flatMap((upstream) => upstream.sha1s()));
    assert.deepEqual(rows.filter(({ sha1 }) => !right.has(sha1)), []);
    assert.deepEqual((await mirror.worker.objects('artifact/')).sort(), rows.map(({ artifact }) => artifact).sort());
  });

  async function expectRight({ cold, upstream }) {
    for (const [file, version] of [['', '1.0.0'], ['~dev', 'dev-main']]) {
      const versions = await mirror.versions(cold + file);
      assert.deepEqual(versions.map((each) => each.version), [version]);
      const [{ dist }] = versions;
      const response = await mirror.get(dist.url);
      assert.equal(response.status, 200);
      const sha1 = createHash('sha1').update(Buffer.from(await response.arrayBuffer())).digest('hex');
      assert.ok(upstream.sha1s().includes(sha1), `bytes of ${cold} ${version}`);
    }
  }
});

describe('an upstream that changes what it said', () => {
  let mirror;
  before(async () => {
    mirror = await startMirror({ upstreams: [{ priority: 10 }, { priority: 20 }] });
  });
  after(() => mirror?.close());

  it('ups-030: does not bring other bytes under an old address, not even when ours are lost', async () => {
    const release = { name: 'acme/lost', version: '1.0.0', shasum: 'none' };
    mirror.upstream.publish(release);
    const [{ dist }] = await mirror.versions('acme/lost');
    const right = await bytes(await mirror.get(dist.url));
    const [{ artifact }] = await mirror.worker.sql("SELECT artifact FROM version WHERE package = 'acme/lost'");
    await (await mirror.worker.bucket()).delete(artifact);
    mirror.upstream.publish(release); // once more: the archive has other bytes now
    const { code } = await expectError(await mirror.get(dist.url), 502);
    assert.equal(code, 'upstream_untrusted');
    assert.equal((await mirror.worker.alerts('dist')).length, 1);
    mirror.upstream.fault('/dist/acme-lost/', faults.instead(right));
    assert.deepEqual(await bytes(await mirror.get(dist.url)), right);
  });

  it('ups-034: does not move a version to another reference', async () => {
    mirror.upstream.publish({ name: 'acme/moved', version: '1.0.0', reference: 'aa' });
    await mirror.versions('acme/moved');
    mirror.upstream.publish({ name: 'acme/moved', version: '1.0.0', reference: 'bb' });
    assert.deepEqual((await mirror.versions('acme/moved')).map(({ dist }) => dist.reference), ['aa']);
    assert.deepEqual(await mirror.worker.alerts('retag'), ['acme/moved 1.0.0.0 bb']);
  });

  it('ups-035: is not outbid by one that comes after it', async () => {
    mirror.upstreams[0].publish({ name: 'acme/wanted', version: '1.0.0' });
    mirror.upstreams[1].publish({ name: 'acme/wanted', version: '99.0.0' });
    assert.deepEqual((await mirror.versions('acme/wanted')).map(({ version }) => version), ['1.0.0']);
    assert.deepEqual(mirror.upstreams[1].asked('acme/wanted'), []);
  });
});

async function bytes(response) {
  assert.equal(response.status, 200);
  return Buffer.from(await response.arrayBuffer());
}
