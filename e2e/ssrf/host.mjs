/**
 * An upstream that leads elsewhere. It is asked at `/{place}/{number}/…`, and what it says there holds the URL of that number where
 * the place is. Beside it stands somebody who may be asked, and is owed nothing.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createListener } from 'node:net';

/** What the root says whose `place` leads elsewhere. */
const ROOTS = {
  'metadata-url': (url) => ({ packages: [], 'metadata-url': url }),
  'metadata-url with a name': (url) => ({ packages: [], 'metadata-url': `${url}/%package%.json` }),
  'providers-lazy-url': (url) => ({ packages: [], 'providers-lazy-url': `${url}%package%` }),
  includes: (url) => ({ packages: [], includes: { [url]: { sha1: 'a'.repeat(40) } } }),
  'provider-includes': (url) => ({ packages: [], 'providers-url': '/p/%package%$%hash%.json', 'provider-includes': { [url]: { sha256: 'a'.repeat(64) } } }),
  'providers-url': (url) => ({ packages: [], 'providers-url': `${url}%package%%hash%`, providers: { 'x/x': { sha256: 'a'.repeat(64) } } }),
  'the API of advisories': (url) => ({ ...USUAL, 'security-advisories': { metadata: false, 'api-url': url } }),
  'the API of filter lists': (url) => ({ ...USUAL, filter: { metadata: false, lists: { malware: { enabled: true } }, 'api-url': url } }),
  'the summary of filter lists': (url) => ({ ...USUAL, filter: { metadata: true, lists: { malware: { enabled: true } }, 'summary-url': url } }),
  'the list of changes': (url) => ({ ...USUAL, 'metadata-changes-url': url }),
  mirrors: (url) => ({ ...USUAL, mirrors: [{ 'dist-url': url, 'git-url': url, preferred: true }] }),
  notify: (url) => ({ ...USUAL, notify: url, 'notify-batch': url, 'notify_batch': url }),
  'search and lists': (url) => ({ ...USUAL, search: url, list: url, 'providers-api': url, 'available-packages': ['x/x'] }),
};
const USUAL = { packages: [], 'metadata-url': 'p2/%package%.json' };

/** Where an upstream may lead from: from its root, from a package's file, from an archive. */
export const PLACES = ['a redirect of packages.json', ...Object.keys(ROOTS), 'a redirect of a p2 file', 'a redirect of an archive', 'dist.url', 'dist.mirrors', 'source.url'];

/** Starts the upstream, the bystander and the canary. */
export async function startHosts() {
  const hosts = new Hosts();
  await hosts.start();
  return hosts;
}

class Hosts {
  urls = [];
  touched = [];
  #servers = [];

  /** What the bystander was asked: the headers and the path of each request. */
  seen = [];

  async start() {
    const upstream = createServer((request, response) => this.#answer(request, response));
    const bystander = createServer((request, response) => {
      this.seen.push(`${request.url} ${JSON.stringify(request.headers)}`);
      response.writeHead(404).end('{}');
    });
    const canary = createListener((socket) => {
      this.touched.push(socket.remoteAddress);
      socket.destroy();
    });
    // Every address of this machine: of IPv4 and, where there is any, of IPv6.
    canary.listen({ port: 0, host: '::', ipv6Only: false }).on('error', () => canary.listen(0, '0.0.0.0'));
    upstream.listen(0, '127.0.0.1');
    bystander.listen(0, '127.0.0.1');
    this.#servers = [upstream, bystander, canary];
    await Promise.all(this.#servers.map((server) => once(server, 'listening')));
    this.origin = `http://127.0.0.1:${upstream.address().port}`;
    this.bystander = `http://127.0.0.1:${bystander.address().port}`;
    this.canaryPort = canary.address().port;
  }

  /** Returns where an upstream lives that leads to the URL of a number from a place. */
  upstreamUrl(place, number) {
    return `${this.origin}/${PLACES.indexOf(place)}/${number}`;
  }

  #answer(request, response) {
    const [, at, number, ...rest] = request.url.split('?')[0].split('/');
    const [place, url, path] = [PLACES[at], this.urls[number], rest.join('/')];
    const json = (value) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const redirect = () => request.socket.end(`HTTP/1.1 302 Found\r\nlocation: ${url.replace(/[\r\n\u0000]/g, '')}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
    if (path === 'packages.json') return place === 'a redirect of packages.json' ? redirect() : json((ROOTS[place] ?? (() => USUAL))(url));
    if (path.startsWith('p2/')) return place === 'a redirect of a p2 file' ? redirect() : json(this.#file(place, url, path, number));
    if (path === 'x.zip' && place === 'a redirect of an archive') return redirect();
    return response.writeHead(404).end('{}');
  }

  #file(place, url, path, number) {
    const name = path.slice('p2/'.length).replace(/(~dev)?\.json$/, '');
    const dist = { type: 'zip', url: place === 'dist.url' ? url : `${this.upstreamUrl(place, number)}/x.zip`, reference: 'abc', shasum: '' };
    if (place === 'dist.mirrors') dist.mirrors = [{ url, preferred: true }];
    const source = place === 'source.url' ? { source: { type: 'git', url, reference: 'abc' } } : {};
    return { packages: { [name]: path.includes('~dev') ? [] : [{ name, version: '1.0.0', dist, ...source }] } };
  }

  close() {
    for (const server of this.#servers) {
      server.closeAllConnections?.();
      server.close();
    }
  }
}
