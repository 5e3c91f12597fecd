/** The tables of docs/access.md, which the tests hold the Worker against. */
import { readFileSync } from 'node:fs';

const DOCS = readFileSync(new URL('../docs/access.md', import.meta.url), 'utf8').split('\n');

function table(head) {
  const from = DOCS.findIndex((line) => line.startsWith(head));
  const rows = [];
  for (let at = from; DOCS[at]?.startsWith('|'); at++) {
    rows.push(DOCS[at].slice(1, -1).split('|').map((cell) => cell.trim().replaceAll('`', '')));
  }
  return { columns: rows[0], rows: rows.slice(2) };
}

const rights = table('| right |');

/** Every route: `{ route, right, status }`, the status as what it answers to an empty request that is let through. */
export const ROUTES = table('| route |').rows.map(([route, right, status]) => ({ route, right, status: Number(status) }));

/** Tells whether a role, or a kind of token, has a right. */
export function holds(role, right) {
  return right === 'any' || rights.rows.find(([name]) => name === right)[rights.columns.indexOf(role)] === '✓';
}

/** Tells whether a right is worth nothing to a caller that may not see all packages. */
export function isOfTheWholeInstance(right) {
  return right !== 'any' && rights.rows.find(([name]) => name === right)[2] === 'yes';
}

/** Returns the right that a route asks for, `–` if none at all; of a path that is no route: `any`. */
export function rightOf(route) {
  return ROUTES.find((each) => each.route === route)?.right ?? 'any';
}
