// What happens to TeaVM's code before wrangler bundles and minifies it: bounds checks are inlined, null checks
// left to JavaScript, functions that go on after a wait take their variables back at once, fields get short names.
//
//   node rewrite.mjs [--min SITES] TEAVM_JS OUT_JS [SOURCE_DIR...]
//
// Fewer than SITES (400) inlined checks, or no field at all, mean that TeaVM writes something else now, and fail the build.
// OUT_JS.map leads to the Java sources; their text is looked up in the SOURCE_DIRs, and in the folder that TeaVM copied
// sources to.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { argv, exit } from "node:process";
import { parseArgs } from "node:util";
import remapping from "@jridgewell/remapping";
import { decode, encode } from "@jridgewell/sourcemap-codec";
import { inlineBounds } from "./inline-bounds.mjs";
import { shortFields } from "./short-fields.mjs";
import { shortFrames } from "./short-frames.mjs";
import { trustedNulls } from "./trusted-nulls.mjs";

/** Returns one source map that leads from the code after all changes, newest first, to the Java sources, their text included. */
export function composeMaps(changes, teavm, folders) {
  const inner = {
    ...teavm,
    sourceRoot: undefined,
    sourcesContent: teavm.sources.map((source) => textOf(source, folders)),
    mappings: carryOver(teavm.mappings),
  };
  return remapping(changes, (_, context) => (context.depth === 1 ? inner : null));
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
  const { values, positionals } = parseArgs({ options: { min: { type: "string", default: "400" } }, allowPositionals: true });
  const [input, output, ...folders] = positionals;
  const code = readFileSync(input, "utf8").replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  const teavm = JSON.parse(readFileSync(`${input}.map`, "utf8"));
  const inlined = inlineBounds(code, basename(input));
  if (inlined.sites < Number(values.min)) {
    console.error(
      `expected at least ${values.min} array bounds checks to inline but found ${inlined.sites} in ${input}: `
      + "look how TeaVM writes $rt_checkBounds now (it must not minify) and adapt worker-entry/bundle/inline-bounds.mjs");
    return 1;
  }
  const trusted = trustedNulls(inlined.code, basename(input));
  const framed = shortFrames(trusted.code, basename(input));
  if (framed.frames === 0) {
    console.error(
      `expected functions that take variables back but found none in ${input}: `
      + "look how TeaVM writes $rt_resuming now and adapt worker-entry/bundle/short-frames.mjs");
    return 1;
  }
  const short = shortFields(framed.code, basename(input));
  if (short.fields === 0) {
    console.error(
      `expected fields to rename but found none in ${input}: `
      + "look how TeaVM writes constructors now (it must not minify) and adapt worker-entry/bundle/short-fields.mjs");
    return 1;
  }
  folders.push(join(dirname(input), teavm.sourceRoot ?? ""));
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(`${output}.map`, JSON.stringify(composeMaps([short.map, framed.map, trusted.map, inlined.map], teavm, folders)));
  writeFileSync(output, `${short.code}//# sourceMappingURL=${basename(output)}.map\n`);
  console.log(`${input}: ${inlined.sites} array bounds checks inlined, ${trusted.checks} null checks left to JavaScript, ${framed.frames} frames taken back at once, ${short.fields} fields and ${short.methods} methods renamed`);
  return 0;
}

if (import.meta.filename === argv[1]) {
  exit(main());
}
