/** The work of the background in the real runtime: lists of changes, the sweep and the scrub, over the local D1 and R2. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { expectInstalled } from './expect.mjs';
import { startMirror } from './mirror.mjs';
import { startUpstream } from './upstream/upstream.mjs';
import { startWorker } from './worker.mjs';

const A_MONTH = String(30 * 24 * 3600);

describe('packagist.org, which is there from the start', () => {
  let packagist;
  let worker;
  let reader;
  before(async () => {
    packagist = await startUpstream({ feed: true });
    worker = await startWorker({
      upstreams: [packagist],
      vars: { PACKAGIST_URL: packagist.url, FRESH_SECONDS: A_MONTH, NEGATIVE_SECONDS: A_MONTH },
    });
    await worker.setup();
    ({ token: reader } = await worker.createToken());
    // Makes the jobs, a few at a time, and does each once.
    for (let i = 0; i < 5; i++) await worker.scheduled();
  });
  after(async () => {
    await worker?.close();
    await packagist?.close();
  });

  const newest = async (client, name) => {
    client.freshCache();
    await client.succeed('update');
    return (await client.locked(name)).version;
  };

  it('shows a new version after one run, although copies are believed for a month', async () => {
    packagist.publish({ name: 'acme/lively', version: '1.0.0' });
    const client = await worker.project({ token: reader, require: { 'acme/lively': '^1.0' } });
    assert.equal(await newest(client, 'acme/lively'), '1.0.0');
    const release = packagist.publish({ name: 'acme/lively', version: '1.1.0' });
    assert.equal(await newest(client, 'acme/lively'), '1.0.0');

    await worker.scheduled();

    assert.equal(await newest(client, 'acme/lively'), '1.1.0');
    await expectInstalled(client, release);
    assert.match(packagist.asked('changes.json')[0], /since=\d{14}$/);
  });

  it('has a package that was absent once it is published', async () => {
    assert.equal((await worker.get('/p2/acme/late.json', reader)).status, 404);
    packagist.publish({ name: 'acme/late', version: '1.0.0' });
    assert.equal((await worker.get('/p2/acme/late.json', reader)).status, 404);
    await worker.scheduled();
    assert.equal((await worker.get('/p2/acme/late.json', reader)).status, 200);
  });

  it('takes a deleted package away at once, and old locks still install', async () => {
    const release = packagist.publish({ name: 'acme/doomed', version: '1.0.0' });
    const client = await worker.project({ token: reader, require: { 'acme/doomed': '^1.0' } });
    await client.succeed('update');
    packagist.remove('acme/doomed');
    await worker.scheduled();
    assert.equal((await worker.get('/p2/acme/doomed.json', reader)).status, 404);
    const colleague = await client.checkout();
    await colleague.succeed('install');
    await expectInstalled(colleague, release);
  });

  it('is followed by somebody who mirrors us, by our own list of changes', async () => {
    const changes = async (since) => (await worker.get(`/metadata/changes.json${since}`, reader)).json();
    const { timestamp } = await changes('');
    packagist.publish({ name: 'acme/passed-on', version: '1.0.0' });
    await worker.get('/p2/acme/passed-on.json', reader);
    const { actions } = await changes(`?since=${timestamp}`);
    // The setup may lie less than a minute back: then we cannot tell and say so.
    assert.ok(actions.some(({ type, package: name }) => (type === 'update' && name === 'acme/passed-on') || (type === 'resync' && name === '*')));
  });

  it('works without a problem', async () => {
    for (let i = 0; i < 16; i++) await worker.scheduled();
    const { body } = await worker.api('GET', '/api/jobs');
    assert.deepEqual(body.jobs.map(({ kind }) => kind).sort(), ['archive', 'feed', 'probe', 'questions', 'refresh', 'reseal', 'review', 'rollup', 'scrub', 'sweep', 'uploads', 'views']);
    for (const job of body.jobs) {
      assert.deepEqual([job.kind, job.tries, job.problem], [job.kind, 0, '']);
      assert.ok(job.last_run > 0, `expected ${job.kind} to have run`);
    }
  });

  it('is switched off by one setting, at once', async () => {
    const root = async () => (await worker.get('/packages.json', reader)).json();
    assert.equal((await root())['available-package-patterns'], undefined);
    assert.equal((await worker.api('PATCH', '/api/settings', { packagist: false })).status, 200);
    assert.deepEqual((await root())['available-package-patterns'], []);
    assert.equal((await worker.get('/p2/acme/lively.json', reader)).status, 404);
    await worker.api('PATCH', '/api/settings', { packagist: true });
    assert.equal((await worker.get('/p2/acme/lively.json', reader)).status, 200);
  });
});

describe('what is stored', () => {
  let mirror;
  before(async () => {
    mirror = await startMirror({ upstreams: [{}] });
    await mirror.worker.scheduled();
  });
  after(() => mirror?.close());

  const runs = async (count) => {
    for (let i = 0; i < count; i++) {
      // Nobody waits for days here: what rests is due again.
      await mirror.worker.sql("UPDATE job SET not_before = 0 WHERE kind IN ('scrub', 'sweep')");
      await mirror.worker.scheduled();
    }
  };

  it('is read again, and bytes that have changed raise one alert and stay', async () => {
    mirror.upstream.publish({ name: 'acme/sound', version: '1.0.0' });
    const [{ dist }] = await mirror.versions('acme/sound');
    assert.equal((await mirror.get(dist.url)).status, 200);
    await runs(8);
    const [scrub] = await mirror.worker.sql("SELECT ran_at, problem FROM job WHERE kind = 'scrub'");
    assert.ok(scrub.ran_at > 0 && scrub.problem === '');
    assert.deepEqual(await mirror.worker.sql("SELECT * FROM alert WHERE kind = 'damage'"), []);

    const [{ artifact }] = await mirror.worker.sql('SELECT artifact FROM version');
    const bucket = await mirror.worker.bucket();
    await bucket.put(artifact, 'other bytes');
    await runs(12);

    const alerts = await mirror.worker.sql("SELECT subject FROM alert WHERE kind = 'damage'");
    assert.deepEqual(alerts.map(({ subject }) => subject), [artifact]);
    assert.notEqual(await bucket.head(artifact), null);
  });

  it('is swept only if no row names it and it is old', async () => {
    const bucket = await mirror.worker.bucket();
    await bucket.put('document/orphan', 'x');
    await runs(8);
    // It is young, and so it is left alone; that old ones go is shown in process, where a clock can be set.
    assert.notEqual(await bucket.head('document/orphan'), null);
    const [{ object }] = await mirror.worker.sql("SELECT object FROM document WHERE package = 'acme/sound' AND dev = 0");
    assert.notEqual(await bucket.head(object), null);
    const { body } = await mirror.worker.api('GET', '/api/jobs');
    assert.deepEqual(body.jobs.filter(({ problem }) => problem !== ''), []);
  });
});
