// Needs build/worker: run scripts/build first.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, mock, test } from "node:test";
import { pathToFileURL } from "node:url";
import { TraceMap, originalPositionFor } from "@jridgewell/trace-mapping";
import { composeMaps, inlineBounds } from "./inline-bounds.mjs";

const STEP = join(import.meta.dirname, "inline-bounds.mjs");
const ROOT = join(import.meta.dirname, "../..");
const TEAVM_JS = join(ROOT, "worker-entry/target/js/worker.js");
const BUILT_JS = join(ROOT, "build/worker/worker.js");

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

  test("fails when it finds too few checks", () => {
    const input = join(folder, "few.js");
    writeFileSync(input, CODE);
    writeFileSync(`${input}.map`, JSON.stringify({ version: 3, sources: [], names: [], mappings: "" }));
    const run = (...min) => spawnSync(process.execPath, [STEP, ...min, input, join(folder, "few.out.js")], { encoding: "utf8" });
    assert.equal(run().status, 1);
    assert.match(run("--min", "8").stderr, /expected at least 8 array bounds checks to inline but found 7 in /);
    assert.equal(existsSync(join(folder, "few.out.js")), false);
    assert.equal(run("--min", "7").status, 0);
  });

  test("a line that TeaVM does not mention belongs to the Java line before it", () => {
    const map = { version: 3, sources: ["packagebroker/Probe.java"], names: [], mappings: "AAMA;;;A;;KAEA" };
    const { map: change } = inlineBounds("one;\ntwo;\nthree;\nfour;\nfive;\nsix, six;\n", "code.js");
    const composed = new TraceMap(composeMaps(change, map, []));
    const lineAt = (line, column) => originalPositionFor(composed, { line, column }).line;
    assert.deepEqual([1, 2, 3, 4, 5, 6].map((line) => lineAt(line, 0)), [7, 7, 7, null, null, null]);
    assert.equal(lineAt(6, 5), 9);
  });

  test("an error's stack names the Java line", () => {
    // One mapping: line 23 of the module, where read() stands, is line 7 of Probe.java, from column 0 on.
    const line = CODE.split("\n").findIndex((text) => text.includes("read = "));
    const map = { version: 3, sourceRoot: "src", sources: ["packagebroker/Probe.java"], names: [], mappings: `${";".repeat(line)}AAMA` };
    writeFileSync(join(folder, "stack.js"), CODE);
    writeFileSync(join(folder, "stack.js.map"), JSON.stringify(map));
    execFileSync(process.execPath, [STEP, "--min", "1", join(folder, "stack.js"), join(folder, "stack.out.mjs")]);
    writeFileSync(join(folder, "call.mjs"), 'import { read } from "./stack.out.mjs"; read(5, [1]);');
    const { stderr } = spawnSync(process.execPath, ["--enable-source-maps", join(folder, "call.mjs")], { encoding: "utf8" });
    assert.match(stderr, /packagebroker\/Probe\.java:7/);
  });
});

describe("the compiled worker", () => {
  let teavm;
  let built;
  before(() => {
    assert.ok(existsSync(TEAVM_JS) && existsSync(BUILT_JS), "expected a built worker but found none: run scripts/build first");
    teavm = { code: readFileSync(TEAVM_JS, "utf8"), map: new TraceMap(readFileSync(`${TEAVM_JS}.map`, "utf8")) };
    built = { code: readFileSync(BUILT_JS, "utf8"), map: new TraceMap(readFileSync(`${BUILT_JS}.map`, "utf8")) };
  });

  test("answers alike before and after", async () => {
    ["log", "info", "warn", "error"].forEach((name) => mock.method(console, name, () => {})); // it misses its bindings
    registerHooks({
      resolve: (name, context, next) => name.startsWith("cloudflare:")
        ? { url: "data:text/javascript,export const waitUntil = () => {};", format: "module", shortCircuit: true }
        : next(name, context),
    });
    const [plain, inlined] = await bothWays("worker", teavm.code);
    assert.deepEqual(Object.keys(inlined), Object.keys(plain));
    const answer = async (worker) => {
      try {
        const context = { waitUntil() {}, passThroughOnException() {} };
        const response = await worker.fetch(new Request("https://broker.example/p2/acme/widgets.json"), {}, context);
        return { status: response.status, text: (await response.text()).replace(/"request_id":\s*"[^"]*"/, "") };
      } catch (error) {
        return { error: error.message };
      }
    };
    assert.deepEqual(await answer(inlined), await answer(plain));
  });

  test("maps inlined checks to the Java lines that TeaVM gave them", () => {
    const before = positions(teavm.code, /\$rt_check(Upper)?Bounds?\([\w$]+, [\w$]+\)/g);
    const after = positions(built.code, /\$rt_check(Upper)?Bounds?\([\w$]+, [\w$]+\)/g);
    assert.equal(after.length, before.length);
    assert.ok(after.length >= 600);
    let mapped = 0;
    for (const [i, position] of after.entries()) {
      const java = originalPositionFor(built.map, position);
      const noted = originalPositionFor(teavm.map, before[i]);
      if (noted.source) {
        assert.deepEqual([java.source, java.line], [noted.source.replace(/^src\//, ""), noted.line]);
      }
      mapped += java.source?.endsWith(".java") && java.line > 0 ? 1 : 0;
    }
    assert.ok(mapped >= 0.9 * after.length, `only ${mapped} of ${after.length} checks lead to Java`);
  });

  test("carries the text of our Java sources, and the lines exist", () => {
    const ours = new Map();
    for (const position of positions(built.code, /^.+$/gm)) {
      const { source, line } = originalPositionFor(built.map, position);
      if (source?.startsWith("packagebroker/") && !source.startsWith("packagebroker/core/json/jackson/")) {
        ours.set(source, Math.max(line, ours.get(source) ?? 0));
      }
    }
    assert.ok(ours.size > 0);
    for (const [source, lastLine] of ours) {
      const text = built.map.sourcesContent[built.map.sources.indexOf(source)];
      assert.ok(text?.split("\n").length >= lastLine, `${source} has no line ${lastLine}`);
    }
  });

  function positions(code, pattern) {
    const lineStarts = [0, ...[...code.matchAll(/\n/g)].map((match) => match.index + 1)];
    let line = 0;
    return [...code.matchAll(pattern)].map(({ index }) => {
      while (lineStarts[line + 1] <= index) {
        line++;
      }
      return { line: line + 1, column: index - lineStarts[line] };
    });
  }
});
