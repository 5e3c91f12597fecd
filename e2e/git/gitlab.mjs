/** GitLab's REST API, version 4. Pages are those of https://docs.gitlab.com/api/; what they do not describe is refused. */
import { Host, MAX_REQUESTS, pageOf } from './host.mjs';

const DOCS = 'https://docs.gitlab.com/api';
const TOKEN = 'glpat-0123456789abcdefghij';
const PAGED = ['per_page', 'page'];

export function startGitLab() {
  return new GitLab().listen();
}

class GitLab extends Host {
  constructor() {
    super({ kind: 'gitlab', base: '/api/v4', auth: { type: 'bearer', token: TOKEN }, credential: { authorization: `Bearer ${TOKEN}` } });
    // https://docs.gitlab.com/api/groups/#list-projects
    const listed = ['archived', 'include_subgroups', 'order_by', 'simple', 'sort', 'with_shared', ...PAGED];
    this.on('/groups/:id/projects', { docs: `${DOCS}/groups/#list-projects`, query: listed }, (call) => {
      const deep = call.query.get('include_subgroups') === 'true';
      const owned = this.repositories.filter(({ path }) => path.startsWith(`${call.parameters.id}/`) && (deep || path.split('/').length === call.parameters.id.split('/').length + 1));
      return owned.length === 0 ? missing('Group') : this.#page(call, owned.map((each) => this.#described(each, call.query.get('simple') === 'true')));
    });
    // https://docs.gitlab.com/api/projects/#get-a-single-project
    this.#onProject('', { docs: `${DOCS}/projects/#get-a-single-project`, query: ['license', 'statistics', 'with_custom_attributes'] }, (repository) => ({ json: this.#described(repository) }));
    // https://docs.gitlab.com/api/tags/#list-project-repository-tags
    this.#onProject('/repository/tags', { docs: `${DOCS}/tags/#list-project-repository-tags`, query: ['order_by', 'sort', 'search', ...PAGED] }, (repository, call) =>
      this.#page(call, [...repository.tags].map(([name, sha]) => ({ name, message: '', target: sha, commit: this.#commit(repository, sha), release: null, protected: false }))));
    // https://docs.gitlab.com/api/branches/#list-repository-branches
    this.#onProject('/repository/branches', { docs: `${DOCS}/branches/#list-repository-branches`, query: ['search', 'regex', ...PAGED] }, (repository, call) =>
      this.#page(call, [...repository.branches].map(([name, sha]) => ({ name, merged: false, protected: false, default: name === repository.defaultBranch, commit: this.#commit(repository, sha) }))));
    // https://docs.gitlab.com/api/repository_files/#get-a-raw-file-from-a-repository
    this.#onProject('/repository/files/:path/raw', { docs: `${DOCS}/repository_files/#get-a-raw-file-from-a-repository`, query: ['ref', 'lfs'] }, (repository, { parameters, query }) => {
      const text = repository.resolve(query.get('ref') ?? 'HEAD')?.files[parameters.path];
      return text === undefined ? missing('File') : { headers: { 'content-type': 'text/plain; charset=utf-8' }, bytes: Buffer.from(text) };
    });
    // https://docs.gitlab.com/api/repositories/#get-file-archive
    this.#onProject('/repository/archive.zip', { docs: `${DOCS}/repositories/#get-file-archive`, query: ['sha', 'path', 'include_lfs_blobs', 'exclude_paths'] }, (repository, { query }) => {
      const commit = repository.resolve(query.get('sha') ?? repository.defaultBranch);
      // GitLab serves archives itself, or sends to its object storage: https://docs.gitlab.com/administration/object_storage/#proxy-download
      return commit === undefined ? missing('File') : { status: 302, headers: { location: this.offer(repository.archive(commit)) } };
    });
    // https://docs.gitlab.com/api/personal_access_tokens/#get-details-on-a-personal-access-token
    this.on('/personal_access_tokens/self', { docs: `${DOCS}/personal_access_tokens/` }, () => ({ json: { id: 1, expires_at: '2030-01-01' } }));
  }

  #onProject(suffix, rules, handle) {
    this.on(`/projects/:id${suffix}`, rules, (call) => {
      const { id } = call.parameters;
      const repository = this.repositories.find((each) => String(each.id) === id || each.path === id);
      return repository === undefined ? missing('Project') : handle(repository, call);
    });
  }

  #described({ id, path, name, defaultBranch, archived, pushedAt, branches }, simple = false) {
    const page = `https://gitlab.example/${path}`;
    return {
      id, description: null, name, path: name, path_with_namespace: path, created_at: '2020-01-01T00:00:00.000Z', default_branch: branches.size > 0 ? defaultBranch : null,
      ssh_url_to_repo: `git@gitlab.example:${path}.git`, http_url_to_repo: `${page}.git`, web_url: page, last_activity_at: pushedAt.replace('Z', '.000Z'), namespace: { id: 1 },
      ...(simple ? {} : { archived, visibility: 'private', empty_repo: branches.size === 0 }),
    };
  }

  #commit(repository, sha) {
    const date = repository.commits.get(sha).date.replace('Z', '.000+00:00');
    return { id: sha, short_id: sha.slice(0, 8), title: 'x', parent_ids: [], author_name: 'A', authored_date: date, committer_name: 'A', committed_date: date, created_at: date };
  }

  // https://docs.gitlab.com/api/rest/#offset-based-pagination
  #page(call, all) {
    const { items, number, more } = pageOf(all, call.query, { size: 20, max: 100 });
    return { json: items, headers: { 'x-page': `${number}`, 'x-next-page': more ? `${number + 1}` : '', 'x-total': `${all.length}` } };
  }

  // https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers
  metered(request, answer) {
    const limits = () => ({ 'ratelimit-limit': `${MAX_REQUESTS}`, 'ratelimit-remaining': `${this.remaining}`, 'ratelimit-reset': `${this.resets}` });
    if (this.remaining === 0) return { status: 429, headers: { ...limits(), 'retry-after': `${this.resets - Math.floor(Date.now() / 1000)}` } };
    this.remaining--;
    return { ...answer, headers: { ...answer.headers, ...limits() } };
  }
}

function missing(what) {
  return { status: 404, json: { message: `404 ${what} Not Found` } };
}
