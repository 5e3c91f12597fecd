/** Packages in git hosts, with the real client: each version as its own composer.json has it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startGitHub } from './git/github.mjs';
import { startGitLab } from './git/gitlab.mjs';
import { startGitea } from './git/gitea.mjs';
import { startWorker } from './worker.mjs';

const HOSTS = { GitHub: startGitHub, GitLab: startGitLab, Gitea: startGitea };
const MINUTES = 12;

const manifest = (keys = {}) => ({ name: 'acme/tool', autoload: { 'psr-4': { 'Acme\\': 'src/' } }, ...keys });

for (const [name, start] of Object.entries(HOSTS)) {
  describe(`a repository of ${name}`, () => {
    let host;
    let worker;
    let tool;
    let reader;
    const commits = {};

    /** Has the walks and the looks take turns, as they would over as many minutes. */
    async function minutes(count = MINUTES) {
      for (let i = 0; i < count; i++) {
        const due = i % 4 === 0 ? ", cursor = ''" : '';
        await worker.sql(`UPDATE job SET not_before = 0 ${due} WHERE kind = 'git'`);
        await worker.scheduled();
      }
    }

    before(async () => {
      host = await start();
      tool = host.create('acme/tool.php');
      commits.main = tool.branch('main', manifest({ require: { 'acme/base': '^2.0' }, extra: { 'branch-alias': { 'dev-main': '2.x-dev' } } }));
      commits.line = tool.branch('1.x', manifest({ require: { 'acme/base': '^1.0' } }));
      commits.feature = tool.branch('feature/x', manifest());
      commits.first = tool.tag('v1.0.0', manifest({ require: { 'acme/base': '^1.0' }, autoload: { 'psr-0': { Acme_: 'lib/' } } }));
      commits.beta = tool.tag('2.0.0-beta1', manifest({ require: { 'acme/base': '^2.0' } }));
      commits.four = tool.tag('1.2.3.4', manifest());
      tool.tag('broken', manifest());
      tool.tag('1.3.0', '{ no json');
      const base = host.create('acme/base');
      base.defaultBranch = 'trunk-of-old';
      base.branch('trunk-of-old', { name: 'acme/base' });
      base.tag('1.0', { name: 'acme/base' });
      base.tag('2.1', { name: 'acme/base' });
      host.create('acme/site').branch('main', undefined);
      host.create('acme/fork').branch('main', { name: 'symfony/console' });

      worker = await startWorker({ upstreams: [host, { origin: host.storageOrigin }] });
      await worker.setup();
      await worker.work();
      const description = { name: 'hub', kind: host.kind, url: host.url, patterns: ['acme/*'], auth: host.auth, organisations: [{ name: 'acme' }] };
      const made = await worker.api('POST', '/api/upstreams', description);
      assert.equal(made.status, 201, JSON.stringify(made.body));
      assert.equal(made.body.url, host.api);
      host.upstream = made.body.id;
      await minutes();
      ({ token: reader } = await worker.createToken());
    });
    after(async () => {
      await worker?.close();
      await host?.close();
    });

    const client = (require, options = {}) => worker.project({ token: reader, require, ...options });

    it('is read completely, and what cannot be a version is reported', async () => {
      const { body } = await worker.api('GET', `/api/upstreams/${host.upstream}/repositories`);
      const by = Object.fromEntries(body.repositories.map((each) => [each.path, each]));
      assert.equal(by['acme/tool.php'].state, 'idle');
      assert.equal(by['acme/tool.php'].package, 'acme/tool');
      assert.equal(by['acme/tool.php'].versions, 6);
      assert.deepEqual(by['acme/tool.php'].problems.map(({ ref }) => ref), ['tags/1.3.0', 'tags/broken']);
      assert.equal(by['acme/base'].versions, 3);
      assert.match(by['acme/site'].problem, /there is no composer.json/);
      assert.match(by['acme/fork'].problem, /symfony\/console matches no pattern/);
    });

    it('installs a tagged version with the requirements and the autoloading of its own composer.json', async () => {
      const project = await client({ 'acme/tool': '1.0.0' });
      await project.succeed('update');
      const tool = await project.installed('acme/tool');
      assert.equal(tool.version, 'v1.0.0');
      assert.equal(tool.reference, commits.first);
      assert.equal(tool.marker.commit, commits.first);
      assert.deepEqual(tool.metadata.autoload, { 'psr-0': { Acme_: 'lib/' } });
      assert.equal((await project.installed('acme/base')).version, '1.0');
      assert.doesNotMatch(await project.lockText(), new RegExp(host.origin));
    });

    it('installs a pre-release, a version of four numbers, and branches', async () => {
      for (const [constraint, version, commit, base] of [
        ['2.0.0-beta1', '2.0.0-beta1', 'beta', '2.1'],
        ['1.2.3.4', '1.2.3.4', 'four'],
        ['1.x-dev', '1.x-dev', 'line', '1.0'],
        ['dev-main', 'dev-main', 'main', '2.1'],
        ['2.x-dev', 'dev-main', 'main', '2.1'],
        ['dev-feature/x', 'dev-feature/x', 'feature'],
      ]) {
        const project = await client({ 'acme/tool': constraint }, { minimumStability: 'dev', preferStable: true });
        await project.succeed('update');
        const tool = await project.installed('acme/tool');
        assert.equal(tool.version, version);
        assert.equal(tool.reference, commits[commit]);
        assert.equal(tool.marker.commit, commits[commit]);
        if (base !== undefined) assert.equal((await project.installed('acme/base')).version, base);
      }
    });

    it('gives a moved branch new bytes at a new URL, and refuses a moved tag', async () => {
      const project = await client({ 'acme/tool': 'dev-main' }, { minimumStability: 'dev', preferStable: true });
      await project.succeed('update');
      const old = await project.checkout();
      const before = await project.locked('acme/tool');
      const moved = tool.branch('main', manifest({ require: { 'acme/base': '*' } }));
      tool.tag('v1.0.0', manifest({ require: { 'acme/base': '^9' } }));
      await minutes();

      await project.succeed('update');
      const now = await project.locked('acme/tool');
      assert.notEqual(now.dist.url, before.dist.url);
      assert.equal((await project.installed('acme/tool')).marker.commit, moved);
      await old.succeed('install');
      assert.equal((await old.installed('acme/tool')).marker.commit, commits.main);

      const tagged = await client({ 'acme/tool': '1.0.0' });
      await tagged.succeed('update');
      assert.equal((await tagged.installed('acme/tool')).marker.commit, commits.first);
      assert.equal((await worker.alerts('retag')).length, 1);
    });

    it('has the bytes that were first fetched for ever, although the host never makes them twice', async () => {
      const path = `/dist/acme/tool/1.2.3.4/r${commits.four}.zip`;
      const first = Buffer.from(await (await worker.get(path, reader)).arrayBuffer());
      const again = Buffer.from(await (await worker.get(path, reader)).arrayBuffer());
      assert.ok(first.equals(again));
    });

    it('is asked for nothing that is not documented, and no credential leaves its API', () => {
      assert.ok(host.downloads.length > 0);
      assert.deepEqual(host.violations, []);
      for (const { headers } of host.requests) assert.equal(headers.authorization, host.credential.authorization);
    });

    // Gitea limits nothing: https://docs.gitea.com/development/api-usage
    const metered = name === 'Gitea' ? [] : [it];
    for (const check of metered) check('is left alone once little is left of what it grants', async () => {
      await worker.work(); // Its credential is tried first, as once a day.
      host.remaining = 3;
      tool.tag('3.0.0', manifest());
      await worker.sql("UPDATE job SET not_before = 0, cursor = '' WHERE kind = 'git'");
      for (let i = 0; i < 6; i++) await worker.scheduled();
      const spent = 3 - host.remaining;
      assert.ok(spent <= 1, `expected no more than the request that tells, but found ${spent}`);
    });
  });
}
