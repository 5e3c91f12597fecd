/** Requests byte by byte: a client of ours would put right what is to arrive wrong. */
import { connect } from 'node:net';

const DEADLINE = 30_000;
const LARGE = 1 << 20;
const PATIENCE = 2_000;

/**
 * Sends a request on a connection of its own and returns `{ status, headers, text, bytes }`, the headers with their names in
 * lower case.
 *
 * @param {string} origin
 * @param {object} request
 * @param {string} request.method
 * @param {string} request.target what stands behind the method, as it is
 * @param {string[][]} request.headers pairs, as they are; Host and Connection are added unless they are among them
 * @param {string|Buffer} request.body its length is told unless the headers do
 */
export function send(origin, { method = 'GET', target, headers = [], body }) {
  const { host, hostname, port } = new URL(origin);
  const names = headers.map(([name]) => name.toLowerCase());
  const lines = [...headers];
  if (!names.includes('host')) lines.unshift(['Host', host]);
  if (!names.includes('connection')) lines.push(['Connection', 'close']);
  const payload = body === undefined ? Buffer.alloc(0) : Buffer.from(body);
  const told = names.includes('content-length') || names.includes('transfer-encoding');
  if (!told && (body !== undefined || !['GET', 'HEAD'].includes(method))) lines.push(['Content-Length', String(payload.length)]);
  const head = `${method} ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return exchange(hostname, Number(port), Buffer.from(head), payload, method);
}

/** Who sends much waits for an answer to its head first: one that comes early is lost if the connection breaks under the rest. */
function exchange(hostname, port, head, payload, method) {
  const request = Buffer.concat([head, payload.subarray(0, 200)]);
  return new Promise((resolve, reject) => {
    const socket = connect(port, hostname);
    const chunks = [];
    const end = (problem) => {
      clearTimeout(timer);
      socket.destroy();
      const answer = parsed(Buffer.concat(chunks), method);
      if (answer === null) reject(new Error(problem ?? `expected an answer to ${request.subarray(0, 200)} but found ${Buffer.concat(chunks).subarray(0, 200)}`));
      else resolve(answer);
    };
    const timer = setTimeout(() => end(`expected an answer within ${DEADLINE} ms to ${request.subarray(0, 200)}`), DEADLINE);
    // The other side may answer and close before it has read everything: then writing fails and the answer counts.
    socket.on('error', () => {});
    socket.on('close', () => end());
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (isWhole(chunks, method)) end();
    });
    if (payload.length < LARGE) return socket.write(Buffer.concat([head, payload]));
    socket.write(head);
    // What has come meanwhile is read first: a timer that is late comes before it.
    setTimeout(() => setImmediate(() => socket.destroyed || socket.write(payload)), PATIENCE);
  });
}

/** An answer that tells its length need not wait for the connection to close. */
function isWhole(chunks, method) {
  const bytes = Buffer.concat(chunks);
  const at = bytes.indexOf('\r\n\r\n');
  if (at < 0) return false;
  const length = /^content-length: *(\d+)\r?$/im.exec(bytes.subarray(0, at).toString('latin1'))?.[1];
  return method === 'HEAD' || (length !== undefined && bytes.length >= at + 4 + Number(length));
}

function parsed(bytes, method) {
  const at = bytes.indexOf('\r\n\r\n');
  const start = /^HTTP\/1\.1 (\d{3})/.exec(bytes.subarray(0, 16).toString('latin1'));
  if (at < 0 || start === null) return null;
  const headers = {};
  for (const line of bytes.subarray(0, at).toString('latin1').split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const rest = bytes.subarray(at + 4);
  const body = method === 'HEAD' ? Buffer.alloc(0) : headers['transfer-encoding'] === 'chunked' ? unchunked(rest) : rest;
  return { status: Number(start[1]), headers, bytes: body, text: body.toString() };
}

function unchunked(bytes) {
  const parts = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at);
    const size = end < 0 ? 0 : Number.parseInt(bytes.subarray(at, end).toString('latin1'), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
