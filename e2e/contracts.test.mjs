/** Runs every port's contract, and the runtime's own promises, inside workerd with real D1, R2 and WebCrypto. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startContractUpstream } from './contract-upstream.mjs';
import { startWorker } from './worker.mjs';

describe('inside workerd', () => {
  let upstream;
  let worker;

  before(async () => {
    upstream = await startContractUpstream();
    worker = await startWorker({
      configPath: join(import.meta.dirname, 'contracts.wrangler.toml'),
      folder: join(import.meta.dirname, '../build/contract'),
      modules: ['contract.mjs', 'contract.js'],
      vars: { CONTRACT_UPSTREAM: upstream.origin },
    });
  });

  after(async () => {
    await worker?.close();
    await upstream?.close();
  });

  it('every port keeps its contract', async () => {
    const response = await fetch(`${worker.url}/contracts`, { signal: AbortSignal.timeout(280_000) });
    const report = await response.text();
    const [, passed, failed] = report.match(/^(\d+) passed, (\d+) failed$/m) ?? [];
    // Read by scripts/test, which counts each promise.
    console.log(`contracts in workerd: ${passed} passed, ${failed} failed`);
    assert.equal(failed, '0', report);
    assert.ok(Number(passed) > 100, report);
  });
});
