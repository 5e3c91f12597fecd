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
import { inlineBounds } from "./inline-bounds.mjs";
import { composeMaps } from "./rewrite.mjs";

const STEP = join(import.meta.dirname, "rewrite.mjs");
const ROOT = join(import.meta.dirname, "../..");
const TEAVM_JS = join(ROOT, "worker-entry/target/js/worker.js");
const BUILT_JS = join(ROOT, "build/worker/worker.js");

let folder;
before(() => (folder = mkdtempSync(join(tmpdir(), "rewrite-"))));
after(() => rmSync(folder, { recursive: true }));

describe("a small module", () => {
  const CODE = `let $rt_throwAIOOBE = () => {
    throw new RangeError("java.lang.ArrayIndexOutOfBoundsException");
},
$rt_checkBounds = (index, array) => {
    if (index < 0 || index >= array.length) {
        $rt_throwAIOOBE();
    }
    return index;
};
let $rt_resuming = () => false, $rt_nativeThread = () => null,
wait = ($a) => {
    if ($rt_resuming()) {
        let $thread = $rt_nativeThread();
        $a = $thread.pop();
    }
    return $a;
};
function jl_Object() {
    this.$id$ = 0;
}
function p_Probe() {
    let a = this; jl_Object.call(a);
    a.$limit = 7;
}
export let read = ($i, $a) => $a[$rt_checkBounds($i, $a)],
write = ($i, $a, $v) => { $a[$rt_checkBounds($i, $a)] = $v; return new p_Probe().$limit; };
`;

  test("fails when it finds too few checks", () => {
    const input = join(folder, "few.js");
    writeFileSync(input, CODE);
    writeFileSync(`${input}.map`, JSON.stringify({ version: 3, sources: [], names: [], mappings: "" }));
    const run = (...min) => spawnSync(process.execPath, [STEP, ...min, input, join(folder, "few.out.js")], { encoding: "utf8" });
    assert.equal(run().status, 1);
    assert.match(run("--min", "3").stderr, /expected at least 3 array bounds checks to inline but found 2 in /);
    assert.equal(existsSync(join(folder, "few.out.js")), false);
    assert.equal(run("--min", "2").status, 0);
  });

  test("fails when it finds no field", () => {
    const input = join(folder, "none.js");
    writeFileSync(input, CODE.replaceAll("$limit", "limit").replaceAll("$id$", "id"));
    writeFileSync(`${input}.map`, JSON.stringify({ version: 3, sources: [], names: [], mappings: "" }));
    const { status, stderr } = spawnSync(process.execPath, [STEP, "--min", "1", input, join(folder, "none.out.js")], { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, /expected fields to rename but found none in /);
  });

  test("a line that TeaVM does not mention belongs to the Java line before it", () => {
    const map = { version: 3, sources: ["packagebroker/Probe.java"], names: [], mappings: "AAMA;;;A;;KAEA" };
    const { map: change } = inlineBounds("one;\ntwo;\nthree;\nfour;\nfive;\nsix, six;\n", "code.js");
    const composed = new TraceMap(composeMaps([change], map, []));
    const lineAt = (line, column) => originalPositionFor(composed, { line, column }).line;
    assert.deepEqual([1, 2, 3, 4, 5, 6].map((line) => lineAt(line, 0)), [7, 7, 7, null, null, null]);
    assert.equal(lineAt(6, 5), 9);
  });

  test("an error's stack names the Java line", () => {
    // One mapping: the line of the module where read() stands, is line 7 of Probe.java, from column 0 on.
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
    const [plain, rewritten] = await Promise.all([TEAVM_JS, BUILT_JS].map((file) => import(pathToFileURL(file))));
    assert.deepEqual(Object.keys(rewritten), Object.keys(plain));
    const answer = async (worker) => {
      try {
        const context = { waitUntil() {}, passThroughOnException() {} };
        const response = await worker.fetch(new Request("https://broker.example/p2/acme/widgets.json"), {}, context);
        return { status: response.status, text: (await response.text()).replace(/"request_id":\s*"[^"]*"/, "") };
      } catch (error) {
        return { error: error.message };
      }
    };
    assert.deepEqual(await answer(rewritten), await answer(plain));
  });

  test("maps inlined checks to the Java lines that TeaVM gave them", () => {
    const before = positions(teavm.code, /\$rt_check(Upper)?Bounds?\([\w$]+, [\w$]+\)/g);
    const after = positions(built.code, /\$rt_check(Upper)?Bounds?\([\w$]+, [\w$]+\)/g);
    assert.equal(after.length, before.length);
    assert.ok(after.length >= 400);
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
