/**
 * The ways in which a Composer repository lays out its metadata. A form turns packages into documents:
 * a map from path to what stands there.
 *
 * @see https://getcomposer.org/doc/05-repositories.md#composer
 */
import { createHash } from 'node:crypto';
import { minify } from './minify.mjs';

/** What each form does: `documents(packages, place)`, and the path at which its repository lives. */
const FORMS = {
  'metadata-url': { path: '', documents: (packages, place) => metadataUrl(packages, place, place.path) },
  'metadata-url-subpath': { path: '/sub/path', documents: (packages, place) => metadataUrl(packages, place, place.path) },
  'metadata-url-absolute': { path: '', documents: (packages, place) => metadataUrl(packages, place, place.origin + place.path) },
  inline: { path: '', documents: inline },
  includes: { path: '', documents: includes },
  'provider-includes': { path: '', documents: providerIncludes },
  'providers-lazy-url': { path: '', documents: providersLazyUrl },
};

export const FORM_NAMES = Object.keys(FORMS);

/** Returns the form of that name. */
export function requireForm(name) {
  if (!Object.hasOwn(FORMS, name)) throw new Error(`expected a form of ${FORM_NAMES.join(', ')} but found ${name}`);
  return FORMS[name];
}

/** Returns the documents as a Map from path to JSON text. `packages` maps names to lists of versions, newest first. */
export function documentsOf(form, packages, place) {
  const documents = new Map();
  for (const [path, document] of Object.entries(form.documents(packages, place))) {
    documents.set(path, typeof document === 'string' ? document : JSON.stringify(document));
  }
  return documents;
}

function metadataUrl(packages, { path, minified, root, words = new Map() }, prefix) {
  const documents = { [`${path}/packages.json`]: { packages: [], 'metadata-url': `${prefix}/p2/%package%.json`, ...root } };
  for (const [name, versions] of packages) {
    // Both files exist for a known package, if only with an empty list: so it is with packagist.org.
    documents[`${path}/p2/${name}.json`] = { ...p2(name, versions.filter((version) => !isDev(version)), minified), ...words.get(name) };
    documents[`${path}/p2/${name}~dev.json`] = p2(name, versions.filter(isDev), minified);
  }
  return documents;
}

function p2(name, versions, minified) {
  return minified
    ? { minified: 'composer/2.0', packages: { [name]: minify(versions) } }
    : { packages: { [name]: versions } };
}

function inline(packages, { path, root }) {
  return { [`${path}/packages.json`]: { packages: allByVersion(packages), ...root } };
}

function includes(packages, { path, root }) {
  const documents = {};
  const listing = {};
  for (const [name, versions] of packages) {
    const text = JSON.stringify({ packages: { [name]: byVersion(versions) } });
    const sha1 = createHash('sha1').update(text).digest('hex');
    const file = `include/${name.replace('/', '-')}$${sha1}.json`;
    documents[`${path}/${file}`] = text;
    listing[file] = { sha1 };
  }
  documents[`${path}/packages.json`] = { packages: [], includes: listing, ...root };
  return documents;
}

function providerIncludes(packages, { path, root }) {
  const documents = {};
  const providers = {};
  for (const [name, versions] of packages) {
    const text = JSON.stringify({ packages: { [name]: byVersion(versions) } });
    providers[name] = { sha256: sha256(text) };
    documents[`${path}/p/${name}$${sha256(text)}.json`] = text;
  }
  const listing = JSON.stringify({ providers });
  documents[`${path}/p/provider-latest$${sha256(listing)}.json`] = listing;
  documents[`${path}/packages.json`] = {
    packages: [],
    'providers-url': `${path}/p/%package%$%hash%.json`,
    // Unlike providers-url, the client resolves this one against the repository, not against the host.
    'provider-includes': { 'p/provider-latest$%hash%.json': { sha256: sha256(listing) } },
    ...root,
  };
  return documents;
}

function providersLazyUrl(packages, { path, root }) {
  const documents = { [`${path}/packages.json`]: { packages: [], 'providers-lazy-url': `${path}/p/%package%.json`, ...root } };
  for (const [name, versions] of packages) {
    documents[`${path}/p/${name}.json`] = { packages: { [name]: byVersion(versions) } };
  }
  return documents;
}

function allByVersion(packages) {
  return Object.fromEntries([...packages].map(([name, versions]) => [name, byVersion(versions)]));
}

// The uid is how a client of the provider forms tells two versions apart; without one it warns and loads none.
function byVersion(versions) {
  return Object.fromEntries(versions.map((version) => [version.version, { ...version, uid: uidOf(version) }]));
}

function uidOf({ name, version }) {
  return createHash('sha1').update(`${name}@${version}`).digest().readUInt32BE(0);
}

function isDev({ version }) {
  return version.startsWith('dev-') || version.endsWith('-dev');
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}
