import assert from "node:assert/strict";
import { test } from "node:test";
import { shortFrames } from "./short-frames.mjs";

const TEAVM = `
let $rt_resuming = () => thread.resuming, $rt_nativeThread = () => thread;
let thread = { stack: [], resuming: false, pop() { return this.stack.pop(); } };
let f = (a, b) => {
    let c, $ptr;
    $ptr = 0;
    if ($rt_resuming()) {
        let $thread = $rt_nativeThread();
        $ptr = $thread.pop();c = $thread.pop();b = $thread.pop();a = $thread.pop();
    }
    return [a, b, c, $ptr];
};`;

test("a function takes back what it pushed, and leaves what others did", () => {
  const { code, frames } = shortFrames(TEAVM, "teavm.js");
  assert.equal(frames, 1);
  assert.ok(!code.includes("$thread.pop()"), code);
  const { f, thread } = new Function(`${code}; return { f, thread };`)();
  assert.deepEqual(f(1, 2), [1, 2, undefined, 0]);
  thread.stack.push("outer", "a", "b", "c", 7);
  thread.resuming = true;
  assert.deepEqual(f(1, 2), ["a", "b", "c", 7]);
  assert.deepEqual(thread.stack, ["outer"]);
});

test("a block that does something else is left alone", () => {
  const other = TEAVM.replace("b = $thread.pop();", "b = $thread.pop() + 1;");
  assert.deepEqual(shortFrames(other, "teavm.js").frames, 0);
  assert.equal(shortFrames(other, "teavm.js").code, other);
});
