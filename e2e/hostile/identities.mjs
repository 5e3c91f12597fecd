/** An issuer of CI identities with a key of the tests, the rule that trusts it, and everything that may be wrong with an identity. */
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = () => Math.floor(Date.now() / 1000);

/** Starts the issuer. */
export async function identities() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' };
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(request.url === '/oauth/discovery/keys' ? JSON.stringify({ keys: [jwk] }) : '{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new Identities(server, publicKey, privateKey);
}

class Identities {
  #server;
  #publicKey;
  #privateKey;
  #made = 0;

  constructor(server, publicKey, privateKey) {
    this.#server = server;
    this.#publicKey = publicKey;
    this.#privateKey = privateKey;
    this.origin = `http://127.0.0.1:${server.address().port}`;
  }

  /** Makes the rule: jobs of one project's main branch in one environment. */
  async rule(scene) {
    const rule = { name: 'widgets', provider: 'gitlab', issuer: this.origin, repository_id: '42', owner_id: '7', ref: 'refs/heads/main', environment: 'production', kind: 'read', patterns: ['acme/*'] };
    const { status, body } = await scene.worker.api('POST', '/api/oidc-rules', rule);
    if (status !== 201) throw new Error(`expected a rule but found ${status}: ${JSON.stringify(body)}`);
  }

  /** Returns an identity for an instance, good but for the changes. */
  token({ origin }, { header = {}, key = this.#privateKey, algorithm = 'sha256', ...claims } = {}) {
    const now = seconds();
    this.#made += 1;
    const body = {
      iss: this.origin, aud: origin, jti: `job-${now}-${this.#made}`, iat: now, nbf: now, exp: now + 300, project_id: '42', namespace_id: '7',
      project_path: 'acme/widgets', ref: 'main', ref_path: 'refs/heads/main', environment: 'production', pipeline_source: 'push', ...claims,
    };
    const signed = `${part({ alg: 'RS256', kid: 'k1', typ: 'JWT', ...header })}.${part(body)}`;
    return `${signed}.${sign(algorithm, Buffer.from(signed), key).toString('base64url')}`;
  }

  /** Exchanges an identity. */
  exchange(scene, token) {
    return scene.ask({ method: 'POST', target: '/oidc/token', headers: [['Content-Type', 'application/json']], body: JSON.stringify({ token }) });
  }

  /** Tries what a fixture of the catalogue says; returns how many were accepted and the answers to the others. */
  async attempt(fixture, scene) {
    const tokens = this.#tokens(fixture, scene);
    const answers = fixture.includes('sequentially') ? [] : await Promise.all(tokens.map((token) => this.exchange(scene, token)));
    if (fixture.includes('sequentially')) for (const token of tokens) answers.push(await this.exchange(scene, token));
    const accepted = answers.filter(({ status }) => status === 201).length;
    const allowed = fixture.startsWith('same jti') ? 1 : 0;
    if (accepted !== allowed) throw new Error(`expected ${allowed} to be accepted but found ${accepted}`);
    return { accepted, refused: answers.filter(({ status }) => status !== 201) };
  }

  #tokens(fixture, scene) {
    const made = (changes) => this.token(scene, changes);
    const now = seconds();
    const changed = (token, claims) => {
      const [head, body, signature] = token.split('.');
      return `${head}.${part({ ...JSON.parse(Buffer.from(body, 'base64url')), ...claims })}.${signature}`;
    };
    switch (fixture) {
      case 'jku/x5u header present':
        return ['jku', 'x5u'].map((name) => made({ header: { [name]: `${this.origin}/oauth/discovery/keys` } })).concat(made({ header: { jwk: this.#publicKey.export({ format: 'jwk' }) } }), this.#unsigned(scene), this.#symmetric(scene), this.#strangers(scene));
      case 'payload changed, signature kept':
        return [changed(made(), { project_id: '43' }), changed(made(), { jti: 'another' }), changed(made(), {}).slice(0, -4)];
      case 'expired 31 s ago (leeway 30 s)':
        return [made({ iat: now - 331, nbf: now - 331, exp: now - 31 })];
      case 'iat 2 h ago, exp in 10 h':
        return [made({ iat: now - 7200, nbf: now - 7200, exp: now + 36_000 })];
      case 'aud of another service':
        return [made({ aud: 'https://other.example.org' }), made({ aud: `${scene.origin}/` }), made({ aud: '' }), made({ aud: undefined })];
      case 'aud array with ours and another':
        return [made({ aud: [scene.origin, 'https://other.example.org'] })];
      case 'iss look-alike https://token.actions.githubusercontent.com.evil.example.net':
        return [made({ iss: 'https://token.actions.githubusercontent.com.evil.example.net' }), made({ iss: this.origin.replace('127.0.0.1', 'localhost') })];
      case 'iss with trailing slash':
        return [made({ iss: `${this.origin}/` })];
      case 'same jti twice, sequentially':
        return Array(2).fill(made());
      case 'same jti twice, 50 in parallel':
        return Array(50).fill(made());
      case 'repository_owner_id differs, names equal':
        return [made({ namespace_id: '8' })];
      case 'pull_request event from a fork':
        return [made({ pipeline_source: 'merge_request_event' }), made({ pipeline_source: 'merge_request_event', event_name: 'pull_request' })];
      case 'sub wildcard match on a branch named refs/heads/main-evil':
        return [made({ ref_path: 'refs/heads/main-evil', ref: 'main-evil' })];
      case 'environment missing where rule needs it':
        return [made({ environment: undefined }), made({ environment: 'staging' })];
      case 'three dots':
        return ['...', `${made()}.`];
      case 'empty string':
        return [''];
      case '100 KiB token':
        return ['a'.repeat(102_400), `${'a'.repeat(51_200)}.${'a'.repeat(51_199)}.`];
      default:
        throw new Error(`expected a fixture but found ${fixture}`);
    }
  }

  #unsigned(scene) {
    const [, body] = this.token(scene).split('.');
    return `${part({ alg: 'none', kid: 'k1' })}.${body}.`;
  }

  /** Signed with the public key as if it were a shared secret. */
  #symmetric(scene) {
    const [, body] = this.token(scene).split('.');
    const signed = `${part({ alg: 'HS256', kid: 'k1' })}.${body}`;
    const secret = this.#publicKey.export({ type: 'spki', format: 'pem' });
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  }

  #strangers(scene) {
    return this.token(scene, { key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey });
  }

  async close() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
