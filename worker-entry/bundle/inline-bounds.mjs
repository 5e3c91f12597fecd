// Writes TeaVM's array bounds checks out at each place that makes one.
//
// TeaVM checks an index by calling one shared function, which sees every kind of array and so is slow everywhere. Repeating
// the comparison at the call keeps each place fast, and still calls TeaVM's function, which throws, when the index is wrong.
//
//   node inline-bounds.mjs [--min SITES] TEAVM_JS OUT_JS [SOURCE_DIR...]
//
// Only calls are changed whose arguments may be evaluated twice: names and whole numbers. Fewer than SITES (600) of them mean
// that TeaVM writes something else now, and fail the build. OUT_JS.map leads to the Java sources; their text is looked up in
// the SOURCE_DIRs, and in the folder that TeaVM copied sources to.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { argv, exit } from "node:process";
import { parseArgs } from "node:util";
import { parse } from "acorn";
import { simple } from "acorn-walk";
import MagicString from "magic-string";
import remapping from "@jridgewell/remapping";
import { decode, encode } from "@jridgewell/sourcemap-codec";

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

/** Returns one source map that leads from the inlined code to the Java sources, their text included. */
export function composeMaps(change, teavm, folders) {
  const inner = {
    ...teavm,
    sourceRoot: undefined,
    sourcesContent: teavm.sources.map((source) => textOf(source, folders)),
    mappings: carryOver(teavm.mappings),
  };
  return remapping(change, (_, context) => (context.depth === 1 ? inner : null));
}

/** TeaVM notes a position only where it changes; readers of source maps take a line without one for unmapped. */
function carryOver(mappings) {
  let last = [0];
  return encode(decode(mappings).map((line) => {
    const carried = last.length > 1 && line[0]?.[0] !== 0 ? [[0, ...last.slice(1)], ...line] : line;
    last = line.at(-1) ?? last;
    return carried;
  }));
}

function textOf(source, folders) {
  const folder = folders.find((candidate) => existsSync(join(candidate, source)));
  return folder === undefined ? null : readFileSync(join(folder, source), "utf8");
}

function main() {
  const { values, positionals } = parseArgs({ options: { min: { type: "string", default: "600" } }, allowPositionals: true });
  const [input, output, ...folders] = positionals;
  const code = readFileSync(input, "utf8").replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  const teavm = JSON.parse(readFileSync(`${input}.map`, "utf8"));
  const { code: inlined, map, sites } = inlineBounds(code, basename(input));
  if (sites < Number(values.min)) {
    console.error(
      `expected at least ${values.min} array bounds checks to inline but found ${sites} in ${input}: `
      + "look how TeaVM writes $rt_checkBounds now (it must not minify) and adapt worker-entry/bundle/inline-bounds.mjs");
    return 1;
  }
  folders.push(join(dirname(input), teavm.sourceRoot ?? ""));
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(`${output}.map`, JSON.stringify(composeMaps(map, teavm, folders)));
  writeFileSync(output, `${inlined}//# sourceMappingURL=${basename(output)}.map\n`);
  console.log(`${input}: ${sites} array bounds checks inlined`);
  return 0;
}

if (import.meta.filename === argv[1]) {
  exit(main());
}
