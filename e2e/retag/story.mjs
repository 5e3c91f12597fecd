/** One random story of a package: its upstream publishes, tags again, sends other bytes, takes back; clients look and load. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { distUrl, expectError } from '../expect.mjs';
import { referenceOf } from '../upstream/release.mjs';
import { Model, isBranch, keyOf, normalized } from './model.mjs';

const VERSIONS = ['1.0.0', '1.1.0', '2.0.0', 'dev-main'];
const REFERENCES = [1, 2, 3, 4].map((i) => referenceOf('story', i));
const STEPS = 14;

/** Plays a story and holds each answer, and at last all of them together, against the model. */
export async function playStory(mirror, random, name) {
  const story = new Story(mirror, random, name);
  for (let i = 0; i < STEPS; i++) await story.step();
  await story.end();
}

class Story {
  #mirror;
  #random;
  #name;
  #model = new Model();
  #bytes = new Map(); // each path that ever answered 200 → SHA-1 of its bytes
  #seen = false;

  constructor(mirror, random, name) {
    this.#mirror = mirror;
    this.#random = random;
    this.#name = name;
  }

  step() {
    const act = this.#random.pick(['publish', 'retag', 'retag', 'rebuild', 'rebuild', 'unpublish', 'lose', 'look', 'look', 'look', 'load', 'load', 'load', 'load', 'load']);
    return this[act]();
  }

  publish() {
    this.#publish({ version: this.#random.pick(VERSIONS), reference: this.#random.pick(REFERENCES) });
  }

  retag() {
    const metadata = this.#listed();
    if (metadata !== undefined) this.#publish({ version: metadata.version, reference: this.#random.pick(REFERENCES) });
  }

  rebuild() {
    const metadata = this.#listed();
    if (metadata !== undefined) this.#publish({ version: metadata.version, reference: metadata.dist.reference });
  }

  #publish(description) {
    const shasum = this.#random.chance(0.3) ? 'none' : 'right';
    this.#model.publish(this.#mirror.upstream.publish({ name: this.#name, shasum, ...description }));
  }

  // The last version stays: a package of no versions at all is another story.
  unpublish() {
    const metadata = this.#listed();
    if (this.#model.listed().length < 2) return;
    this.#mirror.upstream.remove(this.#name, metadata.version);
    this.#model.unpublish(metadata.version);
  }

  lose() {
    if (!this.#random.chance(0.3)) return;
    this.#mirror.upstream.removeArchives(this.#name);
    this.#model.loseArchives();
  }

  async look() {
    if (this.#listed() === undefined) return;
    this.#seen = true;
    const expected = this.#model.refresh();
    for (const [file, dev] of [['', false], ['~dev', true]]) {
      await this.#assertServed(file, new Map([...expected].filter(([version]) => isBranch(version) === dev)));
    }
  }

  async #assertServed(file, expected) {
    const response = await this.#mirror.get(`/p2/${this.#name}${file}.json`);
    if (response.status === 404) {
      await response.arrayBuffer();
      assert.deepEqual([...expected.keys()], [], `${file} is 404`);
      return;
    }
    const served = (await this.#mirror.expanded(response, this.#name)).map(({ version, dist }) => [version, dist]);
    assert.deepEqual(new Map(served.map(([version, { reference }]) => [version, reference])), new Map([...expected].map(([version, { reference }]) => [version, reference])));
    for (const [version, { url, reference, shasum }] of served) {
      assert.equal(url, this.#url(version, reference));
      assert.ok(shasum === '' || shasum === expected.get(version).sha1, `shasum of ${keyOf(version, reference)}`);
    }
  }

  // Mostly what clients are shown, and now and then what somebody may have made up, or have from an old lock.
  load() {
    if (!this.#seen) return undefined;
    const served = this.#model.served();
    if (served.length === 0 || this.#random.chance(0.3)) return this.#load(this.#random.pick(VERSIONS), this.#random.pick(REFERENCES));
    return this.#load(...this.#random.pick(served));
  }

  async #load(version, reference) {
    const expected = this.#model.download(version, reference);
    const url = this.#url(version, reference);
    const response = await this.#mirror.get(url);
    if (expected.status !== 200) return expectError(response, expected.status);
    const body = Buffer.from(await response.arrayBuffer());
    assert.equal(response.status, 200, `${url}: ${body.subarray(0, 200)}`);
    const sha1 = createHash('sha1').update(body).digest('hex');
    assert.equal(sha1, expected.sha1, url);
    assert.equal(this.#bytes.get(url) ?? sha1, sha1, `${url} has changed`);
    this.#bytes.set(url, sha1);
  }

  /** Once more, with nothing left upstream: what was served is served, byte for byte, and each new reference was alerted once. */
  async end() {
    await this.look();
    this.lose();
    for (const url of this.#bytes.keys()) {
      const [version, reference] = this.#versionAt(url);
      await this.#load(version, reference);
    }
    const alerts = await this.#mirror.worker.sql("SELECT kind, version, reference, shasum FROM alert WHERE package = ? AND kind IN ('retag', 'bytes')", this.#name);
    const told = alerts.map(({ kind, version, reference, shasum }) => [kind, version, reference, ...(kind === 'bytes' ? [shasum] : [])].join(' '));
    assert.deepEqual(told.sort(), this.#model.alerts());
    this.#mirror.upstream.remove(this.#name);
    this.#mirror.upstream.removeArchives(this.#name);
  }

  #versionAt(url) {
    return VERSIONS.flatMap((version) => REFERENCES.map((reference) => [version, reference])).find((each) => this.#url(...each) === url);
  }

  #url(version, reference) {
    return distUrl(this.#mirror, this.#name, normalized(version), reference);
  }

  #listed() {
    const listed = this.#model.listed();
    return listed.length === 0 ? undefined : this.#random.pick(listed);
  }
}
