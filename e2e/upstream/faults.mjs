/**
 * What can go wrong between an upstream and us. A fault answers a request in place of the right answer,
 * which it is given: `{ status, headers, length, chunks }`.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

export const faults = {
  /** Answers with a status and a short text. */
  status: (status, text = `status ${status}`) => ({ response }) => {
    response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
  },

  /** Accepts the request and never answers. */
  hang: () => () => {},

  /** Sends half of the body and then nothing, with the connection left open. */
  stall: () => ({ response, answer }) => {
    const body = bytesOf(answer);
    response.writeHead(200, { ...answer.headers, 'content-length': body.length });
    response.write(half(body));
  },

  /** Promises the whole body, sends half of it and closes the connection. */
  truncate: () => ({ response, answer }) => {
    const body = bytesOf(answer);
    response.writeHead(200, { ...answer.headers, 'content-length': body.length });
    response.write(half(body), () => response.socket.end());
  },

  /** Resets the connection before a byte is sent. */
  reset: () => ({ request }) => {
    request.socket.resetAndDestroy();
  },

  /** Answers 200 with JSON that breaks off. */
  wrongJson: () => ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"packages":{"acme/');
  },

  /** Answers 200 with a web page, as a login screen does. */
  html: () => ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>');
  },

  /** Redirects to `to`. */
  redirect: (to, status = 302) => ({ response }) => {
    response.writeHead(status, { location: to }).end();
  },

  /** Answers for another package than the one asked for. */
  wrongName: (name = 'evil/imposter') => ({ response, answer }) => {
    const document = JSON.parse(bytesOf(answer));
    const versions = Object.values(document.packages).flatMap((list) => Object.values(list));
    document.packages = { [name]: versions.map((version) => ({ ...version, name })) };
    sendInstead(response, answer, Buffer.from(JSON.stringify(document)));
  },

  /** Sends the right body, `step` bytes every `pause` milliseconds. */
  drip: (step = 16, pause = 100) => async ({ response, answer }) => {
    const body = bytesOf(answer);
    response.writeHead(200, { ...answer.headers, 'content-length': body.length });
    for (let at = 0; at < body.length && !response.destroyed; at += step) {
      response.write(body.subarray(at, at + step));
      await sleep(pause);
    }
    response.end();
  },

  /** Sends the right JSON document with `size` bytes more in it. */
  bigBody: (size) => ({ response, answer }) => {
    const body = bytesOf(answer).toString();
    response.writeHead(200, { 'content-type': answer.headers['content-type'] });
    return pipeline(Readable.from(padded(body, size)), response);
  },

  /** Sends the right body compressed, whatever the client accepts. */
  gzip: () => ({ response, answer }) => {
    sendInstead(response, answer, gzipSync(bytesOf(answer)), { 'content-encoding': 'gzip' });
  },

  /** Sends the right body compressed, and only half of that, as if it were all. */
  gzipCut: () => ({ response, answer }) => {
    sendInstead(response, answer, half(gzipSync(bytesOf(answer))), { 'content-encoding': 'gzip' });
  },

  /** Sends the first half of the right body as if it were all. */
  cutInHalf: () => ({ response, answer }) => {
    sendInstead(response, answer, half(bytesOf(answer)));
  },

  /** Sends the whole body and states half its length. */
  shortLength: () => ({ request, answer }) => {
    const body = bytesOf(answer);
    request.socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length >> 1}\r\n\r\n`);
    request.socket.end(body);
  },

  /** Sends another body instead. */
  instead: (body) => ({ response, answer }) => {
    sendInstead(response, answer, Buffer.from(typeof body === 'function' ? body(bytesOf(answer).toString()) : body));
  },

  /** Sends the right answer, but not before `pause` milliseconds. */
  late: (pause) => async ({ response, answer }) => {
    await sleep(pause, undefined, { ref: false });
    if (!response.destroyed) sendInstead(response, answer, bytesOf(answer));
  },

  /** Sends a body of the right length with one byte in the middle changed. */
  corrupt: () => ({ response, answer }) => {
    const body = Buffer.from(bytesOf(answer));
    body[body.length >> 1] ^= 0xff;
    sendInstead(response, answer, body);
  },
};

function sendInstead(response, answer, body, headers = {}) {
  response.writeHead(200, { ...answer.headers, ...headers, 'content-length': body.length }).end(body);
}

function bytesOf(answer) {
  return Buffer.concat([...answer.chunks()]);
}

function half(body) {
  return body.subarray(0, body.length >> 1);
}

function* padded(text, size) {
  const piece = 'x'.repeat(1 << 16);
  yield '{"padding":"';
  for (let left = size; left > 0; left -= piece.length) yield piece.slice(0, left);
  yield `",${text.slice(1)}`;
}
