/**
 * A project of many packages locks the same through us as directly. Only where the bytes come from may differ, and where
 * installs are reported.
 *
 * GRAPH_SEED makes another world of packages; the output names the one that was used.
 */
import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { project } from './composer.mjs';
import { expectNoLeak, expectOnlyOurUrls } from './expect.mjs';
import { comparable } from './graph/comparable.mjs';
import { universe } from './graph/universe.mjs';
import { startMirror } from './mirror.mjs';
import { seedOf } from './random.mjs';

const SEED = seedOf('GRAPH_SEED', 20261124);

describe(`the packages of seed ${SEED}`, () => {
  const { packages, project: wanted } = universe(SEED);
  let mirror;
  let through;
  let directly;
  before(async () => {
    mirror = await startMirror({ upstreams: [{ auth: 'basic', root: { 'notify-batch': '/downloads' }, packages }], vars: { FRESH_SECONDS: '300' } });
    through = await mirror.project(wanted);
    directly = await project({ ...wanted, repositories: [mirror.upstream.repository], auth: mirror.upstream.composerAuth });
    await directly.succeed('update', '--no-install');
    await through.succeed('update', '--no-install');
  });
  after(() => mirror?.close());

  it('are as many and as odd as a real project has', async () => {
    const { packages: locked, aliases, 'stability-flags': flags } = await directly.lock();
    assert.ok(packages.length >= 4000, `expected 4,000 versions but made ${packages.length}`);
    assert.ok(locked.length >= 60, `expected 60 packages in the lock but found ${locked.length}`);
    for (const key of ['replace', 'provide', 'conflict', 'abandoned', 'default-branch', 'funding', 'support', 'require-dev', 'suggest', 'extra']) {
      assert.ok(locked.some((each) => key in each), `expected a locked package with ${key}`);
    }
    for (const type of ['metapackage', 'composer-plugin', 'library']) assert.ok(locked.some((each) => each.type === type), type);
    assert.ok(locked.some(({ dist }) => dist !== undefined && dist.reference === undefined), 'expected a locked package without a reference');
    assert.ok(locked.filter(({ version }) => version.startsWith('dev-')).length >= 2, 'expected two branches in the lock');
    assert.deepEqual(aliases.map(({ alias }) => alias), ['5.1.0']);
    assert.ok(Object.keys(flags).length >= 2, 'expected stability flags in the lock');
  });

  it('lock as they do directly, but for where bytes come from', async () => {
    const [ours, theirs] = await Promise.all([through.lock(), directly.lock()]);
    assert.deepEqual(comparable(ours), comparable(theirs));
    assert.equal(JSON.stringify(comparable(ours)), JSON.stringify(comparable(theirs)), 'expected the same order of keys');
  });

  it('are locked with addresses of ours alone', async () => {
    await expectOnlyOurUrls(through, mirror);
    expectNoLeak(mirror);
  });

  it('install from that lock, and run the plugin that may run', async () => {
    await through.succeed('install');
    for (const { name, version, dist, type } of (await through.lock()).packages) {
      if (type === 'metapackage') continue;
      const { marker } = await through.installed(name);
      assert.deepEqual({ ...marker, revision: 1 }, { name, version, reference: dist.reference ?? null, revision: 1 });
    }
    await access(join(through.path, 'plugin-plugin.txt'));
    await assert.rejects(access(join(through.path, 'plugin-forbidden.txt')));
  });
});
