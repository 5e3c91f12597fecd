// Gives the fields and virtual methods of TeaVM's objects names of a letter or two.
//
// A minifier cannot: it does not know which properties others see. Nor would it give the fields of unrelated classes the same
// names, as is done here, which makes the code repeat itself and so compress better: one name is only ever one field of an
// object, since a class never takes a name that a class above or below it has.
//
// Renamed is nothing but what TeaVM declares itself: `this.$field = ` in the constructor of a class, and "$method" in the list
// of a class that it gives to $rt_metadata. Whatever else is a property, or could be asked for by a text, keeps its name, and
// no short name is equal to one of those. Names depend on the code alone, so that the same code always yields the same bytes.
import { parse } from "acorn";
import { ancestor, simple } from "acorn-walk";
import MagicString from "magic-string";

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Returns the code with its short names, the source map of that change alone, and how many fields and methods it renamed. */
export function shortFields(code, file) {
  const tree = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  const classes = readClasses(tree);
  const places = readPlaces(tree);
  const owners = fieldOwners(classes);
  const methods = new Set(places.methods.keys());
  const renamable = (name) => name.startsWith("$") && !places.kept.has(name);
  const often = (names) => names.filter(renamable).sort((a, b) => uses(places, b) - uses(places, a) || (a < b ? -1 : 1));
  // A name that is both stays one: it is then treated as a method, whose name no other class may use.
  const fields = often([...owners.keys()].filter((name) => !methods.has(name)));
  const next = shortNames(new Set([...places.kept, ...[...places.properties.keys()].filter((name) => !renamable(name))]));
  const names = nameFields(fields, owners, classes, next);
  const virtual = often([...methods]);
  virtual.forEach((name) => names.set(name, next()));

  const text = new MagicString(code);
  for (const [name, short] of names) {
    places.properties.get(name)?.forEach((node) => text.overwrite(node.start, node.end, short));
    places.methods.get(name)?.forEach((node) => text.overwrite(node.start, node.end, `"${short}"`));
  }
  const map = text.generateMap({ source: file, hires: "boundary" });
  return { code: text.toString(), map, fields: fields.length, methods: virtual.length };
}

function uses(places, name) {
  return places.properties.get(name)?.length ?? 0;
}

/** Returns each class with its superclass and its own fields. */
function readClasses(tree) {
  const classes = new Map();
  for (const node of tree.body) {
    if (node.type === "FunctionDeclaration") {
      const found = readConstructor(node.body.body);
      if (found.parent || found.fields.length > 0) {
        classes.set(node.id.name, found);
      }
    }
    for (const { id, init } of node.type === "VariableDeclaration" ? node.declarations : []) {
      if (init?.type === "CallExpression" && init.callee.name === "$rt_classWithoutFields") {
        const [parent] = init.arguments;
        classes.set(id.name, { parent: parent ? parent.name : "jl_Object", fields: [] });
      }
    }
  }
  return requireParents(classes);
}

/** Reads `let a = this; Parent.call(a); a.$field = null;`, with or without the first. */
function readConstructor(statements) {
  const found = { parent: undefined, fields: [] };
  let self;
  const isThis = (node) => node?.type === "ThisExpression" || (self !== undefined && node?.name === self);
  for (const { type, declarations, expression } of statements) {
    if (type === "VariableDeclaration" && declarations[0].init?.type === "ThisExpression") {
      self = declarations[0].id.name;
    } else if (expression?.type === "CallExpression" && expression.callee.property?.name === "call" && isThis(expression.arguments[0])) {
      found.parent = expression.callee.object.name;
    } else if (expression?.type === "AssignmentExpression" && isThis(expression.left.object) && expression.left.property.name?.startsWith("$")) {
      found.fields.push(expression.left.property.name);
    }
  }
  return found;
}

/** Two classes that are related must be known to be: else they could get the same name for two fields. */
function requireParents(classes) {
  for (const [name, { parent, fields }] of classes) {
    if (fields.length > 0 && name !== "jl_Object" && !classes.has(parent)) {
      throw new Error(
        `expected the superclass of ${name} but found ${parent}: `
        + "look how TeaVM writes constructors now and adapt worker-entry/bundle/short-fields.mjs");
    }
  }
  return classes;
}

/** Returns where each property is named, each method is listed, and which names occur in texts or may be seen by others. */
function readPlaces(tree) {
  const places = { properties: new Map(), methods: new Map(), kept: new Set(["as", "at", "do", "if", "in", "is", "of"]) };
  const note = (map, name, node) => map.set(name, [...(map.get(name) ?? []), node]);
  const lists = new Set();
  simple(tree, {
    CallExpression({ callee, arguments: [list] }) {
      if (callee.name === "$rt_metadata" && list?.type === "ArrayExpression") {
        list.elements.filter((element) => element?.type === "ArrayExpression").forEach((element) => lists.add(element));
      }
    },
  });
  ancestor(tree, {
    MemberExpression({ computed, property }) {
      if (!computed) {
        note(places.properties, property.name, property);
      }
    },
    Property({ key }) {
      places.kept.add(key.name ?? String(key.value));
    },
    Literal(node, _, path) {
      if (typeof node.value === "string") {
        const isMethod = node.value.startsWith("$") && path.some((outer) => lists.has(outer));
        return isMethod ? note(places.methods, node.value, node) : places.kept.add(node.value);
      }
    },
  });
  return places;
}

function fieldOwners(classes) {
  const owners = new Map();
  for (const [name, { fields }] of classes) {
    fields.forEach((field) => owners.set(field, [...(owners.get(field) ?? []), name]));
  }
  return owners;
}

/** Gives each field the first name that no class above or below its own has taken. */
function nameFields(fields, owners, classes, next) {
  const pool = [];
  const names = new Map();
  const relatives = relativesOf(classes);
  const taken = new Map([...classes.keys()].map((name) => [name, new Set()]));
  for (const field of fields) {
    const mine = owners.get(field);
    const isFree = (name) => mine.every((owner) => relatives(owner).every((relative) => !taken.get(relative).has(name)));
    let short = pool.find(isFree);
    if (short === undefined) {
      short = next();
      pool.push(short);
    }
    mine.forEach((owner) => taken.get(owner).add(short));
    names.set(field, short);
  }
  return names;
}

function relativesOf(classes) {
  const children = new Map([...classes.keys()].map((name) => [name, []]));
  classes.forEach(({ parent }, name) => children.get(parent)?.push(name));
  const known = new Map();
  return (name) => {
    if (!known.has(name)) {
      const all = [];
      for (let above = name; classes.has(above); above = classes.get(above).parent) {
        all.push(above);
      }
      for (const below = [...children.get(name)]; below.length > 0;) {
        const child = below.pop();
        all.push(child);
        below.push(...children.get(child));
      }
      known.set(name, all);
    }
    return known.get(name);
  };
}

function shortNames(kept) {
  const candidates = [...LETTERS, ...[...LETTERS].flatMap((first) => [...LETTERS].map((second) => first + second))];
  const free = candidates.filter((name) => !kept.has(name)).values();
  return () => {
    const { value } = free.next();
    if (value === undefined) {
      throw new Error("expected enough short names but found none left: let worker-entry/bundle/short-fields.mjs make longer ones");
    }
    return value;
  };
}
