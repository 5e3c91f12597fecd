/** Credentials in the states that the catalogue names: what each fixture presents, as headers or as whole requests. */
import { basic } from '../instance.mjs';
import { secretOf } from '../upstream/credentials.mjs';
import { strangersToken } from './scene.mjs';

const bearer = (token) => [['Authorization', `Bearer ${token}`]];
const read = { target: '/packages.json' };
const change = (headers) => ({ method: 'POST', target: '/api/tokens', headers: [['Content-Type', 'application/json'], ...headers], body: '{"name":"x","kind":"read","patterns":["*"]}' });

export const TOKENS = {
  'revoked 1 s ago': async (scene) => {
    const { id, token } = await scene.made({ kind: 'admin' });
    await scene.ask({ ...read, headers: bearer(token) });
    await scene.worker.revokeToken(id);
    scene.settle();
    return [bearer(token)];
  },
  'not yet valid': async (scene) => {
    const { token } = await scene.made({ kind: 'admin', not_before: Date.now() + 3_600_000 });
    scene.settle();
    return [bearer(token)];
  },
  'valid read token on a change': (scene) => [change(bearer(scene.mirror.reader)), { method: 'DELETE', target: '/api/packages/acme/tool', headers: bearer(scene.mirror.reader) }],
  'valid token whose owner was suspended': async (scene) => {
    const cookie = await scene.person('suspended', 'admin');
    const made = await scene.ask(change(scene.page(cookie)));
    const { token } = JSON.parse(made.text);
    await scene.ask({ ...read, headers: bearer(token) });
    const { status } = await scene.worker.api('PATCH', '/api/people/suspended', { suspended: true });
    if (status !== 200) throw new Error(`expected the person to be suspended but found ${status}`);
    scene.settle();
    return [bearer(token), scene.page(cookie)];
  },
  'valid token sent as ?token= only': (scene) => [{ target: `/packages.json?token=${scene.mirror.reader}` }, { target: `/packages.json?access_token=${scene.mirror.reader}` }],
  'valid session cookie on a Composer route': (scene) => [{ ...read, headers: scene.ownersPage }],
  'valid Composer token on /api with Origin of another site': (scene) => [
    change([...bearer(scene.worker.admin), ['Origin', 'https://evil.example.net']]),
    change([...bearer(scene.worker.admin), ['Origin', 'null']]),
    change([...bearer(scene.worker.admin), ['Sec-Fetch-Site', 'cross-site']]),
  ],
  'valid token in both Basic and a second Authorization header': (scene) => [
    [['Authorization', basic(scene.mirror.reader)], ...bearer(scene.mirror.reader)],
    [...bearer(scene.worker.admin), ...bearer(scene.worker.admin)],
    [['Authorization', basic(scene.mirror.reader)], ...bearer(strangersToken())],
  ],
  "upstream's password used as our token": (scene) => [bearer(secretOf(scene.mirror.upstream.auth)), [['Authorization', basic(secretOf(scene.mirror.upstream.auth))]]],
  'token for one use used twice': async (scene) => {
    const { token } = await scene.made({ kind: 'read', max_uses: 1 });
    await scene.ask({ ...read, headers: bearer(token) });
    scene.settle();
    return [bearer(token)];
  },
  'bootstrap token after setup': (scene) => [
    { method: 'POST', target: '/api/setup', headers: [['Content-Type', 'application/json']], body: JSON.stringify({ secret: scene.instanceSecrets.SETUP_SECRET, base_url: scene.origin }) },
  ],
};
