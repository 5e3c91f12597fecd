/** The Node part of scripts/lock-doctor: finds URL and token, asks, prints, writes. Needs nothing but Node. */
import { copyFile, constants, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const DEADLINE = 300_000;
const options = {
  write: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  url: { type: 'string' },
  token: { type: 'string' },
};

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`lock-doctor: ${error.message}`);
  process.exitCode = 2;
}

async function main() {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (positionals.length > 1) throw new Error('expected one composer.lock');
  const file = resolve(positionals[0] ?? 'composer.lock');
  const sent = await readFile(file);
  const auth = await credentials(dirname(file));
  const url = await instance(values.url, dirname(file), auth);
  const token = values.token ?? process.env.PACKAGE_BROKER_TOKEN ?? auth.get(new URL(url).host);
  if (token === undefined) throw new Error(`expected a token for ${url}: --token, PACKAGE_BROKER_TOKEN, or composer config --auth`);
  const answer = await examine(url, token, sent);
  if (values.json) console.log(JSON.stringify(answer, null, 2));
  else print(answer);
  const changed = answer.lock !== sent.toString('utf8');
  if (values.write && changed) await replace(file, sent, answer.lock);
  else if (changed && !values.json) console.log('\nNothing was written: --write replaces the file.');
  const { attention, unchecked } = answer.summary;
  return attention > 0 || unchecked > 0 || (changed && !values.write) ? 1 : 0;
}

/** Asks until nothing more is looked into: an instance brings in a few packages at a time. */
async function examine(url, token, lock) {
  for (let before = Infinity; ; ) {
    const answer = await ask(url, token, lock);
    if (answer.summary.unchecked === 0 || answer.summary.unchecked >= before) return answer;
    before = answer.summary.unchecked;
  }
}

async function ask(url, token, lock) {
  const response = await fetch(`${url}/api/lock`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: lock,
    redirect: 'error',
    signal: AbortSignal.timeout(DEADLINE),
  }).catch((error) => {
    throw new Error(`${url} cannot be reached: ${error.cause?.message ?? error.message}`);
  });
  const body = await response.json().catch(() => ({}));
  if (response.status === 200) return body;
  throw new Error(`${url} answered ${response.status}: ${body.error ?? 'no package broker, it seems'}`);
}

function print({ summary, report }) {
  for (const { package: name, version, section, findings } of report) {
    console.log(`${name} ${version}${section === 'packages-dev' ? ' (dev)' : ''}`);
    for (const { level, text } of findings) console.log(`  ${level.padEnd(9)}  ${text}`);
  }
  const { packages, ours, fixed, attention, unchecked } = summary;
  console.log(`${report.length > 0 ? '\n' : ''}${packages} packages, ${ours} from us; ${fixed} put right, ${attention} in need of attention, ${unchecked} not checked`);
}

/** Replaces the file in one step, unless somebody else changed it meanwhile, and keeps what it was. */
async function replace(file, before, lock) {
  const { mode } = await stat(file);
  if (!(await readFile(file)).equals(before)) throw new Error(`${file} has changed meanwhile: nothing was written`);
  const backup = await kept(file);
  const fresh = `${file}.${process.pid}.new`;
  await writeFile(fresh, lock, { mode, flag: 'wx' });
  await rename(fresh, file);
  console.error(`wrote ${file}; what it was is in ${backup}`);
}

/** Copies a file to a name beside it that is free. */
async function kept(file) {
  for (let i = 0; ; i++) {
    const backup = `${file}.bak${i === 0 ? '' : i}`;
    try {
      await copyFile(file, backup, constants.COPYFILE_EXCL);
      return backup;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

/** Returns the tokens that Composer has, by host; what is nearer to the project wins. */
async function credentials(folder) {
  const home = process.env.COMPOSER_HOME;
  const homes = home ? [home] : [join(homedir(), '.composer'), join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'composer')];
  const texts = await Promise.all([...homes, folder].map((place) => read(join(place, 'auth.json'))));
  const found = new Map();
  for (const auth of [...texts, process.env.COMPOSER_AUTH].filter(Boolean).map(parsed)) {
    for (const [host, { password }] of Object.entries(auth['http-basic'] ?? {})) found.set(host, password);
    for (const [host, token] of Object.entries(auth.bearer ?? {})) found.set(host, token);
  }
  return found;
}

async function instance(given, folder, auth) {
  const url = given ?? process.env.PACKAGE_BROKER_URL ?? (await repository(folder, auth));
  if (url === undefined) throw new Error('expected the URL of the instance: --url, PACKAGE_BROKER_URL, or a repository in composer.json with a token of its own');
  return url.replace(/\/(packages\.json)?$/, '');
}

/** Returns the one composer repository of the project that there is a token for. */
async function repository(folder, auth) {
  const manifest = await read(join(folder, 'composer.json'));
  const repositories = manifest === undefined ? [] : Object.values(parsed(manifest).repositories ?? []);
  const urls = repositories.filter(({ type, url }) => type === 'composer' && URL.canParse(url) && auth.has(new URL(url).host)).map(({ url }) => url);
  return urls.length === 1 ? urls[0] : undefined;
}

async function read(file) {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('expected JSON in auth.json, COMPOSER_AUTH and composer.json'); // Its own words would quote a token.
  }
}
