/** The largest documents that are taken in, and the memory that they take: production gives an isolate 128 MB. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { startMirror } from './mirror.mjs';
import { referenceOf } from './upstream/release.mjs';

const VERSIONS = 5_000;
const LARGEST = 32_000_000;
const FACTOR = 5; // of the workerd process, simulators of D1 and R2 included; see docs/operations.md

let mirror;
before(async () => {
  mirror = await startMirror({ upstreams: [{ auth: 'none', minified: false }] });
});
after(() => mirror?.close());

/** Returns the workerd processes of this test, by their parent. */
function workerds() {
  const children = (pid) =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((name) => {
        try {
          return new RegExp(`^PPid:\\s+${pid}$`, 'm').test(readFileSync(`/proc/${name}/status`, 'utf8'));
        } catch {
          return false; // It has ended meanwhile.
        }
      });
  return children(process.pid);
}

const mib = (pid, field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** Returns how much the largest child grew at most while something was done. */
async function growth(act) {
  const [largest] = workerds().sort((a, b) => mib(b, 'VmRSS') - mib(a, 'VmRSS'));
  writeFileSync(`/proc/${largest}/clear_refs`, '5'); // Resets VmHWM.
  const base = mib(largest, 'VmRSS');
  await act();
  return mib(largest, 'VmHWM') - base;
}

/** Answers with a document of so many versions and bytes. */
function offer(name, bytes) {
  const text = (filler) => {
    const versions = Array.from({ length: VERSIONS }, (_, i) => ({
      name,
      version: `1.${i}.0`,
      description: filler,
      require: { php: '>=8' },
      dist: { type: 'zip', url: `${mirror.upstream.url}/dist/${name}-${i}.zip`, reference: referenceOf(name, `${i}`), shasum: '' },
    }));
    return JSON.stringify({ packages: { [name]: versions } });
  };
  const filler = randomBytes(bytes / VERSIONS / 2).toString('hex').slice(0, Math.floor((bytes - text('').length) / VERSIONS));
  const whole = text(filler);
  const padded = whole + ' '.repeat(bytes - whole.length);
  mirror.upstream.fault(`/p2/${name}.json`, ({ response }) => response.writeHead(200, { 'content-type': 'application/json' }).end(padded));
}

async function expectWhole(name) {
  const answer = await mirror.get(`/p2/${name}.json`);
  assert.equal(answer.status, 200);
  const { packages } = await answer.json();
  assert.equal(packages[name].length, VERSIONS);
}

describe('a package of 5,000 versions', () => {
  it(`is mirrored from a document of 32 MB within ${FACTOR} times its size, and served whole`, async () => {
    offer('large/warm', 4_000_000);
    await expectWhole('large/warm'); // What the runtime takes for itself is not the document's.
    offer('large/whole', LARGEST);

    const grown = await growth(async () => assert.equal((await mirror.get('/p2/large/whole.json')).status, 200));

    const factor = (grown * 1024 * 1024) / LARGEST;
    console.log(`# the process grew by ${grown.toFixed(0)} MiB, ${factor.toFixed(1)} times the document`);
    assert.ok(factor < FACTOR, `${factor} times`);
    await expectWhole('large/whole');
  });

  it('is refused if it is a byte larger than that', async () => {
    offer('large/over', LARGEST + 1);
    const response = await mirror.get('/p2/large/over.json');
    assert.equal(response.status, 503);
    assert.equal((await response.json()).code, 'over_limit');
  });
});
