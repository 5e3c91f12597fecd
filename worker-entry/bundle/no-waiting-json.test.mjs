import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { suspendableFunctions } from "./no-waiting-json.mjs";

const PACKAGE = "packagebroker.core.json.jackson";

// The shape that TeaVM gives a coroutine.
const COROUTINE = `($this, $in) => {
    let $ptr, $tmp;
    $ptr = 0;
    if ($rt_resuming()) {
        let $thread = $rt_nativeThread();
        $ptr = $thread.pop();
    }
    main: while (true) { switch ($ptr) {
    case 0:
        $tmp = pea_Promises_await($in);
        if ($rt_suspending()) {
            break main;
        }
        return $tmp;
    default: $rt_invalidPointer();
    }}
    $rt_nativeThread().push($this, $ptr);
}`;
const PLAIN = "$this => $this.$len";

let folder;
before(() => (folder = mkdtempSync(join(tmpdir(), "no-waiting-json-"))));
after(() => rmSync(folder, { recursive: true }));

test("finds the coroutines among the functions of a package and of those below it", () => {
  const code = `
let pcjj_JsonFactory_createParser = ${PLAIN},
pcjj_JsonParser_nextToken = ${COROUTINE},
pcjji_UTF8Writer_write = ${COROUTINE},
pcjju_TextBuffer_size = ${PLAIN};
function pcjjb_ParserBase__init_() {}`;
  assert.deepEqual(suspendableFunctions(code, PACKAGE), {
    count: 5,
    suspendable: ["pcjj_JsonParser_nextToken", "pcjji_UTF8Writer_write"],
  });
});

test("does not mind coroutines elsewhere", () => {
  const code = `let pcj_Json_parse = ${COROUTINE}, pcm_Mirror_document = ${COROUTINE}, pcjj_JsonToken_id = ${PLAIN};`;
  assert.deepEqual(suspendableFunctions(code, PACKAGE), { count: 1, suspendable: [] });
});

test("fails with a sentence", () => {
  const run = (code) => {
    writeFileSync(join(folder, "worker.js"), code);
    const { status, stderr } = spawnSync(
      process.execPath, [join(import.meta.dirname, "no-waiting-json.mjs"), join(folder, "worker.js")], { encoding: "utf8" });
    return { status, stderr };
  };
  assert.equal(run(`let pcjj_JsonToken_id = ${PLAIN};`).status, 0);
  const waiting = run(`let pcjj_JsonParser_nextToken = ${COROUTINE};`);
  assert.equal(waiting.status, 1);
  assert.match(waiting.stderr, /to wait but found pcjj_JsonParser_nextToken in .*: something handed to Jackson/);
  const renamed = run(`let $a = ${PLAIN};`);
  assert.equal(renamed.status, 1);
  assert.match(renamed.stderr, /expected functions of packagebroker\.core\.json\.jackson but found none/);
});
