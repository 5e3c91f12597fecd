/**
 * The four ways in which an upstream asks who is there. An `auth` is written as our API takes it
 * (`{ type: 'basic', username, password }` and so on), so that a test hands it on unchanged.
 */
import { randomBytes } from 'node:crypto';

export const AUTH_KINDS = ['none', 'basic', 'bearer', 'header'];

/** Returns an auth of that kind with secrets of its own, so that a leaked one tells where it came from. */
export function newAuth(kind) {
  const secret = `${kind}-${randomBytes(12).toString('hex')}`;
  switch (kind) {
    case 'none':
      return { type: 'none' };
    case 'basic':
      return { type: 'basic', username: 'reader', password: secret };
    case 'bearer':
      return { type: 'bearer', token: secret };
    case 'header':
      return { type: 'header', name: 'X-Repo-Key', value: secret };
    default:
      throw new Error(`expected an auth kind of ${AUTH_KINDS.join(', ')} but found ${kind}`);
  }
}

/** Returns the request header `[name, value]` that the auth stands for, or null if it asks for none. */
export function headerOf(auth) {
  switch (auth.type) {
    case 'basic':
      return ['authorization', `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`];
    case 'bearer':
      return ['authorization', `Bearer ${auth.token}`];
    case 'header':
      return [auth.name.toLowerCase(), auth.value];
    default:
      return null;
  }
}

/** Tells whether a request with these headers may pass. */
export function admits(auth, headers) {
  const expected = headerOf(auth);
  return expected === null || headers[expected[0]] === expected[1];
}

/** Returns the secret part of the auth as it must never show up anywhere else, or null if there is none. */
export function secretOf(auth) {
  return auth.password ?? auth.token ?? auth.value ?? null;
}

/** Returns the COMPOSER_AUTH content with which a client presents this auth to `host` (host:port). */
export function composerAuth(auth, host) {
  switch (auth.type) {
    case 'basic':
      return { 'http-basic': { [host]: { username: auth.username, password: auth.password } } };
    case 'bearer':
      return { bearer: { [host]: auth.token } };
    default:
      return {};
  }
}

/** Returns the repository options with which a client presents this auth: needed before Composer 2.9 for a header of one's own. */
export function composerOptions(auth) {
  return auth.type === 'header' ? { http: { header: [`${auth.name}: ${auth.value}`] } } : undefined;
}
