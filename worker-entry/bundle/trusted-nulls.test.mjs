import assert from "node:assert/strict";
import { test } from "node:test";
import { trustedNulls } from "./trusted-nulls.mjs";

const TEAVM = `let checked = 0;
let $rt_nullCheck = value => {
    checked++;
    if (value === null) {
        throw new Error("null");
    }
    return value;
};
let f = (a, b) => ($rt_nullCheck(a ? a : b)).size + $rt_nullCheck(($rt_nullCheck(b)).inner).size;`;

test("what is there is used as before, without a check", () => {
  const { code, checks } = trustedNulls(TEAVM, "teavm.js");
  const { f, count } = new Function(`${code}; return { f, count: () => checked };`)();
  assert.equal(checks, 3);
  assert.equal(f({ size: 1 }, { inner: { size: 2 } }), 3);
  assert.equal(f(null, { size: 5, inner: { size: 2 } }), 7);
  assert.equal(count(), 0);
});

test("what is null cannot be used all the same", () => {
  const { f } = new Function(`${trustedNulls(TEAVM, "teavm.js").code}; return { f };`)();
  assert.throws(() => f(null, null), TypeError);
  assert.throws(() => f({ size: 1 }, { inner: null }), TypeError);
});
