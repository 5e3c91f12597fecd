/** What a rotation of keys does next, by what is kept here and what the instance says; nothing but decisions. */
import { randomBytes } from 'node:crypto';

const KEY_BYTES = 32;

/**
 * Returns which key is to seal in the end: one that was begun with if there is one, else a new one.
 *
 * @param {object} ring the kept keys, by id
 * @param {object[]} keys those of GET /api/keys
 */
export function goal(ring, keys) {
  const begun = keys.find(({ state }) => state === 'added') ?? Object.keys(ring).map((id) => stateOf(keys, id)).find(({ state }) => state === 'unknown');
  if (begun !== undefined) return begun.id;
  const unfinished = keys.some(({ state, in_ring: inRing }) => state === 'former' || (state === 'retired' && inRing));
  return unfinished ? keys.find(({ state }) => state === 'active').id : unusedId(new Set([...Object.keys(ring), ...keys.map(({ id }) => id)]));
}

function stateOf(keys, id) {
  return keys.find((key) => key.id === id) ?? { id, state: 'unknown', in_ring: false, records: 0 };
}

function unusedId(used) {
  for (let i = 2; ; i += 1) if (!used.has(`k${i}`)) return `k${i}`;
}

/**
 * Returns why the kept keys must not be deployed, or null: the instance would lose one that it needs.
 */
export function ringProblem(ring, keys) {
  const lost = keys.find(({ id, state, in_ring: inRing, records }) => ring[id] === undefined && ((inRing && state !== 'retired') || records > 0));
  return lost === undefined ? null : `the instance has the key ${lost.id}, and what is kept here does not: add it there, or it would be lost`;
}

/**
 * Returns the next step, `{ act, id }`, or null when all is done: make | put | add | activate | reseal | retire | drop.
 *
 * @param {string} target the key that is to seal
 * @param {{ENCRYPTION_KEYS: string, ACTIVE_KEY: string}} secrets the kept ones
 * @param {object[]} keys those of GET /api/keys
 */
export function nextStep(target, secrets, keys) {
  const ring = JSON.parse(secrets.ENCRYPTION_KEYS);
  const { state, in_ring: inRing } = stateOf(keys, target);
  if (ring[target] === undefined) return { act: 'make', id: target };
  if (!inRing) return { act: 'put', id: target };
  if (state === 'unknown') return { act: 'add', id: target };
  if (state !== 'active') return { act: 'activate', id: target };
  const older = keys.filter(({ id, state: other }) => id !== target && ['former', 'added'].includes(other));
  const used = older.find(({ records }) => records > 0);
  if (used !== undefined) return { act: 'reseal', id: used.id, records: used.records };
  if (older.length > 0) return { act: 'retire', id: older[0].id };
  const retired = keys.filter((key) => key.state === 'retired');
  const kept = retired.some(({ id }) => ring[id] !== undefined) || secrets.ACTIVE_KEY !== target;
  return kept || retired.some((key) => key.in_ring) ? { act: 'drop', id: target } : null;
}

/** Returns the secrets with one more key, which does not seal yet. */
export function withKey(secrets, id) {
  const ring = { ...JSON.parse(secrets.ENCRYPTION_KEYS), [id]: randomBytes(KEY_BYTES).toString('base64') };
  return { ...secrets, ENCRYPTION_KEYS: JSON.stringify(ring) };
}

/** Returns the secrets without the retired keys, and these keys: a backup from before needs them. */
export function withoutRetired(target, secrets, keys) {
  const ring = JSON.parse(secrets.ENCRYPTION_KEYS);
  const retired = {};
  for (const { id, state } of keys) {
    if (state === 'retired' && ring[id] !== undefined) {
      retired[id] = ring[id];
      delete ring[id];
    }
  }
  return { secrets: { ...secrets, ENCRYPTION_KEYS: JSON.stringify(ring), ACTIVE_KEY: target }, retired };
}
