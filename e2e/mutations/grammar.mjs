/** How a request is changed: by a rule of the part it is changed in, so that what comes out is nearly right. */
import { CASES } from '../hostile/catalogue.mjs';

const TEXTS = CASES.map(({ input }) => input).filter((input) => typeof input === 'string' && input.length <= 2000);
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE', 'get', 'QUERY'];
const SEGMENTS = ['..', '.', '', '%2e%2e', '%00', '%', '%zz', '%2f', '%252f', '%c0%af', '~', '*', '%', "'", '"', ';', '@', 'api', 'p2', '__proto__', 'constructor', '%F0%9F%92%A9', 'packages.json', 'x'.repeat(300)];
const NUMBERS = ['0', '-1', '-0', '1e309', '1E400', '0.1', '9007199254740993', '99999999999999999999', '1e-400', '2147483648', '-9223372036854775809'];
const HEADERS = [
  ['Content-Type', 'text/plain'], ['Content-Type', 'application/json; charset=utf-16'], ['Content-Type', 'application/jsonp'], ['Content-Type', ''], ['Content-Encoding', 'gzip'],
  ['Host', 'evil.example.net'], ['Host', ''], ['X-Forwarded-Host', 'evil.example.net'], ['X-Forwarded-Proto', 'gopher'], ['Forwarded', 'host=evil'], ['X-Original-URL', '/api/audit'],
  ['X-HTTP-Method-Override', 'DELETE'], ['Accept', 'text/html'], ['Accept-Encoding', '*;q=0'], ['Accept-Encoding', 'br;q=9'], ['If-Modified-Since', 'yesterday'],
  ['If-Modified-Since', 'Thu, 01 Jan 9999 00:00:00 GMT'], ['If-None-Match', '*'], ['If-Match', '"x"'], ['Range', 'bytes=0-0,-1'], ['Cookie', '__Host-session='], ['Cookie', 'a=b; __Host-session=pkbs_x; c'],
  ['Origin', 'null'], ['Origin', 'https://evil.example.net'], ['Sec-Fetch-Site', 'cross-site'], ['CF-Connecting-IP', '::1'], ['CF-Connecting-IP', 'not an address'], ['CF-Connecting-IP', '1.2.3.4, 5.6.7.8'],
  ['Cf-Access-Jwt-Assertion', 'a.b.c'], ['Cf-Access-Authenticated-User-Email', 'ann@example.com'], ['User-Agent', '=1+1'], ['User-Agent', '\t'], ['User-Agent', 'ü\u{1F4A9}'], ['User-Agent', 'a'.repeat(5000)],
  ['Authorization', 'Basic'], ['Authorization', 'Bearer null'], ['Authorization', 'Digest x'], ['X-A', 'a'.repeat(9000)], ['Transfer-Encoding', 'gzip'], ['Content-Length', '1e1'], ['Upgrade', 'websocket'],
];

/**
 * Returns a changed request, one to three changes away from a seed.
 *
 * @param {object} seed `{ method, target, headers, body }`
 * @param {object} chance of random.mjs
 */
export function mutated(seed, chance) {
  const request = { ...seed, headers: [...seed.headers], body: structuredClone(seed.body) };
  const rules = seed.body === undefined ? [target, target, query, header, method, sprout] : [body, body, body, target, query, header, method];
  for (let left = chance.between(1, 3); left > 0; left--) chance.pick(rules)(request, chance);
  if (typeof request.body === 'object' && !Buffer.isBuffer(request.body)) request.body = written(request.body, chance);
  if (typeof request.body === 'string' && chance.chance(0.1)) request.body = spoiled(request.body, chance);
  return request;
}

function method(request, chance) {
  request.method = chance.pick(METHODS);
}

/** A body where none belongs. */
function sprout(request, chance) {
  request.body = chance.pick(['{}', '[]', '', 'x', '{"a":1}']);
  request.headers.push(['Content-Type', chance.pick(['application/json', 'text/plain'])]);
}

function target(request, chance) {
  const [path, ...rest] = request.target.split('?');
  const segments = path.split('/');
  const at = chance.between(1, segments.length - 1);
  const old = segments[at] ?? '';
  const letter = chance.between(0, Math.max(0, old.length - 1));
  const changes = [
    () => [chance.pick(SEGMENTS)],
    () => [encodeURIComponent(chance.pick(TEXTS)).slice(0, 2000)],
    () => [old, chance.pick(SEGMENTS)],
    () => [],
    () => [old, old],
    () => [old.toUpperCase()],
    () => [`${old.slice(0, letter)}%${(old.charCodeAt(letter) || 65).toString(16)}${old.slice(letter + 1)}`],
    () => [`${old.slice(0, letter)}${chance.pick(['%20', '%0a', '+', '\u00e9', '%00', '.', '%25'])}${old.slice(letter)}`],
    () => [old.slice(0, letter)],
    () => [`${old}${chance.pick(['/', '.', '~dev', '.json', ';x', '%09'])}`],
  ];
  segments.splice(at, 1, ...chance.pick(changes)());
  // A blank would end the target: then it is another request line, which is the runtime's affair.
  request.target = [segments.join('/') || '/', ...rest].join('?').replace(/[ \r\n\t]/g, '%20');
}

function query(request, chance) {
  const [path, sent = ''] = request.target.split('?');
  const pairs = sent === '' ? [] : sent.split('&');
  const value = chance.pick([() => encodeURIComponent(chance.pick(TEXTS)).slice(0, 1500), () => chance.pick(NUMBERS), () => chance.pick(SEGMENTS), () => ''])();
  const name = chance.pick(['limit', 'after', 'q', 'purge', 'format', 'since', 'token', 'state', '%00', 'a'.repeat(300), ...pairs.map((pair) => pair.split('=')[0])]);
  const changes = [() => pairs.push(`${name}=${value}`), () => pairs.push(name), () => pairs.pop(), () => pairs.unshift(`${name}=${value}`), () => pairs.push('&&=')];
  chance.pick(changes)();
  request.target = `${path}?${pairs.join('&')}`.replace(/[ \r\n\t]/g, '%20');
}

function header(request, chance) {
  const [name, value] = chance.pick(HEADERS);
  if (chance.chance(0.2)) request.headers.pop();
  if (chance.chance(0.5)) request.headers = request.headers.filter(([other]) => other !== name);
  request.headers.push([name, value]);
}

/** Changes a place in the tree of the body, or in its text where it is a form. */
function body(request, chance) {
  if (Buffer.isBuffer(request.body)) return; // spoiled enough: it is no text any more
  if (typeof request.body !== 'object') {
    request.body = spoiled(String(request.body ?? ''), chance);
    return;
  }
  const places = placesOf(request.body);
  const { holder, key } = chance.pick(places);
  const changes = [
    () => (holder[key] = strange(chance)),
    () => (holder[key] = strange(chance)),
    () => (Array.isArray(holder) ? holder.splice(key, 1) : delete holder[key]),
    () => (holder[key] = [holder[key]]),
    () => (holder[key] = String(holder[key])),
    () => (holder[`${key}${chance.pick(['', '_', '\u0000', ' '])}`] = chance.pick(TEXTS)),
    () => (holder[chance.pick(['role', 'rights', 'id', 'token', 'created_by', '__proto__x', 'hash', 'patterns', 'person', 'kind'])] = strange(chance)),
    () => (holder[key] = Array.from({ length: chance.between(2, 300) }, () => chance.pick(TEXTS))),
  ];
  chance.pick(changes)();
}

function placesOf(holder) {
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...(holder[key] !== null && typeof holder[key] === 'object' ? placesOf(holder[key]) : [])]).concat({ holder, key: 'added' });
}

function strange(chance) {
  return chance.pick([
    () => chance.pick(TEXTS), () => chance.pick(TEXTS), () => null, () => true, () => -1, () => 1.5, () => 2 ** 53, () => '', () => [], () => ({}),
    () => 'x'.repeat(chance.pick([255, 256, 1001, 70_000])), () => '\ud800', () => '\u202egpj', () => [[[[{}]]]], () => [null], () => ({ $ne: '' }), () => '{"raw":1}', () => `<${chance.pick(NUMBERS)}>`,
  ])();
}

/** Writes a body as JSON, sometimes with numbers and keys that no object can hold. */
function written(value, chance) {
  const text = JSON.stringify(value).replace(/"<([-0-9eE.]+)>"/g, '$1');
  return chance.chance(0.05) ? text.replace(/^\{("[^"]*")/, '{$1:1,$1') : text;
}

/** Changes a text byte by byte. */
function spoiled(text, chance) {
  const at = chance.between(0, text.length);
  const changes = [
    () => text.slice(0, at),
    () => text + chance.pick(['}', ' {}', '\u0000', '//', ',']),
    () => `\ufeff${text}`,
    () => Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from(chance.pick([[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0]])), Buffer.from(text.slice(at))]),
    () => text.slice(0, at) + chance.pick(['"', '\\', '{', '[', '\n', ':', '9'.repeat(400)]) + text.slice(at),
    () => '['.repeat(chance.between(1, 3000)) + text,
    () => text.repeat(2),
    () => text.replaceAll('"', "'"),
  ];
  return chance.pick(changes)();
}
