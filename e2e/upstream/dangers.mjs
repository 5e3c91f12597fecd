/**
 * What a repository says of dangers, as packagist.org does: security advisories, by an API and in the packages' files, and
 * filter lists, by a summary and in the packages' files, or by an API.
 *
 * @see https://getcomposer.org/doc/05-repositories.md#security-advisories
 */
const ADVISORIES = '/api/security-advisories/';
const SUMMARY = '/lists/all/summary.json';
const ENTRIES = '/lists/entries';

/**
 * Returns what makes the keys of packages.json that say so: an option `root` of `startUpstream`. Clients before 2.6 take the
 * address of the API as it stands, so it is a whole one.
 *
 * @param {object} ways
 * @param {boolean} ways.advisoryApi whether advisories can be asked for
 * @param {boolean} ways.advisoryFiles whether the packages' files hold them: with the API id and versions only, else all
 * @param {string[]} ways.lists the names of filter lists
 * @param {boolean} ways.entriesApi whether their entries can be asked for
 */
export function dangerousRoot({ advisoryApi = false, advisoryFiles = false, lists = [], entriesApi = false }) {
  return (origin) => rootAt(origin, { advisoryApi, advisoryFiles, lists, entriesApi });
}

function rootAt(origin, { advisoryApi, advisoryFiles, lists, entriesApi }) {
  const root = {};
  if (advisoryApi || advisoryFiles) root['security-advisories'] = { metadata: advisoryFiles, ...(advisoryApi && { 'api-url': origin + ADVISORIES }) };
  if (lists.length > 0) {
    const enabled = Object.fromEntries(lists.map((list) => [list, { enabled: true }]));
    root.filter = { metadata: true, lists: enabled, ...(entriesApi ? { 'api-url': ENTRIES } : { 'summary-url': SUMMARY }) };
  }
  return root;
}

/** The dangers of an upstream that was started with such a root. */
export class Dangers {
  #upstream;
  #ways;
  #advisories = new Map();
  #entries = [];

  constructor(upstream, ways) {
    this.#upstream = upstream;
    this.#ways = ways;
    upstream.respond(ADVISORIES, (body) => this.#askedAdvisories(body));
    upstream.respond(SUMMARY, () => ({ filter: this.#summary() }));
    upstream.respond(ENTRIES, (body) => this.#askedEntries(JSON.parse(body)));
  }

  /** Says that a package has these advisories; none means that it is known and clean. */
  advise(name, ...advisories) {
    this.#advisories.set(name, advisories.map((advisory) => ({ packageName: name, ...advisory })));
    this.#describe(name);
  }

  /** Puts versions of a package on a list. */
  flag(list, name, constraint, more = {}) {
    this.#entries.push({ list, name, entry: { constraint, ...more } });
    this.#describe(name);
  }

  #describe(name) {
    const { advisoryApi, advisoryFiles } = this.#ways;
    const advisories = this.#advisories.get(name);
    const entries = this.#entries.filter((each) => each.name === name);
    this.#upstream.describe(name, {
      ...(advisoryFiles && advisories !== undefined && { 'security-advisories': advisoryApi ? advisories.map(partial) : advisories }),
      ...(entries.length > 0 && { filter: byList(entries) }),
    });
  }

  #askedAdvisories(body) {
    const names = [...new URLSearchParams(body)].filter(([key]) => key.startsWith('packages[')).map(([, name]) => name);
    const known = names.filter((name) => this.#advisories.has(name));
    return { advisories: Object.fromEntries(known.map((name) => [name, this.#advisories.get(name)])) };
  }

  #askedEntries({ packages, lists }) {
    const wanted = this.#entries.filter(({ list, name }) => lists.includes(list) && packages.includes(`pkg://composer/${name}`));
    return { filter: byList(wanted.map(({ list, name, entry }) => ({ list, entry: { package: name, ...entry } }))) };
  }

  #summary() {
    const filter = {};
    for (const { list, name, entry } of this.#entries) {
      const packages = (filter[list] ??= {});
      packages[name] = packages[name] === undefined ? entry.constraint : `${packages[name]}|${entry.constraint}`;
    }
    return filter;
  }
}

function partial({ advisoryId, affectedVersions }) {
  return { advisoryId, affectedVersions };
}

function byList(entries) {
  const lists = {};
  for (const { list, entry } of entries) (lists[list] ??= []).push(entry);
  return lists;
}
