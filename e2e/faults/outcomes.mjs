/**
 * What an upstream may do to us, and what a client of ours then gets that asks for something new. A client that asks for what we
 * have gets it, whatever happens.
 *
 * `ups-…` are the names of the cases in the catalogue of hostile inputs. `expect` is a word of OUTCOMES, for each target alone
 * where they differ; a target without a word is not tried, since the fault makes no sense there.
 */
import { faults } from '../upstream/faults.mjs';

export const TARGETS = { root: /\/packages\.json$/, stable: /\/p2\/[^~]*\.json$/, dev: /~dev\.json$/, dist: /\/dist\// };

/** What our limits are in these tests: small, so that what is too large need not be large. */
export const LIMITS = { MAX_DOCUMENT_BYTES: '500000', MAX_ARCHIVE_BYTES: '3000000' };

export const OUTCOMES = {
  works: { status: 200 },
  absent: { status: 404, codes: ['not_found'] },
  gone: { status: 410, codes: ['refused'] },
  unreachable: { status: 502, codes: ['upstream_unreachable'] },
  denied: { status: 502, codes: ['upstream_denied'] },
  untrusted: { status: 502, codes: ['upstream_untrusted'] },
  // The runtime unpacks; whether a cut is told as such or shows in what comes out is its affair.
  broken: { status: 502, codes: ['upstream_unreachable', 'upstream_untrusted'] },
  failing: { status: 503, codes: ['upstream_failing'] },
  tooLarge: { status: 503, codes: ['over_limit'] },
  late: { status: 504, codes: ['upstream_timeout'] },
};

const metadata = (word) => ({ root: word, stable: word, dev: word });
const all = (word) => ({ ...metadata(word), dist: word });

export const FAULTS = {
  'ups-007: says that it is asked too often': { act: faults.status(429), expect: all('failing') },
  'ups-010, ups-011: answers 404': { act: faults.status(404), expect: { root: 'untrusted', stable: 'absent', dev: 'absent', dist: 'gone' } },
  'answers 410': { act: faults.status(410), expect: { root: 'untrusted', stable: 'absent', dev: 'absent', dist: 'gone' } },
  'ups-012: sends nothing, with 200': { act: faults.instead(''), expect: all('untrusted') },
  'ups-013, ups-031: shows a web page': { act: faults.html(), expect: all('untrusted') },
  'ups-014: sends half of it': { act: faults.cutInHalf(), expect: all('untrusted') },
  'ups-016: states half the length': { act: faults.shortLength(), expect: all('broken') },
  'ups-017: sends half of what it packed': { act: faults.gzipCut(), expect: all('broken') },
  'ups-019: nests 100,000 lists': { act: faults.instead(`${'['.repeat(1e5)}${']'.repeat(1e5)}`), expect: metadata('untrusted') },
  'ups-019: nests 100,000 lists in a package': { act: faults.instead(nested), expect: { stable: 'untrusted', dev: 'untrusted' } },
  'ups-020: sends 200 MiB of JSON': { act: faults.bigBody(200 << 20), expect: metadata('tooLarge') },
  'sends more JSON than usual': { act: faults.bigBody(100_000), expect: metadata('works') },
  'ups-021: answers for another package': { act: faults.wrongName(), expect: { stable: 'untrusted', dev: 'untrusted' } },
  'ups-021: puts another package beside it': { act: faults.instead(beside), expect: { root: 'works', stable: 'works', dev: 'works' } },
  // To us and to Composer it is a key like any other: a version without a number, which is left out.
  'ups-022: lists a version named __proto__': { act: faults.instead(prototype), expect: { stable: 'works', dev: 'works' } },
  'ups-023: sends its first byte after 60 s': { act: faults.late(60_000), expect: all('late'), slow: true },
  'ups-025: stalls at half of it': { act: faults.stall(), expect: all('late'), slow: true },
  'ups-028: redirects to plain HTTP elsewhere': { act: faults.redirect('http://127.0.0.1:9/'), expect: all('untrusted') },
  'ups-029: changes a byte of an archive': { act: faults.corrupt(), expect: { dist: 'untrusted' } },
  'ups-033: sends an archive over the limit': { act: faults.instead(Buffer.concat([Buffer.from('PK'), Buffer.alloc(8e6)])), expect: { dist: 'tooLarge' } },
  'redirects in circles': { act: ({ request, response }) => response.writeHead(302, { location: request.url }).end(), expect: all('untrusted') },
  'answers 500': { act: faults.status(500), expect: all('failing') },
  'answers 503': { act: faults.status(503), expect: all('failing') },
  'answers 401': { act: faults.status(401), expect: all('denied') },
  'answers 403': { act: faults.status(403), expect: all('denied') },
  'answers 418': { act: faults.status(418), expect: all('untrusted') },
  'never answers': { act: faults.hang(), expect: all('late'), slow: true },
  'breaks off': { act: faults.truncate(), expect: all('unreachable') },
  'resets the connection': { act: faults.reset(), expect: all('unreachable') },
  'sends JSON that breaks off': { act: faults.wrongJson(), expect: all('untrusted') },
  'packs what it sends': { act: faults.gzip(), expect: metadata('works') },
  'sends slowly': { act: faults.drip(100, 100), expect: all('works') },
};

function nested(text) {
  return text.replace('"version"', `"extra":${'['.repeat(1e5)}${']'.repeat(1e5)},"version"`);
}

function beside(text) {
  const document = JSON.parse(text);
  const listed = Array.isArray(document.packages) ? {} : document.packages;
  return JSON.stringify({ ...document, packages: { ...listed, 'evil/imposter': [{ name: 'evil/imposter', version: '9.9.9', dist: { type: 'zip', url: 'https://evil.example/x.zip', reference: 'aa', shasum: '' } }] } });
}

function prototype(text) {
  const { packages } = JSON.parse(text);
  const [[name, versions]] = Object.entries(packages);
  const rest = JSON.stringify(Object.fromEntries(versions.map((version) => [version.version, version])));
  return `{"packages":{"${name}":${rest.replace('{', '{"__proto__":{"polluted":true},')}}}`;
}
