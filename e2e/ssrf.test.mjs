/** Where the Worker may be led: by an administrator, by a redirect, by what an upstream writes. A canary listens where it may not. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { expectError } from './expect.mjs';
import { group } from './hostile/catalogue.mjs';
import { startMirror } from './mirror.mjs';
import { PLACES } from './ssrf/host.mjs';
import { playVariables, startMatrix } from './ssrf/matrix.mjs';
import { canaryUrls } from './ssrf/urls.mjs';
import { secretOf } from './upstream/credentials.mjs';
import { faults } from './upstream/upstream.mjs';

const REFUSED = group('ssrf').map(({ input }) => input);
const ACCEPTED = group('good url').map(({ input }) => input);

let canary;
let touched = 0;
let mirror;

before(async () => {
  canary = createServer((socket) => {
    touched += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(canary, 'listening');
  mirror = await startMirror({
    upstreams: [
      { auth: 'basic', patterns: ['acme/*'] },
      { patterns: ['other/*'] },
    ],
  });
});

after(async () => {
  await mirror?.close();
  canary?.close();
});

const canaryUrl = (path = '/') => `http://127.0.0.1:${canary.address().port}${path}`;

describe('an administrator', () => {
  for (const url of REFUSED) {
    it(`cannot configure ${JSON.stringify(url).slice(0, 100)}`, async () => {
      const { status, body } = await mirror.worker.api('POST', '/api/upstreams', { name: 'x', url, patterns: ['x/*'] });
      assert.equal(status, 422, JSON.stringify(body));
    });
  }

  it('cannot configure the canary, nor this instance itself', async () => {
    for (const url of [canaryUrl(), mirror.url]) {
      const { status } = await mirror.worker.api('POST', '/api/upstreams', { name: 'x', url, patterns: ['x/*'] });
      assert.equal(status, 422, url);
    }
  });

  it('makes us ask nobody by configuring but whom it configured, and that for its root', async () => {
    const before = mirror.upstream.requests.length;
    const made = await mirror.worker.api('POST', '/api/upstreams', { name: 'x', url: mirror.upstream.url, patterns: ['x/*'] });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.equal((await mirror.worker.api('DELETE', `/api/upstreams/${made.body.id}`)).status, 204);
    for (const { path } of mirror.upstream.requests.slice(before)) assert.equal(path, '/packages.json');
  });

  for (const url of ACCEPTED) {
    it(`can configure ${url}`, async () => {
      const made = await mirror.worker.api('POST', '/api/upstreams', { name: 'x', url, patterns: ['x/*'] });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      assert.equal((await mirror.worker.api('DELETE', `/api/upstreams/${made.body.id}`)).status, 204);
    });
  }
});

/** What a client asks of us, and the path at which the upstream is then asked. */
const ANSWERS = {
  metadata: async (name) => ({ asked: `/p2/${name}.json`, theirs: `/p2/${name}.json` }),
  'an archive': async (name, release) => ({ asked: await distOf(name), theirs: new URL(release.metadata.dist.url).pathname }),
};
const LOST = {
  'to another origin on this machine': () => canaryUrl(),
  'to the metadata service': () => 'http://169.254.169.254/latest/meta-data/',
  'to localhost by name': () => 'https://localhost/',
  'to a file': () => 'file:///etc/passwd',
  'with a user in it': () => mirror.upstreams[1].origin.replace('://', '://user:pw@'),
};

for (const [kind, find] of Object.entries(ANSWERS)) {
  const vendor = `acme/${kind.replace(/\W/g, '-')}`;
  const publish = async (word) => {
    const name = `${vendor}-${word}`;
    return find(name, mirror.upstream.publish({ name, version: '1.0.0' }));
  };

  describe(`a redirect of ${kind}`, () => {
    for (const [what, place] of Object.entries(LOST)) {
      it(`${what} is not followed`, async () => {
        const { asked, theirs } = await publish(`lost-${Object.keys(LOST).indexOf(what)}`);
        const heal = mirror.upstream.fault(theirs, faults.redirect(place()));
        await expectUntrusted(asked);
        heal();
        assert.equal((await mirror.get(asked)).status, 200);
      });
    }

    it('that goes in circles is given up', async () => {
      const { asked, theirs } = await publish('circle');
      mirror.upstream.fault(theirs, faults.redirect(theirs));
      await expectUntrusted(asked);
      assert.equal(mirror.upstream.asked(theirs).length, 4);
    });

    for (const [hops, status] of [[3, 200], [4, 502]]) {
      it(`over ${hops} hops answers ${status}`, async () => {
        const { asked, theirs } = await publish(`hops-${hops}`);
        mirror.upstream.fault(theirs, hop(hops));
        assert.equal((await mirror.get(asked)).status, status);
        assert.equal(mirror.upstream.asked(theirs).length, 4);
      });
    }

    it('to another upstream is followed, without the credential of the first', async () => {
      const { asked, theirs } = await publish('moved');
      const [first, second] = mirror.upstreams;
      second.publish({ name: `${vendor}-moved`, version: '1.0.0' });
      first.fault(theirs, faults.redirect(second.origin + theirs));
      assert.equal((await mirror.get(asked)).status, 200);
      const requests = second.requests.filter(({ path }) => path === theirs);
      assert.equal(requests.length, 1);
      assert.ok(!JSON.stringify(requests).includes(secretOf(first.auth)));
      assert.equal(requests[0].headers.authorization, undefined);
    });
  });
}

describe('what an upstream writes', () => {
  it('does not lead an archive elsewhere by its URL', async () => {
    mirror.upstream.publish({ name: 'acme/posted', version: '1.0.0' });
    mirror.upstream.fault('/p2/acme/posted.json', ({ response, answer }) => {
      const document = JSON.parse(Buffer.concat([...answer.chunks()]));
      for (const version of document.packages['acme/posted']) version.dist.url = canaryUrl('/x.zip');
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
    });
    await expectUntrusted(await distOf('acme/posted'));
  });

  it('has never led anybody to the canary', () => assert.equal(touched, 0));
});

describe('from every place that a URL may stand in', () => {
  const every = Number(process.env.SSRF_EVERY ?? 4); // one in so many of the URLs, others in each place
  const instances = Number(process.env.SSRF_INSTANCES ?? 2);
  let matrix;
  before(async () => {
    matrix = await startMatrix();
  });
  after(async () => {
    console.log(`ssrf: ${matrix.attempts} attempts from ${PLACES.length + 9} places, ${matrix.hosts.touched.length} connections to the canary, 0 credentials seen by others in ${matrix.asides} requests`);
    await matrix.close();
  });

  for (const [i, place] of PLACES.entries()) {
    it(`${place} leads nowhere`, () => matrix.play(place, (number) => (number + i) % every === 0 || matrix.hosts.urls[number].startsWith(matrix.hosts.bystander)));
  }

  it('a caller who writes one leads nowhere', () => matrix.playCallers());

  it('a variable of the deployment leads nowhere inside', async () => {
    const urls = canaryUrls(matrix.hosts.canaryPort).filter((_, i, all) => i % Math.ceil(all.length / instances) === 0);
    matrix.attempts += await playVariables(urls, matrix.hosts);
  });

  it('the canary would have sung', async () => {
    await fetch(canaryUrls(matrix.hosts.canaryPort)[0]).catch(() => {});
    assert.equal(matrix.hosts.touched.splice(0).length, 1);
    assert.ok(matrix.asides > 0);
  });
});

/** Redirects a request to itself so many times before it answers. */
function hop(times) {
  return ({ request, response, answer }) => {
    const done = Number(new URL(request.url, 'http://upstream').searchParams.get('hop') ?? 0);
    if (done < times) response.writeHead(302, { location: `?hop=${done + 1}` }).end();
    else response.writeHead(answer.status, answer.headers).end(Buffer.concat([...answer.chunks()]));
  };
}

// A guard that let it through would find nobody there, and answer "unreachable".
async function expectUntrusted(path) {
  const { code } = await expectError(await mirror.get(path), 502);
  assert.equal(code, 'upstream_untrusted');
}

async function distOf(name) {
  const document = await (await mirror.get(`/p2/${name}.json`)).json();
  return new URL(document.packages[name][0].dist.url).pathname;
}
