/** Where the Worker is to be led. */
import { group } from '../hostile/catalogue.mjs';

const LOOPBACK = [
  '127.0.0.1', 'localhost', '[::1]', '127.1', '127.0.1', '2130706433', '0x7f000001', '017700000001', '127.0.0.2', '0.0.0.0', '0', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]',
  'localhost.', '127.0.0.1.', '127.0.0.1.nip.io', 'localtest.me', '127\u30020\u30020\u30021', '\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3', '%6c%6fcalhost', '%31%32%37.0.0.1', 'user:pw@127.0.0.1', 'repo.example.org@127.0.0.1',
];

/** Returns every way to write the address of a listener on this machine. */
export function canaryUrls(port) {
  return LOOPBACK.flatMap((host) => [`http://${host}:${port}/x`, `https://${host}:${port}/x`]).concat(`//127.0.0.1:${port}/x`, `http:127.0.0.1:${port}/x`, `http:/\\127.0.0.1:${port}/x`, `HTTP://127.0.0.1:${port}/x`, ` http://127.0.0.1:${port}/x`);
}

/** Returns the texts of the catalogue that are no address of an upstream, without those that an upstream may well name. */
export function refusedUrls() {
  return [...group('ssrf'), ...group('ssr2')].map(({ input }) => input).filter((input) => typeof input === 'string' && !input.includes('{canary}') && !isPublic(input));
}

/** A public address over HTTPS may be named by whoever is an upstream: it is asked, without a credential. */
function isPublic(text) {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && url.protocol === 'https:' && /\.example\.(org|net)$/.test(url.hostname) && ['', '8443'].includes(url.port) && url.username === '' && url.hash === '';
}
