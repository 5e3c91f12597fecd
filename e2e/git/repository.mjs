/** Repositories as git has them: commits that never change, and tags and branches that do. No host's words. */
import { createHash, randomBytes } from 'node:crypto';
import { zip } from '../upstream/archive.mjs';
import { MARKER } from '../upstream/release.mjs';

let made = 0;

export class Repository {
  id = 1000 + ++made;
  defaultBranch = 'main';
  archived = false;
  tags = new Map();
  branches = new Map();
  commits = new Map();
  pushes = 0;

  /** @param {string} path such as `acme/tool` */
  constructor(path) {
    this.path = path;
  }

  get name() {
    return this.path.slice(this.path.lastIndexOf('/') + 1);
  }

  /** When it was last pushed to. */
  get pushedAt() {
    return new Date(Date.UTC(2026, 0, 1) + this.pushes * 1000).toISOString().replace('.000', '');
  }

  /** Makes a commit of these files: texts by their paths, or objects, which become JSON. */
  commit(files) {
    const texts = Object.fromEntries(Object.entries(files).map(([path, content]) => [path, typeof content === 'string' ? content : JSON.stringify(content, null, 2)]));
    const id = createHash('sha1').update(JSON.stringify([this.id, ++this.pushes, texts])).digest('hex');
    this.commits.set(id, { id, files: texts, date: new Date(Date.UTC(2026, 0, 2) + this.pushes * 60_000).toISOString().replace('.000', '') });
    return id;
  }

  /** Tags a new commit with this composer.json, and returns its id. */
  tag(name, manifest, files = {}) {
    this.tags.set(name, this.commit(content(name, manifest, files)));
    return this.tags.get(name);
  }

  /** Moves a branch to a new commit with this composer.json, and returns its id. */
  branch(name, manifest, files = {}) {
    this.branches.set(name, this.commit(content(name, manifest, files)));
    return this.branches.get(name);
  }

  /** Deletes a tag or branch. */
  delete(name) {
    this.tags.delete(name);
    this.branches.delete(name);
    this.pushes++;
  }

  /** Returns the commit that a name or an id means, or undefined. */
  resolve(ref) {
    return this.commits.get(this.branches.get(ref) ?? this.tags.get(ref) ?? ref);
  }

  /** Returns a zip of a commit, or of a directory of it; like those of the hosts, never the same bytes twice. */
  archive(commit, directory = '') {
    const prefix = directory === '' ? '' : `${directory}/`;
    const files = Object.entries(commit.files).filter(([path]) => path.startsWith(prefix)).map(([path, text]) => [path.slice(prefix.length), text]);
    return zip({ ...Object.fromEntries(files), [MARKER]: JSON.stringify({ commit: commit.id }), '.made': randomBytes(8).toString('hex') });
  }
}

function content(name, manifest, files) {
  return { 'src/Hello.php': '<?php\n\nnamespace Acme;\n\nfinal class Hello\n{\n}\n', ...files, ...(manifest === undefined ? {} : { 'composer.json': manifest }), NAME: name };
}
