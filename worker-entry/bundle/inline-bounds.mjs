// Writes TeaVM's array bounds checks out at each place that makes one.
//
// TeaVM checks an index by calling one shared function, which sees every kind of array and so is slow everywhere. Repeating
// the comparison at the call keeps each place fast, and still calls TeaVM's function, which throws, when the index is wrong.
//
// Only calls are changed whose arguments may be evaluated twice: names and whole numbers.
import { parse } from "acorn";
import { simple } from "acorn-walk";
import MagicString from "magic-string";

const COMPARISONS = {
  // An int below zero becomes a very large one.
  $rt_checkBounds: (index, array) => `${index} >>> 0 < ${array}.length`,
  // TeaVM has already proved that the index is not below zero.
  $rt_checkUpperBound: (index, array) => `${index} < ${array}.length`,
};

/** Returns the code with its checks inlined, the source map of that change alone, and how many sites it changed. */
export function inlineBounds(code, file) {
  const text = new MagicString(code);
  let sites = 0;
  simple(parse(code, { ecmaVersion: "latest", sourceType: "module" }), {
    CallExpression(call) {
      const comparison = COMPARISONS[call.callee.name];
      if (comparison && call.arguments.length === 2 && isRepeatable(call.arguments[0]) && isName(call.arguments[1])) {
        const [index, array] = call.arguments.map((argument) => code.slice(argument.start, argument.end));
        text.appendLeft(call.start, `(${comparison(index, array)} ? ${index} : `);
        text.appendRight(call.end, ")");
        sites++;
      }
    },
  });
  return { code: text.toString(), map: text.generateMap({ source: file, hires: "boundary" }), sites };
}

function isName(node) {
  return node.type === "Identifier";
}

function isRepeatable(node) {
  return isName(node) || (node.type === "Literal" && Number.isInteger(node.value));
}
