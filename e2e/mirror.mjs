/** The scene of most tests: some upstreams, an instance of ours that mirrors them, and someone who may read it. */
import { startSpy } from './spy.mjs';
import { expand } from './upstream/minify.mjs';
import { startUpstream } from './upstream/upstream.mjs';
import { startWorker } from './worker.mjs';

/**
 * Starts everything.
 *
 * @param {object} options
 * @param {object[]} options.upstreams options of `startUpstream`, and of `Instance.addUpstream` in the same object
 * @param {object} options.vars variables of the Worker
 * @param {object} options.secrets changes to new secrets
 * @param {object[]} options.allowed who may be asked besides the upstreams, each with its `origin`
 * @param {string} options.state a folder in which the instance's data outlive it
 * @param {string} options.basePath the path of the base URL
 * @param {boolean} options.spied whether all requests go through `spy`
 */
export async function startMirror({ upstreams: descriptions, vars, secrets, allowed = [], state, basePath = '', spied = false } = {}) {
  const mirror = new Mirror(await Promise.all(descriptions.map(startUpstream)));
  try {
    await mirror.start(descriptions, { vars, secrets, allowed, state, basePath, spied });
  } catch (error) {
    // What is left open would keep the test from ending, and hide why it failed.
    await mirror.close();
    throw error;
  }
  return mirror;
}

class Mirror {
  worker = undefined;

  /** What sees all requests, if there is to be one. */
  spy = undefined;

  /** The token that may read everything. */
  reader = undefined;

  constructor(upstreams) {
    this.upstreams = upstreams;
  }

  async start(descriptions, { vars, secrets, allowed, state, basePath, spied }) {
    this.worker = await startWorker({ upstreams: [...this.upstreams, ...allowed], vars, secrets, state });
    if (spied) {
      this.spy = await startSpy();
      this.spy.passTo(this.worker.url);
    }
    const url = (this.spy ?? this.worker).url + basePath;
    await this.worker.setup(url);
    this.worker.isAt(url);
    for (const [i, upstream] of this.upstreams.entries()) {
      await this.worker.addUpstream(upstream, { name: `upstream-${i}`, ...descriptions[i] });
    }
    ({ token: this.reader } = await this.worker.createToken());
  }

  get url() {
    return this.worker.url;
  }

  /** Where the instance is, without the path of its base URL. */
  get origin() {
    return new URL(this.url).origin;
  }

  /** The first upstream; the only one of most tests. */
  get upstream() {
    return this.upstreams[0];
  }

  /** Makes a project that reads from this mirror, with the reader's token unless another is given. */
  project(options) {
    return this.worker.project({ token: this.reader, ...options });
  }

  /** Sends a GET as the reader. */
  get(path, headers) {
    return this.worker.get(path, this.reader, headers);
  }

  /** Returns the versions of a p2 file as the reader sees them, expanded. */
  async versions(name) {
    const response = await this.get(`/p2/${name}.json`);
    return this.expanded(response, name);
  }

  /** Returns the versions in an answer to a request for a p2 file, expanded. */
  async expanded(response, name) {
    if (response.status !== 200) throw new Error(`expected metadata of ${name} but found status ${response.status}: ${await response.text()}`);
    const { packages, minified } = await response.json();
    const versions = packages[name.replace(/~dev$/, '')];
    return minified ? expand(versions) : versions;
  }

  async close() {
    await this.spy?.close();
    await this.worker?.close();
    await Promise.all(this.upstreams.map((upstream) => upstream.close()));
  }
}
