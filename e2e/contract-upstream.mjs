/**
 * The server against which the contract of the Upstream port is checked inside workerd: each path misbehaves in one way.
 * UpstreamContract's Javadoc lists the paths; ContractServer is the same for the JVM.
 */
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';

const MIB = 1 << 20;
const PLAIN = { 'content-type': 'text/plain' };

/** Starts the server on a free port of 127.0.0.1 and returns its origin and the way to close it. */
export async function startContractUpstream() {
  const server = createHttpServer((request, response) => {
    response.sendDate = false;
    response.on('error', () => {});
    answer(request, response).catch((error) => response.destroy(error));
  });
  const port = await listen(server);
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

function listen(server) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server.address().port));
  });
}

async function answer(request, response) {
  const path = request.url.split('?')[0];
  const sized = /^\/(bytes|chunked)\/(\d+)$/.exec(path);
  if (sized) {
    sendBytes(response, sized[1] === 'bytes', Number(sized[2]));
  } else if (path in PAGES) {
    await PAGES[path](response, request);
  } else {
    response.writeHead(404, PLAIN).end('no such path');
  }
}

const PAGES = {
  '/echo': echo,
  '/closed-origin': async (response) => {
    response.writeHead(200, PLAIN).end(await closedOrigin());
  },

  '/redirect': (response) => response.writeHead(302, { location: '/echo', 'content-length': 5 }).end('moved'),
  '/not-modified': (response) => response.writeHead(304, { etag: '"v1"' }).end(),
  '/no-content': (response) => response.writeHead(204).end(),
  '/empty': (response) => response.writeHead(200, { 'content-length': 0 }).end(),
  '/error': (response) => response.writeHead(503, { ...PLAIN, 'retry-after': '7' }).end('busy'),
  '/twice': (response) => response.writeHead(200, { 'X-Mixed-Case': 'Kept As Is', 'x-twice': ['one', 'two'] }).end('x'),
  '/cookie': (response) => response.writeHead(200, { 'set-cookie': 'kept=no; Path=/' }).end('x'),

  '/gzip': (response) => sendGzip(response, pattern(12_000)),
  '/gzip-bomb': (response) => sendGzip(response, Buffer.alloc(4 * MIB)),

  '/silent': () => {},
  '/stall': (response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write(pattern(10));
  },
  '/drip': drip,
  '/cut': (response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write(pattern(500), () => response.socket.end());
  },
  '/cut-chunked': (response) => {
    response.writeHead(200);
    response.write(pattern(500), () => response.socket.end());
  },
};

async function echo(response, request) {
  const lines = [`${request.method} ${request.url}`];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    lines.push(`${request.rawHeaders[i].toLowerCase()}: ${request.rawHeaders[i + 1]}`);
  }
  const body = [];
  for await (const chunk of request) {
    body.push(chunk);
  }
  response.writeHead(200, PLAIN).end(Buffer.concat([Buffer.from(`${lines.join('\n')}\n\n`), ...body]));
}

/** Returns an origin at which nobody listens: its port was free a moment ago. */
async function closedOrigin() {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

function sendBytes(response, withLength, count) {
  response.writeHead(200, withLength ? { 'content-length': count } : {});
  for (let at = 0; at < count; at += MIB) {
    response.write(pattern(Math.min(MIB, count - at), at));
  }
  response.end();
}

function sendGzip(response, plain) {
  const packed = gzipSync(plain);
  response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length }).end(packed);
}

/** Sends a byte every 50 ms for as long as anybody listens. */
function drip(response) {
  response.writeHead(200);
  const timer = setInterval(() => response.write('.'), 50);
  response.on('close', () => clearInterval(timer));
}

/** Returns bytes whose value tells their position: byte i is i modulo 251. */
function pattern(count, from = 0) {
  const bytes = Buffer.alloc(count);
  for (let i = 0; i < count; i++) {
    bytes[i] = (from + i) % 251;
  }
  return bytes;
}
