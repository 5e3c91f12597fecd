/** Where the Worker may be led: by an administrator, by a redirect, by what an upstream writes. A canary listens where it may not. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { expectError } from './expect.mjs';
import { startMirror } from './mirror.mjs';
import { secretOf } from './upstream/credentials.mjs';
import { faults } from './upstream/upstream.mjs';

const REFUSED = [
  "http://repo.example.org/",
  "ftp://repo.example.org/",
  "file:///etc/passwd",
  "gopher://repo.example.org:70/_x",
  "data:application/json,{}",
  "javascript:alert(1)",
  "blob:https://x.example/1",
  "ssh://git@repo.example.org/x",
  "git@repo.example.org:acme/x.git",
  "ext::sh -c id",
  "//repo.example.org/",
  "repo.example.org",
  "https://",
  "https://ip6-localhost/",
  "https://127.1/",
  "https://127.255.255.254/",
  "https://0x7f.0x0.0x0.0x1/",
  "https://0177.0.0.1/",
  "https://%31%32%37.0.0.1/",
  "https://0/",
  "https://00.00.00.00/",
  "https://10.0.0.1/",
  "https://192.168.1.1/",
  "https://100.64.0.1/",
  "https://169.254.169.254/latest/meta-data/",
  "https://169.16689662/",
  "https://100.100.100.200/latest/",
  "https://168.63.129.16/",
  "https://198.18.0.1/",
  "https://240.0.0.1/",
  "https://255.255.255.255/",
  "https://192.0.2.5/",
  "https://8.8.8.8/",
  "https://[0:0:0:0:0:0:0:1]/",
  "https://[::]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:7f00:1]/",
  "https://[64:ff9b::a9fe:a9fe]/",
  "https://[2002:7f00:1::]/",
  "https://[2001:0:7f00:1::]/",
  "https://[fe80::1]/",
  "https://[fd00:ec2::254]/",
  "https://[ff02::1]/",
  "https://[::ffff:0:127.0.0.1]/",
  "https://[2606:4700::1111]/",
  "https://[::1/",
  "https://[v1.fe80::a]/",
  "https://metadata.google.internal/computeMetadata/v1/",
  "https://repo.internal/",
  "https://nas.local/",
  "https://box.home.arpa/",
  "https://svc.default.svc.cluster.local/",
  "https://hidden.onion/",
  "https://1.0.0.127.in-addr.arpa/",
  "https://127.0.0.1.nip.io/",
  "https://a9fea9fe.nip.io/",
  "https://x.lvh.me/",
  "https://user:pw@repo.example.org/",
  "https://169.254.169.254#@repo.example.org/",
  "https://169.254.169.254\\@repo.example.org/",
  "https:/169.254.169.254/",
  "https:///169.254.169.254/",
  "https://repo.example.org:22/",
  "https://repo.example.org:25/",
  "https://repo.example.org:6379/",
  "https://repo.example.org:0/",
  "https://repo.example.org:-1/",
  "https://repo.example.org/#frag",
  "https://repo.example.org/?x=1",
  "https://repo.exa\nmple.org/",
  "https://repo.exa\tmple.org/",
  "https://repo.example.org/\r\nHost: x",
  "https://repo.example.org/\u0000",
  "https://repo_under.example.org /",
  "https://xn--/",
  "https://-repo.example.org/",
  `https://repo.example.org/${'a'.repeat(3000)}`,
  `https://${'a'.repeat(64)}.example.org/`,
  { href: "https://repo.example.org/" },
  null,
];

const ACCEPTED = [
  "https://repo.packagist.org",
  "https://repo.magento.com/",
  "https://satis.acme.example/",
  "https://gitlab.example.org/api/v4/group/7/-/packages/composer/",
  "https://repo.example.org:8443/",
  "https://XN--BCHER-KVA.example/",
  "https://b\u00fccher.example/",
  "https://repo.example.org:443/",
  "https://a-b.c-d.example.co.uk/x/y/",
];

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
