// Has a function that goes on after a wait take its variables back in one statement.
//
// TeaVM pushes them in one call, and takes them back one by one in reverse order. In the order in which they were pushed, the
// two lists are alike, which a compressor sees: some 400 functions may wait.
import { parse } from "acorn";
import { simple } from "acorn-walk";
import MagicString from "magic-string";

/** Returns the code with its frames taken back at once, the source map of that change alone, and how many functions it changed. */
export function shortFrames(code, file) {
  const text = new MagicString(code);
  let frames = 0;
  simple(parse(code, { ecmaVersion: "latest", sourceType: "module" }), {
    IfStatement(node) {
      const names = node.test.callee?.name === "$rt_resuming" ? popped(node.consequent.body ?? []) : null;
      if (names) {
        const taken = `[${names.reverse().join(", ")}] = $rt_nativeThread().stack.splice(-${names.length});`;
        text.overwrite(node.consequent.body[0].start, node.consequent.body.at(-1).end, taken);
        frames++;
      }
    },
  });
  return { code: text.toString(), map: text.generateMap({ source: file, hires: "boundary" }), frames };
}

/** Returns the variables that a block takes from the thread one after the other, or null if it does anything else. */
function popped([thread, ...statements]) {
  const variable = thread?.type === "VariableDeclaration" ? thread.declarations[0] : null;
  if (variable?.init?.callee?.name !== "$rt_nativeThread" || statements.length === 0) {
    return null;
  }
  const names = statements.map(({ expression }) => isPop(expression, variable.id.name) ? expression.left.name : null);
  return names.includes(null) ? null : names;
}

function isPop(expression, thread) {
  const callee = expression?.right?.callee;
  return expression?.type === "AssignmentExpression" && expression.left.type === "Identifier"
    && callee?.object?.name === thread && callee.property.name === "pop";
}
