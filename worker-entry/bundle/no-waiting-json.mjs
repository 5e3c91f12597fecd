// Makes sure that no JSON is ever half parsed while a request waits: fails if TeaVM turned a function of Jackson into a
// coroutine. (TeaVM does so with whatever might call something that waits; it would also make every JSON function slow.)
//
//   node no-waiting-json.mjs TEAVM_JS [PACKAGE]
//
// TeaVM names a function by the initials of its package, the class and the method: pcjj_JsonFactory_createParser. A coroutine
// asks the runtime whether it is being suspended.
import { readFileSync } from "node:fs";
import { argv, exit } from "node:process";
import { parse } from "acorn";
import { ancestor } from "acorn-walk";

const RUNTIME = new Set(["$rt_suspending", "$rt_resuming", "$rt_nativeThread"]);

/** Returns how many functions a package and those below it have, and the names of those that may be suspended. */
export function suspendableFunctions(code, javaPackage) {
  const initials = javaPackage.split(".").map((name) => name[0]).join("");
  const mine = new RegExp(`^${initials}[a-z]*_`);
  const all = new Set();
  const suspendable = new Set();
  ancestor(parse(code, { ecmaVersion: "latest", sourceType: "module" }), {
    Function(node, _, path) {
      const name = nameOf(node) || nameOf(path.at(-2));
      if (mine.test(name)) {
        all.add(name);
      }
    },
    CallExpression(call, _, path) {
      if (RUNTIME.has(call.callee.name)) {
        path.map(nameOf).filter((name) => mine.test(name)).forEach((name) => suspendable.add(name));
      }
    },
  });
  return { count: all.size, suspendable: [...suspendable] };
}

function nameOf(node) {
  switch (node?.type) {
    case "VariableDeclarator":
    case "FunctionDeclaration":
      return node.id?.name ?? "";
    case "AssignmentExpression":
      return node.left.name ?? "";
    default:
      return "";
  }
}

function main([input, javaPackage = "packagebroker.core.json.jackson"]) {
  const { count, suspendable } = suspendableFunctions(readFileSync(input, "utf8"), javaPackage);
  if (count === 0) {
    console.error(
      `expected functions of ${javaPackage} but found none in ${input}: `
      + "look how TeaVM names functions now and adapt worker-entry/bundle/no-waiting-json.mjs");
    return 1;
  }
  if (suspendable.length > 0) {
    console.error(
      `expected no function of ${javaPackage} to wait but found ${suspendable.join(", ")} in ${input}: `
      + "something handed to Jackson (a stream, an iterator, a callback) performs I/O; read the bytes first, then parse them");
    return 1;
  }
  console.log(`${input}: none of ${count} JSON functions can be suspended`);
  return 0;
}

if (import.meta.filename === argv[1]) {
  exit(main(argv.slice(2)));
}
