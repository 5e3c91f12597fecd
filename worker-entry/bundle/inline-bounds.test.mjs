import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inlineBounds } from "./inline-bounds.mjs";

// TeaVM's own functions, as it writes them in strict mode.
const HELPERS = `
let $rt_throwAIOOBE = () => {
    throw new RangeError("java.lang.ArrayIndexOutOfBoundsException");
},
$rt_checkBounds = (index, array) => {
    if (index < 0 || index >= array.length) {
        $rt_throwAIOOBE();
    }
    return index;
},
$rt_checkUpperBound = (index, array) => {
    if (index >= array.length) {
        $rt_throwAIOOBE();
    }
    return index;
},
$rt_checkLowerBound = index => {
    if (index < 0) {
        $rt_throwAIOOBE();
    }
    return index;
};`;

let folder;
before(() => (folder = mkdtempSync(join(tmpdir(), "inline-bounds-"))));
after(() => rmSync(folder, { recursive: true }));

async function bothWays(name, code) {
  const plain = join(folder, `${name}.plain.mjs`);
  const inlined = join(folder, `${name}.inlined.mjs`);
  writeFileSync(plain, code);
  writeFileSync(inlined, inlineBounds(code, "code.js").code);
  return Promise.all([plain, inlined].map((file) => import(pathToFileURL(file))));
}

function outcome(action) {
  try {
    return { value: action() };
  } catch (error) {
    return { error: String(error) };
  }
}

describe("a small module", () => {
  const CODE = `${HELPERS}
export let read = ($i, $a) => $a[$rt_checkBounds($i, $a)],
readUpper = ($i, $a) => $a[$rt_checkUpperBound($i, $a)],
readFirst = $a => $a[$rt_checkUpperBound(0, $a)],
write = ($i, $a, $v) => { $a[$rt_checkBounds($i, $a)] = $v; return [...$a]; },
kept = ($i, $a) => { let var$1; var$1 = $rt_checkBounds($i, $a); return $a[var$1] + var$1 | 0; },
nested = ($i, $a, $b) => $a[$rt_checkBounds($b[$rt_checkBounds($i, $b)], $a)],
compared = ($i, $a) => $rt_checkBounds($i, $a) === 1,
counted = $a => { let calls = 0; let next = () => calls++; let got = $a[$rt_checkBounds(next(), $a)]; return [got, calls]; };
`;
  const INDEXES = [-2147483648, -1, 0, 1, 2, 3, 4, 2147483647];
  const ARRAYS = [[], ["only"], ["a", "b", "c"], new Int8Array([1, 2, 3]), new Uint16Array(4), new BigInt64Array(2)];

  test("gives the same values and the same errors as before", async () => {
    const [plain, inlined] = await bothWays("small", CODE);
    for (const name of Object.keys(plain)) {
      for (const array of ARRAYS) {
        for (const index of INDEXES) {
          const run = (module) => outcome(() =>
            name === "readFirst" || name === "counted" ? module[name](array)
              : name === "nested" ? module[name](index, array, [2, 1, 0, -1])
                : module[name](index, array, array[0] ?? 0));
          assert.deepEqual(run(inlined), run(plain), `${name}(${index}, ${array})`);
        }
      }
    }
  });

  test("throws TeaVM's exception outside of the array", async () => {
    const [, inlined] = await bothWays("outside", CODE);
    for (const index of [-2147483648, -1, 3, 2147483647]) {
      assert.throws(() => inlined.read(index, [1, 2, 3]), /ArrayIndexOutOfBoundsException/);
    }
  });

  test("changes only calls whose arguments can be evaluated twice", () => {
    const { code, sites } = inlineBounds(CODE, "code.js");
    assert.equal(sites, 7); // all but nested's outer call and counted's
    assert.match(code, /\$a\[\(\$i >>> 0 < \$a\.length \? \$i : \$rt_checkBounds\(\$i, \$a\)\)\]/);
    assert.match(code, /\$a\[\(0 < \$a\.length \? 0 : \$rt_checkUpperBound\(0, \$a\)\)\]/);
    assert.match(code, /\$a\[\$rt_checkBounds\(next\(\), \$a\)\]/);
  });

  test("leaves text that only looks like a check alone", () => {
    const { code, sites } = inlineBounds('let s = "$rt_checkBounds(i, a)"; // $rt_checkBounds(i, a)\n', "code.js");
    assert.equal(sites, 0);
    assert.equal(code, 'let s = "$rt_checkBounds(i, a)"; // $rt_checkBounds(i, a)\n');
  });
});
