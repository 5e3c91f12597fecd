/**
 * The bench's upstream: a Composer repository with a metadata-url, in a process of its own so that its CPU counts for nobody.
 *
 * Prints its origin as the first line and stops when its stdin ends. Archives come without a Content-Length, as most code
 * hosts send them. `/-/requests` tells how many requests it has answered.
 */
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { archive, document, sizes } from './documents.mjs';

const P2 = /^\/p2\/([a-z0-9-]+\/[a-z0-9-]+)\.json$/;
const DIST = /^\/dist\/([a-z0-9-]+\/[a-z0-9-]+)\/[0-9a-f]{40}\.zip$/;
const LAST_MODIFIED = 'Thu, 01 Jan 2026 00:00:00 GMT';
let requests = 0;
let origin;

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, origin);
  if (pathname === '/-/requests') {
    response.end(String(requests));
    return;
  }
  requests++;
  const p2 = P2.exec(pathname)?.[1];
  const dist = DIST.exec(pathname)?.[1];
  if (pathname === '/packages.json') {
    json(response, JSON.stringify({ packages: [], 'metadata-url': '/p2/%package%.json' }));
  } else if (p2 !== undefined && sizes(p2) !== undefined) {
    json(response, document(p2, origin));
  } else if (dist !== undefined && sizes(dist) !== undefined) {
    response.writeHead(200, { 'content-type': 'application/zip' });
    Readable.from(archive(dist)).pipe(response);
  } else {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"status":"not found"}');
  }
});

function json(response, body) {
  response.writeHead(200, { 'content-type': 'application/json', 'last-modified': LAST_MODIFIED }).end(body);
}

server.listen(0, '127.0.0.1', () => {
  origin = `http://127.0.0.1:${server.address().port}`;
  console.log(origin);
});
process.stdin.on('end', () => process.exit(0)).resume();
