/**
 * Returns what has to be equal of a lock, however its packages came: all but the hash over composer.json, which names the repository, and
 * each package's way to its bytes.
 */
export function comparable({ 'content-hash': hash, packages, 'packages-dev': development, ...rest }) {
  return { ...rest, packages: packages.map(words), 'packages-dev': development.map(words) };
}

function words({ source, 'notification-url': notified, dist, ...rest }) {
  return { ...rest, dist: withoutAddress(dist) };
}

function withoutAddress({ url, mirrors, ...rest } = {}) {
  return rest;
}
