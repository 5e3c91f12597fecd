/**
 * `composer audit` through the mirror says what it says with the upstreams themselves, and what Composer 2.10 asks of filter
 * lists is answered as they would. Its requests are played here (no such client is needed): the root, then entries by the
 * API; without that the summary, conditionally, and the packages' files that it names.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { project } from './composer.mjs';
import { basic } from './instance.mjs';
import { startMirror } from './mirror.mjs';
import { Dangers, dangerousRoot } from './upstream/dangers.mjs';

// The first is like packagist.org, the second a private one with files alone.
const PUBLIC = { advisoryApi: true, advisoryFiles: true, lists: ['malware'] };
const PRIVATE = { advisoryFiles: true, lists: ['malware', 'company-policy'], entriesApi: true };

const advisory = (advisoryId, affectedVersions, more = {}) => ({
  advisoryId,
  affectedVersions,
  title: `${advisoryId} reads files`,
  cve: null,
  link: `https://example.com/${advisoryId}`,
  reportedAt: '2026-01-02 03:04:05',
  sources: [{ name: 'FriendsOfPHP/security-advisories', remoteId: advisoryId }],
  severity: 'high',
  composerRepository: 'https://packagist.org',
  ...more,
});

describe('dangers through the mirror', () => {
  let mirror;
  let dangers;
  let secrets;

  before(async () => {
    mirror = await startMirror({
      upstreams: [
        { root: dangerousRoot(PUBLIC), patterns: ['*'], priority: 100 },
        // Without an address for questions newer clients want to know which packages there are.
        { root: (origin) => ({ ...dangerousRoot(PRIVATE)(origin), 'available-package-patterns': ['secret/*'] }), auth: 'basic', patterns: ['secret/*'], exclusive: true },
      ],
    });
    const [open, hidden] = mirror.upstreams;
    dangers = new Dangers(open, PUBLIC);
    secrets = new Dangers(hidden, PRIVATE);
    for (const version of ['1.0.0', '1.1.0', '2.0.0']) {
      for (const name of ['acme/weak', 'acme/clean', 'acme/plain']) open.publish({ name, version });
      hidden.publish({ name: 'secret/weak', version });
    }
    dangers.advise('acme/weak', advisory('PKSA-1', '>=1.0,<1.5', { cve: 'CVE-2026-0001' }), advisory('PKSA-2', '<0.5'), advisory('PKSA-3', '1.1.0|3.0.0'));
    dangers.advise('acme/clean');
    secrets.advise('secret/weak', advisory('SECRET-1', '^1.0', { unknown: { kept: [] } }));
  });
  after(() => mirror?.close());

  // From 2.9 on a client refuses what advisories name, unless told otherwise; here it is to install it and to say so.
  const LET_IN = { audit: { 'block-insecure': false }, policy: { advisories: { block: false } } };
  const REQUIRED = { 'acme/weak': '1.1.0', 'acme/clean': '1.1.0', 'acme/plain': '1.1.0', 'secret/weak': '1.1.0' };

  const direct = (config = LET_IN) =>
    project({
      config,
      repositories: [...mirror.upstreams].reverse().map(({ repository }) => repository),
      auth: mirror.upstreams[1].composerAuth,
      require: REQUIRED,
    });

  async function audited(client, ...args) {
    const { code, output } = await client.composer('audit', ...args);
    return { code, json: args.includes('--format=json') ? JSON.parse(output.slice(output.indexOf('{'))) : undefined, output };
  }

  it('says of a project what the upstreams say, word for word', async () => {
    const ours = await mirror.project({ require: REQUIRED, config: LET_IN });
    const theirs = await direct();
    await ours.succeed('update');
    await theirs.succeed('update');

    for (const options of [['--format=json'], ['--format=json', '--locked'], ['--format=summary'], ['--format=plain']]) {
      const through = await audited(ours, ...options);
      const without = await audited(theirs, ...options);
      assert.equal(through.code, without.code, options.join(' '));
      // A client with two repositories names packages by repository, so their order differs.
      if (through.json === undefined) assert.deepEqual(sortedLines(through.output), sortedLines(without.output));
      else assert.deepEqual(through.json, without.json);
    }
    const { code, json } = await audited(ours, '--format=json');
    assert.notEqual(code, 0);
    assert.deepEqual(Object.keys(json.advisories).sort(), ['acme/weak', 'secret/weak']);
    assert.deepEqual(Object.values(json.advisories['acme/weak']).map(({ advisoryId }) => advisoryId), ['PKSA-1', 'PKSA-3']);
  });

  it('has a client refuse what it would refuse directly', async () => {
    const ours = await mirror.project({ require: REQUIRED });
    const theirs = await direct({});
    assert.equal((await ours.composer('update')).code, (await theirs.composer('update')).code);
  });

  it('tells no upstream the names of another', async () => {
    const [open, hidden] = mirror.upstreams;
    for (const upstream of mirror.upstreams) upstream.requests.length = 0;
    const ours = await mirror.project({ require: REQUIRED, config: LET_IN });
    await ours.succeed('update');
    await audited(ours, '--format=json');

    const asked = open.requests.filter(({ method }) => method === 'POST').map(({ body }) => decodeURIComponent(body));
    assert.ok(asked.some((body) => body.includes('acme/weak')));
    assert.ok(asked.every((body) => !body.includes('secret/')));
    assert.ok(open.requests.every(({ path }) => !path.includes('secret')));
    assert.ok(hidden.requests.every(({ path, body }) => !path.includes('acme') && !body.includes('acme')));
  });

  it('adds what we publish ourselves, at once and until it is withdrawn', async () => {
    const ours = await mirror.project({ require: REQUIRED, config: LET_IN });
    await ours.succeed('update');
    const made = await mirror.worker.api('POST', '/api/advisories', {
      packageName: 'acme/plain',
      affectedVersions: '>=1.0,<1.2|^3.0',
      title: 'Writes files',
      cve: 'CVE-2026-1234',
      link: 'https://example.com/own',
      severity: 'critical',
      reportedAt: '2026-11-20T10:00:00Z',
    });
    assert.equal(made.status, 201);
    const { id } = made.body;

    const { code, json } = await audited(ours, '--format=json');

    assert.notEqual(code, 0); // how many packages, or since 2.9 what was found
    assert.equal(Object.keys(json.advisories).length, 3);
    const shown = json.advisories['acme/plain'].map(({ severity, ...more }) => more); // which older clients do not show
    assert.deepEqual(shown, [
      {
        advisoryId: id,
        packageName: 'acme/plain',
        affectedVersions: '>=1.0,<1.2|^3.0',
        title: 'Writes files',
        cve: 'CVE-2026-1234',
        link: 'https://example.com/own',
        reportedAt: '2026-11-20T10:00:00+00:00',
        sources: [{ name: 'PACKAGE.broker', remoteId: id }],
      },
    ]);
    const file = await (await mirror.get('/p2/acme/plain.json')).text();
    assert.equal((await mirror.worker.api('DELETE', `/api/advisories/${id}`)).status, 204);
    assert.deepEqual(Object.keys((await audited(ours, '--format=json')).json.advisories).sort(), ['acme/weak', 'secret/weak']);
    // The owner tells its advisories by an API, so a list in this file, which has none, would hide them.
    assert.ok(!file.includes('security-advisories'));
  });

  it('writes our own into the document of a package that has advisories, even while the upstream is down', async () => {
    const before = await mirror.get('/p2/acme/weak.json');
    const text = await before.text();
    const heal = mirror.upstream.fault('/', ({ response }) => response.destroy());
    try {
      const { body } = await mirror.worker.api('POST', '/api/advisories', { packageName: 'acme/weak', affectedVersions: '*', title: 'Everything' });
      const changed = await mirror.get('/p2/acme/weak.json', { 'if-modified-since': before.headers.get('last-modified') });
      assert.equal(changed.status, 200);
      const advisories = (await changed.json())['security-advisories'];
      assert.deepEqual(advisories.map(({ advisoryId }) => advisoryId), ['PKSA-1', 'PKSA-2', 'PKSA-3', body.id]);
      await mirror.worker.api('DELETE', `/api/advisories/${body.id}`);
      assert.equal(await (await mirror.get('/p2/acme/weak.json')).text(), text);
    } finally {
      heal();
    }
  });

  it('says what it last heard while an upstream is down, and fails for what it never heard of', async () => {
    const ours = await mirror.project({ require: REQUIRED, config: LET_IN });
    await ours.succeed('update');
    const before = await audited(ours, '--format=json');
    mirror.upstream.publish({ name: 'acme/new', version: '1.1.0' });
    await (await mirror.get('/p2/acme/new.json')).text();
    const heal = mirror.upstream.fault('/api/', ({ response }) => response.writeHead(503).end());
    try {
      assert.deepEqual((await audited(ours, '--format=json')).json, before.json);
      const answer = await post('/security-advisories', 'packages[]=acme/new', 'application/x-www-form-urlencoded');
      assert.equal(answer.status, 503);
    } finally {
      heal();
    }
  });

  const post = (path, body, type) =>
    fetch(mirror.url + path, { method: 'POST', body, headers: { 'content-type': type, authorization: basic(mirror.reader) } });

  const entries = async (packages, lists) => {
    const body = JSON.stringify({ packages: packages.map((name) => `pkg://composer/${name}`), lists });
    const answer = await post('/filter/entries', body, 'application/json');
    assert.equal(answer.status, 200);
    return (await answer.json()).filter;
  };

  it('blocks malware for Composer 2.10, which asks for entries', async () => {
    const why = { url: 'https://example.com/m', reason: 'steals tokens', id: 'M-1', source: 'aikido' };
    dangers.flag('malware', 'acme/weak', '2.0.0', why);
    secrets.flag('malware', 'secret/weak', '1.0.0', why);
    secrets.flag('company-policy', 'secret/weak', '*', { reason: 'old' });

    const root = await (await mirror.get('/packages.json')).json();
    assert.deepEqual(root.filter.lists, { malware: { enabled: true }, 'company-policy': { enabled: true } });
    assert.equal(root.filter['api-url'], `${mirror.url}/filter/entries`);
    assert.equal(root['security-advisories']['api-url'], `${mirror.url}/security-advisories`);
    await (await mirror.get('/p2/acme/weak.json')).text();

    assert.deepEqual(await entries(Object.keys(REQUIRED), ['malware']), {
      malware: [
        { package: 'acme/weak', constraint: '2.0.0', ...why },
        { package: 'secret/weak', constraint: '1.0.0', ...why },
      ],
    });
    assert.deepEqual(await entries(['secret/weak', 'acme/clean'], ['company-policy']), {
      'company-policy': [{ package: 'secret/weak', constraint: '*', reason: 'old' }],
    });
    assert.deepEqual(await entries(['acme/clean'], ['malware']), {});
  });

  it('has a summary that is asked for conditionally, and the reasons in the files', async () => {
    const first = await mirror.get('/filter/summary.json');
    assert.deepEqual(await first.json(), { filter: { malware: { 'acme/weak': '2.0.0' } } });
    const date = first.headers.get('last-modified');
    const same = await mirror.get('/filter/summary.json', { 'if-modified-since': date });
    assert.equal(same.status, 304);
    assert.equal(await same.text(), '');
    const file = await (await mirror.get('/p2/acme/weak.json')).json();
    assert.equal(file.filter.malware[0].reason, 'steals tokens');

    dangers.flag('malware', 'acme/clean', '1.0.0');
    const changed = await mirror.get('/filter/summary.json', { 'if-modified-since': date });
    assert.deepEqual(await changed.json(), { filter: { malware: { 'acme/clean': '1.0.0', 'acme/weak': '2.0.0' } } });
  });

  it('keeps blocking while the upstream is down', async () => {
    const heal = mirror.upstream.fault('/', ({ response }) => response.destroy());
    try {
      const { malware } = await entries(['acme/weak', 'acme/clean'], ['malware']);
      assert.deepEqual(malware.map((each) => each.package), ['acme/weak', 'acme/clean']);
    } finally {
      heal();
    }
  });
});

function sortedLines(text) {
  return text.split('\n').sort();
}
