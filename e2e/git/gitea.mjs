/** The API of Gitea and Forgejo. Its pages are those of https://docs.gitea.com/api/; what they do not describe is refused. */
import { Host, pageOf } from './host.mjs';

const DOCS = 'https://docs.gitea.com/api/1.22/#tag';
const TOKEN = '0123456789abcdef0123456789abcdef01234567';
const PAGED = ['page', 'limit'];
const MOST = 50; // [api] MAX_RESPONSE_ITEMS: https://docs.gitea.com/administration/config-cheat-sheet#api-api

export function startGitea() {
  return new Gitea().listen();
}

class Gitea extends Host {
  constructor() {
    const authorization = `token ${TOKEN}`; // https://docs.gitea.com/development/api-usage#authentication
    super({ kind: 'gitea', base: '/api/v1', auth: { type: 'header', name: 'authorization', value: authorization }, credential: { authorization } });
    this.on('/orgs/:org/repos', { docs: `${DOCS}/organization/operation/orgListRepos`, query: PAGED }, (call) => {
      const owned = this.repositories.filter(({ path }) => path.startsWith(`${call.parameters.org}/`));
      return owned.length === 0 ? missing() : this.#page(call, owned.map((each) => this.#described(each)));
    });
    this.#onRepository('', { docs: `${DOCS}/repository/operation/repoGet` }, (repository) => ({ json: this.#described(repository) }));
    this.#onRepository('/tags', { docs: `${DOCS}/repository/operation/repoListTags`, query: PAGED }, (repository, call) =>
      this.#page(call, [...repository.tags].map(([name, sha]) => ({
        name, message: '', id: sha, commit: { url: `${this.api}/repos/${repository.path}/git/commits/${sha}`, sha, created: repository.commits.get(sha).date },
        zipball_url: `https://gitea.example/${repository.path}/archive/${name}.zip`, tarball_url: `https://gitea.example/${repository.path}/archive/${name}.tar.gz`,
      }))));
    this.#onRepository('/branches', { docs: `${DOCS}/repository/operation/repoListBranches`, query: PAGED }, (repository, call) =>
      this.#page(call, [...repository.branches].map(([name, sha]) => ({
        name, commit: { id: sha, message: 'x', url: `https://gitea.example/${repository.path}/commit/${sha}`, timestamp: repository.commits.get(sha).date.replace('Z', '+00:00') }, protected: false,
      }))));
    this.#onRepository('/raw/*path', { docs: `${DOCS}/repository/operation/repoGetRawFile`, query: ['ref'] }, (repository, { parameters, query }) => {
      const text = repository.resolve(query.get('ref') ?? repository.defaultBranch)?.files[parameters.path];
      return text === undefined ? missing() : { headers: { 'content-type': 'application/octet-stream' }, bytes: Buffer.from(text) };
    });
    // Some sorts of storage are redirected to: https://docs.gitea.com/administration/config-cheat-sheet#repository-archive-storage-storagerepo-archive
    this.#onRepository('/archive/:archive', { docs: `${DOCS}/repository/operation/repoGetArchive` }, (repository, { parameters }) => {
      const commit = parameters.archive.endsWith('.zip') ? repository.resolve(parameters.archive.slice(0, -4)) : undefined;
      return commit === undefined ? missing() : { status: 302, headers: { location: this.offer(repository.archive(commit)) } };
    });
  }

  #onRepository(suffix, rules, handle) {
    this.on(`/repos/:owner/:repo${suffix}`, rules, (call) => {
      const repository = this.find(`${call.parameters.owner}/${call.parameters.repo}`);
      return repository === undefined ? missing() : handle(repository, call);
    });
  }

  #described({ id, path, name, defaultBranch, archived, pushedAt, branches }) {
    const page = `https://gitea.example/${path}`;
    return {
      id, owner: { login: path.split('/')[0] }, name, full_name: path, empty: branches.size === 0, private: true, fork: false, html_url: page, clone_url: `${page}.git`,
      ssh_url: `git@gitea.example:${path}.git`, default_branch: defaultBranch, archived, created_at: '2020-01-01T00:00:00Z', updated_at: pushedAt,
    };
  }

  // https://docs.gitea.com/development/api-usage#pagination
  #page(call, all) {
    const { items, number, more } = pageOf(all, call.query, { size: 30, max: MOST, perPage: 'limit' });
    const link = (page) => {
      const url = new URL(call.url);
      url.searchParams.set('page', page);
      return url.href;
    };
    const headers = { 'x-total-count': `${all.length}` };
    return { json: items, headers: more ? { ...headers, link: `<${link(number + 1)}>; rel="next",<${link(99)}>; rel="last"` } : headers };
  }
}

function missing() {
  return { status: 404, json: { message: 'not found' } };
}
