import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { shortFields } from "./short-fields.mjs";

// Classes in every form that TeaVM writes them in.
const CLASSES = `
let $rt_classWithoutFields = (parent) => function () { parent.call(this); };
let $rt_metadata = (data) => {
    for (let i = 0; i < data.length; i += 3) {
        let [type, parent, methods] = data.slice(i, i + 3);
        type.prototype = Object.create(parent === 0 ? Object.prototype : parent.prototype);
        for (let j = 0; methods !== 0 && j < methods.length; j += 2) {
            [methods[j]].flat().forEach((name) => type.prototype[name] = methods[j + 1]);
        }
    }
};
function jl_Object() {
    this.$id$ = 0;
}
function p_Shape() {
    let a = this; jl_Object.call(a);
    a.$name = "shape";
    a.$size = 1;
}
let p_Round = $rt_classWithoutFields(p_Shape);
function p_Circle() {
    p_Round.call(this);
    this.$radius = 2;
}
function p_Square() {
    p_Shape.call(this);
    this.$edge = 3;
}
function p_Other() {
    jl_Object.call(this);
    this.$place = 4;
}
let p_Shape_text = ($this) => $this.$name + $this.$size,
p_Circle_text = ($this) => p_Shape_text($this) + $this.$radius,
p_wrap = (f) => function () { return f(this); };
$rt_metadata([jl_Object, 0, 0,
p_Shape, jl_Object, ["$text", p_wrap(p_Shape_text)],
p_Round, p_Shape, 0,
p_Circle, p_Round, [["$text", "$label"], p_wrap(p_Circle_text)],
p_Square, p_Shape, 0,
p_Other, jl_Object, 0]);
`;

async function load(code) {
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}

async function bothWays(code) {
  const short = shortFields(code, "code.js");
  return { ...short, plain: await load(code), renamed: await load(short.code) };
}

describe("short fields", () => {
  test("give the same results as long ones", async () => {
    const { plain, renamed, fields, methods } = await bothWays(`${CLASSES}
export let texts = () => [new p_Shape(), new p_Circle(), new p_Square()].map((it) => it.$text()),
label = () => new p_Circle().$label(),
changed = () => { let it = new p_Circle(); it.$size = 8; it.$radius++; it.$id$ = 5; return [it.$text(), it.$id$, it.$name]; };`);
    for (const name of ["texts", "label", "changed"]) {
      assert.deepEqual(renamed[name](), plain[name]());
    }
    assert.deepEqual([fields, methods], [6, 2]);
  });

  test("are never those of a class above or below, but shared by unrelated ones", async () => {
    const { renamed } = await bothWays(`${CLASSES}
export let keys = () => [new p_Shape(), new p_Circle(), new p_Square(), new p_Other()].map((it) => Object.keys(it));`);
    const [shape, circle, square, other] = renamed.keys();
    assert.deepEqual([shape, circle, square, other].map((keys) => new Set(keys).size), [3, 4, 4, 2]);
    assert.equal(circle.at(-1), square.at(-1));
    assert.ok(shape.includes(other.at(-1)));
    assert.ok([...circle, ...square].every((key) => key.length === 1));
  });

  test("leave alone what TeaVM does not declare, and what a text may ask for", async () => {
    const { code } = await bothWays(`${CLASSES}
export let others = (request) => [request.$method, request.headers, { $name: 1 }.$name, new p_Shape()["$size"], new p_Shape().$size];`);
    assert.match(code, /\[request\.\$method, request\.headers, \{ \$name: 1 \}\.\$name, new p_Shape\(\)\["\$size"\], new p_Shape\(\)\.\$size\]/);
    assert.match(code, /a\.\$name = "shape";/);
  });

  test("are no names of properties or texts that stand elsewhere", () => {
    const taken = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXY"];
    const { code } = shortFields(`${CLASSES}
let seen = [${taken.slice(0, 20).map((name) => `"${name}"`)}], object = { ${taken.slice(20, 40).map((name) => `${name}: 1`)} };
let read = (it) => [${taken.slice(40).map((name) => `it.${name}`)}];`, "code.js");
    const names = [...code.matchAll(/(?:this|\ba)\.(\w+) = /g)].map(([, name]) => name);
    assert.deepEqual(new Set(names), new Set(["Z", "aa", "ab", "ac"]));
  });

  test("do not depend on anything but the code", () => {
    assert.equal(shortFields(CLASSES, "one.js").code, shortFields(CLASSES, "two.js").code);
  });

  test("are refused where a superclass is not known", () => {
    assert.throws(
      () => shortFields(CLASSES.replace("p_Round.call(this);", "superclasses[1].call(this);"), "code.js"),
      /expected the superclass of p_Circle but found undefined: look how TeaVM writes constructors now/);
  });
});
