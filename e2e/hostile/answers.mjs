/** What every answer has to be, whatever was asked: typed, and silent about what is behind it. */
import assert from 'node:assert/strict';

/** What would tell of the inside: stack traces, names of classes, SQL, files, keys. */
const LEAKS = [
  /\bat [\w$.]+ ?\([^)]*:\d+/,
  /\w\.(java|mjs|js|kt):\d+/,
  /\b(packagebroker|javax?|org\.teavm|com\.fasterxml)\.[a-z]+\.[a-zA-Z]/,
  /(Exception|TypeError|RangeError|ReferenceError|NullPointer)\b/,
  /\b(SELECT|INSERT|UPDATE|DELETE)\b.{0,200}\b(FROM|INTO|SET|WHERE)\b/s,
  /SQLITE|D1_ERROR|no such (table|column)|syntax error near/,
  /\/(home|root|usr|tmp|var|opt|work)\/[\w.-]+/,
  /root:x:0:0/,
  /BEGIN [A-Z ]*PRIVATE KEY/,
];

/** Names of secrets: whoever may see the configuration is told which are set, and nobody else. */
const NAMES = /SETUP_SECRET|ENCRYPTION_KEYS|AUDIT_SIGNING_KEY/;

/** What workerd answers by itself to bytes that are no request: our code never sees them. */
const RUNTIME = { 400: /^(ERROR: |Bad Request|invalid [A-Za-z -]+$)/, 413: /^ERROR: /, 431: /^ERROR: /, 501: /^ERROR: / };

/** Tells whether the runtime has answered in place of the Worker. */
export function isRuntimes({ status, text, headers }) {
  return headers['content-type'] !== 'application/json' && RUNTIME[status]?.test(text) === true;
}

/**
 * An answer of any status says nothing of the inside; an error has the form of all errors, and a failure is one that has a name.
 *
 * @param {object} answer of `send`
 * @param {string[]} secrets what it may not hold besides
 * @param {string} asked words for the request, for whoever reads a failure
 * @param {string} method a HEAD has no body to look at
 */
export function expectTyped(answer, secrets, asked, method = 'GET') {
  const { status, headers, text } = answer;
  assert.notEqual(status, 500, `${asked}: ${text}`);
  assert.ok(status < 505 && status !== 501, `${asked}: found ${status}: ${text}`);
  expectSilent(answer, secrets, asked);
  if (status < 400 || method === 'HEAD') return;
  assert.equal(headers['content-type'], 'application/json', `${asked}: ${status} ${text}`);
  const body = JSON.parse(text);
  const { error, code, request_id: request, warning, ...rest } = body;
  for (const word of [error, code, request]) assert.ok(typeof word === 'string' && word !== '', `${asked}: ${text}`);
  assert.ok(warning === undefined || warning === error, `${asked}: ${text}`);
  assert.deepEqual(rest, {}, `${asked}: ${text}`);
  assert.match(code, /^[a-z_]+$/);
  assert.equal(headers['cache-control'], 'private, no-store', `${asked}: an error may be kept by nobody`);
}

/** Nothing of the inside, and no secret, is in the answer. */
export function expectSilent({ status, text, headers }, secrets, asked) {
  const shown = `${text}\n${JSON.stringify(headers)}`;
  if (status >= 400) assert.doesNotMatch(shown, NAMES, asked);
  for (const leak of LEAKS) assert.doesNotMatch(shown, leak, asked);
  for (const secret of secrets) assert.ok(!shown.includes(secret), `${asked}: expected no ${secret.slice(0, 8)}… in ${shown.slice(0, 400)}`);
}
