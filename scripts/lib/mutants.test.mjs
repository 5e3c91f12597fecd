/** The list of planted faults in docs/security.md is the one that scripts/mutants plants, and each still fits the sources. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fileOf, files, listed, planted, testsOf, withFault } from './planted-faults.mjs';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

describe('the planted faults', () => {
  it('are 25, numbered from 1', () => {
    assert.deepEqual(listed().map(({ number }) => number), Array.from({ length: 25 }, (_, i) => i + 1));
  });

  it('are those of the list and no others', () => {
    assert.deepEqual(files(), listed().map(fileOf));
  });

  for (const row of listed()) {
    it(`${row.number}, ${row.title}, fits the sources and names tests that exist`, () => {
      const fault = planted(row);
      const source = readFileSync(join(PROJECT, fault.path), 'utf8');
      assert.ok(`/${fault.path}`.endsWith(`/${row.where}`) || fault.path.endsWith(`/${row.where}.java`), `${fault.path} is not ${row.where}`);
      assert.notEqual(withFault(fault, source), source);
      assert.deepEqual(testsOf(row.seenBy).filter(({ path }) => path === undefined), []);
    });
  }
});
