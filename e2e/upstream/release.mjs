/** One version of a package: its metadata, as a repository advertises it, and the archive that goes with it. */
import { createHash } from 'node:crypto';
import { blob, measured, tarChunks, zipChunks } from './archive.mjs';

/** The file in each archive that tells which bytes were installed. */
export const MARKER = 'marker.json';

const WRITERS = { zip: zipChunks, tar: tarChunks };
const HELD_IN_MEMORY = 8 << 20;

/**
 * Makes a release.
 *
 * @param {object} description
 * @param {string} description.name
 * @param {string} description.version as an author writes it: `1.0.0`, `dev-main`, `dev-feature/x`
 * @param {string|null} description.reference a commit; derived from name and version unless given
 * @param {'zip'|'tar'} description.type
 * @param {object} description.require
 * @param {object} description.extraKeys more keys of the version's metadata, or other values for the usual ones
 * @param {'right'|'none'|'wrong'} description.shasum
 * @param {boolean} description.source whether a git source is advertised (there is no git behind it)
 * @param {number} description.size bytes of ballast that do not compress
 * @param {object} description.files more files of the archive
 * @param {boolean} description.defaultBranch
 * @param {boolean} description.metapackage whether it consists of its requirements alone, without an archive
 * @param {object} place `{ url, origin, revision }`: where it is published, and for the how-many-eth time
 */
export function release(description, { url, origin, revision }) {
  const { name, version, type = 'zip', shasum = 'right' } = description;
  if (description.metapackage) return metapackage(description, revision);
  const reference = description.reference === undefined ? referenceOf(name, version) : description.reference;
  const archive = archiveOf({ ...description, type, reference, revision });
  const sha1 = { right: archive.sha1, none: '', wrong: '0'.repeat(40) }[shasum];
  const distUrl = `${url}/dist/${slug(name)}/${slug(version)}-${slug(reference ?? 'null')}.${type}`;
  return {
    revision,
    sha1: archive.sha1,
    metadata: {
      name,
      version,
      type: 'library',
      description: `${name} of a test`,
      time: '2024-01-01T00:00:00+00:00',
      ...optional('require', description.require),
      autoload: { 'psr-4': { 'Acme\\': 'src/' } },
      ...(description.source ? { source: { type: 'git', url: `${origin}/git/${name}.git`, reference: reference ?? 'main' } } : {}),
      dist: { type, url: distUrl, reference, shasum: sha1 },
      ...optional('default-branch', description.defaultBranch),
      ...description.extraKeys,
    },
    archive: { ...archive, name, type },
  };
}

function metapackage({ name, version, require, extraKeys }, revision) {
  const words = { name, version, type: 'metapackage', description: `${name} of a test`, time: '2024-01-01T00:00:00+00:00' };
  return { revision, metadata: { ...words, ...optional('require', require), ...extraKeys } };
}

/** Returns a made-up commit id that depends on the words alone. */
export function referenceOf(...words) {
  return createHash('sha1').update(words.join('@')).digest('hex');
}

function archiveOf({ name, version, reference, revision, type, size = 0, files = {} }) {
  const contents = {
    'composer.json': JSON.stringify({ name }),
    'src/Hello.php': '<?php\n\nnamespace Acme;\n\nfinal class Hello\n{\n}\n',
    [MARKER]: JSON.stringify({ name, version, reference, revision }),
    ...(size > 0 ? { 'ballast.bin': blob(size, `${name}@${version}@${reference}@${revision}`) } : {}),
    ...files,
  };
  const archive = measured(() => WRITERS[type](contents));
  if (archive.length > HELD_IN_MEMORY) return archive;
  const bytes = Buffer.concat([...archive.chunks()]);
  return { ...archive, chunks: () => [bytes] };
}

function optional(key, value) {
  return value ? { [key]: value } : {};
}

function slug(text) {
  return text.replace(/[^A-Za-z0-9.]+/g, '-');
}
