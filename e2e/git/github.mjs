/**
 * GitHub's REST API, version 2022-11-28, as GitHub Enterprise Server has it: below /api/v3. Pages are those of
 * https://docs.github.com/en/rest; what they do not describe is refused.
 */
import { createHash } from 'node:crypto';
import { Host, MAX_REQUESTS, pageOf } from './host.mjs';

const DOCS = 'https://docs.github.com/en/rest';
const TOKEN = 'ghp_0123456789abcdefghijklmnopqrstuvwxyz';
const PAGED = ['per_page', 'page'];

export function startGitHub() {
  return new GitHub().listen();
}

class GitHub extends Host {
  constructor() {
    super({ kind: 'github', base: '/api/v3', auth: { type: 'bearer', token: TOKEN }, credential: { authorization: `Bearer ${TOKEN}` } });
    const json = 'application/vnd.github+json';
    // https://docs.github.com/en/rest/repos/repos#list-organization-repositories
    this.on('/orgs/:org/repos', { docs: `${DOCS}/repos/repos#list-organization-repositories`, query: ['type', 'sort', 'direction', ...PAGED] }, (call) => {
      const owned = this.repositories.filter(({ path }) => path.startsWith(`${call.parameters.org}/`)).sort((a, b) => (a.path < b.path ? -1 : 1));
      return owned.length === 0 ? missing() : this.#page(call, json, owned.map((each) => this.#described(each)));
    });
    // https://docs.github.com/en/rest/repos/repos#get-a-repository
    this.#onRepository('', { docs: `${DOCS}/repos/repos#get-a-repository` }, json, (repository) => ({ json: this.#described(repository) }));
    // Where a renamed repository is redirected to: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
    this.on('/repositories/:id', { docs: `${DOCS}/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects` }, ({ parameters }) => {
      const repository = this.repositories.find(({ id }) => String(id) === parameters.id);
      return repository === undefined ? missing() : { json: this.#described(repository) };
    });
    // https://docs.github.com/en/rest/repos/repos#list-repository-tags
    this.#onRepository('/tags', { docs: `${DOCS}/repos/repos#list-repository-tags`, query: PAGED }, json, (repository, call) =>
      this.#page(call, json, this.#refs(repository, repository.tags, 'zipball')));
    // https://docs.github.com/en/rest/branches/branches#list-branches
    this.#onRepository('/branches', { docs: `${DOCS}/branches/branches#list-branches`, query: ['protected', ...PAGED] }, json, (repository, call) =>
      this.#page(call, json, this.#refs(repository, repository.branches, 'branch')));
    // https://docs.github.com/en/rest/repos/contents#get-repository-content
    this.#onRepository('/contents/*path', { docs: `${DOCS}/repos/contents#get-repository-content`, query: ['ref'] }, 'application/vnd.github.raw+json', (repository, { parameters, query }) => {
      const text = repository.resolve(query.get('ref') ?? repository.defaultBranch)?.files[parameters.path];
      return text === undefined ? missing() : { headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' }, bytes: Buffer.from(text) };
    });
    // https://docs.github.com/en/rest/git/commits#get-a-commit-object
    this.#onRepository('/git/commits/:sha', { docs: `${DOCS}/git/commits#get-a-commit-object` }, json, (repository, { parameters }) => {
      const commit = repository.commits.get(parameters.sha);
      const who = { name: 'A', email: 'a@example.org', date: commit?.date };
      return commit === undefined ? missing() : { json: { sha: commit.id, author: who, committer: who, message: 'x', tree: { sha: commit.id, url: '' }, parents: [] } };
    });
    // https://docs.github.com/en/rest/repos/contents#download-a-repository-archive-zip
    this.#onRepository('/zipball/:ref', { docs: `${DOCS}/repos/contents#download-a-repository-archive-zip` }, '*/*', (repository, { parameters }) => {
      const commit = repository.resolve(parameters.ref);
      return commit === undefined ? missing() : { status: 302, headers: { location: this.offer(repository.archive(commit)) } };
    });
    // https://docs.github.com/en/rest/rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user
    this.on('/rate_limit', { docs: `${DOCS}/rate-limit/rate-limit` }, () => ({ json: { resources: {} }, headers: { 'github-authentication-token-expiration': '2030-01-01 00:00:00 UTC' } }));
  }

  #onRepository(suffix, rules, accept, handle) {
    this.on(`/repos/:owner/:repo${suffix}`, rules, (call) => {
      const accepted = call.request.headers.accept;
      if (accepted !== accept) return { status: 415, json: { message: `expected to be asked for ${accept} but found ${accepted}` } };
      const path = `${call.parameters.owner}/${call.parameters.repo}`;
      const repository = this.find(path);
      const moved = this.repositories.find(({ former }) => former === path);
      if (repository === undefined && moved !== undefined && suffix === '') {
        return { status: 301, headers: { location: `${this.api}/repositories/${moved.id}` }, json: { message: 'Moved Permanently' } };
      }
      return repository === undefined ? missing() : handle(repository, call);
    });
  }

  #described(repository) {
    const { id, path, name, defaultBranch, archived, pushedAt } = repository;
    const page = `https://github.example/${path}`;
    return {
      id, node_id: `R_${id}`, name, full_name: path, private: true, owner: { login: path.split('/')[0], id: 1, type: 'Organization' },
      html_url: page, description: null, fork: false, url: `${this.api}/repos/${path}`, clone_url: `${page}.git`, ssh_url: `git@github.example:${path}.git`,
      default_branch: defaultBranch, archived, disabled: false, visibility: 'private', pushed_at: pushedAt, created_at: '2020-01-01T00:00:00Z', updated_at: pushedAt,
      topics: [], permissions: { admin: false, push: false, pull: true },
    };
  }

  #refs(repository, refs, kind) {
    return [...refs].map(([name, sha]) => {
      const commit = { sha, url: `${this.api}/repos/${repository.path}/commits/${sha}` };
      const archive = `${this.api}/repos/${repository.path}/zipball/refs/tags/${name}`;
      return kind === 'branch' ? { name, commit, protected: false } : { name, commit, zipball_url: archive, tarball_url: archive, node_id: 'x' };
    });
  }

  #page(call, accept, all) {
    const { items, number, more } = pageOf(all, call.query, { size: 30, max: 100 });
    const link = (page) => {
      const url = new URL(call.url);
      url.searchParams.set('page', page);
      return url.href;
    };
    const last = `<${link(99)}>; rel="last"`;
    return { json: items, headers: more ? { link: `<${link(number + 1)}>; rel="next", ${last}` } : {} };
  }

  // https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
  // https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
  metered(request, answer) {
    const limits = () => ({ 'x-ratelimit-limit': `${MAX_REQUESTS}`, 'x-ratelimit-remaining': `${this.remaining}`, 'x-ratelimit-reset': `${this.resets}` });
    if (!request.headers['x-github-api-version'] && !request.url.includes('/zipball/') && !request.url.endsWith('/rate_limit')) {
      this.violations.push(`${request.url}: no x-github-api-version, which is 2022-11-28 by default only as long as GitHub likes`);
    }
    if (this.remaining === 0) return { status: 403, json: { message: 'API rate limit exceeded' }, headers: limits() };
    const etag = answer.json === undefined ? undefined : `W/"${createHash('sha256').update(JSON.stringify(answer.json)).digest('hex')}"`;
    if (etag !== undefined && request.headers['if-none-match'] === etag) return { status: 304, headers: { ...limits(), etag } };
    this.remaining--;
    return { ...answer, headers: { ...answer.headers, ...limits(), ...(etag === undefined ? {} : { etag }) } };
  }
}

function missing() {
  return { status: 404, json: { message: 'Not Found' } };
}
