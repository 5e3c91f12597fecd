// Takes TeaVM's null checks away.
//
// It calls a function at each of some nine thousand places where a value is used, to throw a NullPointerException that could not
// be missed. NullAway has proved that none of our own code gets there; and should a null be used all the same, JavaScript throws
// a TypeError of its own, which TeaVM hands to Java as a RuntimeException: whoever catches the one catches the other.
import { parse } from "acorn";
import { simple } from "acorn-walk";
import MagicString from "magic-string";

/** Returns the code without its null checks, the source map of that change alone, and how many there were. */
export function trustedNulls(code, file) {
  const text = new MagicString(code);
  let checks = 0;
  simple(parse(code, { ecmaVersion: "latest", sourceType: "module" }), {
    CallExpression(call) {
      if (call.callee.name === "$rt_nullCheck" && call.arguments.length === 1) {
        text.remove(call.callee.start, call.callee.end); // The parentheses stay: what is inside may be anything.
        checks++;
      }
    },
  });
  return { code: text.toString(), map: text.generateMap({ source: file, hires: "boundary" }), checks };
}
