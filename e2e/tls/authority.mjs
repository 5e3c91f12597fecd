/**
 * An authority that workerd trusts while a test runs, and what it has signed. Importing this has to come before whatever starts a
 * workerd: the runtime reads whom to trust when it is loaded.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'authority-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

openssl('req', '-x509', ...KEY, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=An authority of a test');
process.env.NODE_EXTRA_CA_CERTS = join(folder, 'ca.pem');

/** Returns `{ key, cert }` for 127.0.0.1, good for so many days. */
export function certificate({ days = 2, place = 'IP:127.0.0.1', signed = true } = {}) {
  openssl('req', ...KEY, '-keyout', 'it.key', '-out', 'it.csr', '-subj', '/CN=a test', '-addext', `subjectAltName=${place}`);
  const by = signed ? ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'] : ['-signkey', 'it.key'];
  openssl('x509', '-req', '-in', 'it.csr', ...by, '-days', String(days), '-copy_extensions', 'copy', '-out', 'it.pem');
  return { key: readFileSync(join(folder, 'it.key')), cert: readFileSync(join(folder, 'it.pem')) };
}

function openssl(...args) {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
}
