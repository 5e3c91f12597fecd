/**
 * A project of somebody's who uses the real Composer client, cut off from everything but loopback: own home,
 * own cache, own credentials. COMPOSER_BINARY names another client than the `composer` of the PATH.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { access, constants, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { MARKER } from './upstream/release.mjs';

const DEADLINE = 120_000;
// The other commands do not know the option.
const WITH_PROGRESS = ['update', 'install', 'require', 'remove', 'create-project'];

// Nothing listens on the discard port: whoever asks for a host that is not ours fails at once, and loudly.
const NOWHERE = 'http://127.0.0.1:9';

const folders = [];
process.once('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/**
 * Makes a project; it lives as long as the process.
 *
 * @param {object} options
 * @param {object[]} options.repositories entries as in composer.json; packagist.org is always switched off
 * @param {object} options.require
 * @param {object} options.config more of composer.json's `config`
 * @param {object} options.auth the content of COMPOSER_AUTH
 * @param {string} options.minimumStability
 * @param {boolean} options.preferStable
 * @param {object} options.lock a lock to begin with
 * @param {string[]} options.php options of the PHP that runs the client, such as `-d`
 */
export async function project(options) {
  const folder = await mkdtemp(join(tmpdir(), 'composer-project-'));
  folders.push(folder);
  const made = new Project(folder, options);
  await made.write();
  if (options.lock !== undefined) await writeFile(join(made.path, 'composer.lock'), JSON.stringify(options.lock, null, 4));
  return made;
}

/** Returns the version of the client as numbers, `[2, 5, 5]`. */
export async function clientVersion() {
  const output = await (await project({ repositories: [], require: {} })).succeed('--version');
  return output.match(/Composer (?:version )?(\d+)\.(\d+)\.(\d+)/).slice(1).map(Number);
}

class Project {
  #folder;
  #options;
  #caches = 0;

  constructor(folder, options) {
    this.#folder = folder;
    this.#options = options;
  }

  /** The folder with composer.json in it. */
  get path() {
    return join(this.#folder, 'project');
  }

  /** Writes composer.json, with other requirements if they are given. */
  async write(require = this.#options.require) {
    const { repositories, config = {}, minimumStability = 'stable', preferStable = false } = this.#options;
    await mkdir(this.path, { recursive: true });
    const manifest = {
      name: 'test/project',
      repositories: [...repositories, { 'packagist.org': false }],
      require,
      'minimum-stability': minimumStability,
      'prefer-stable': preferStable,
      config: { 'secure-http': false, ...config },
    };
    await writeFile(join(this.path, 'composer.json'), JSON.stringify(manifest, null, 4));
  }

  /** Presents other credentials from now on. */
  authenticate(auth) {
    this.#options = { ...this.#options, auth };
  }

  /** Runs the client and returns `{ code, output }`; the output is what a terminal would show, colours apart. */
  async composer(...args) {
    const [command, ...first] = await this.#command();
    const quiet = WITH_PROGRESS.includes(args[0]) ? ['--no-progress'] : [];
    const child = spawn(command, [...first, ...args, '--no-interaction', '--no-ansi', ...quiet], {
      cwd: this.path,
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: DEADLINE,
      killSignal: 'SIGKILL',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    const [code, signal] = await once(child, 'close');
    return { code, output: signal === null ? output : `${output}\n(killed by ${signal} after ${DEADLINE} ms)` };
  }

  /** Runs the client and throws with its output unless it succeeds. */
  async succeed(...args) {
    const { code, output } = await this.composer(...args);
    if (code !== 0) throw new Error(`expected composer ${args.join(' ')} to succeed but it ended with ${code}:\n${output}`);
    return output;
  }

  /** Runs the client and returns its output; throws with it if it succeeds. */
  async fail(...args) {
    const { code, output } = await this.composer(...args);
    if (code === 0) throw new Error(`expected composer ${args.join(' ')} to fail but it succeeded:\n${output}`);
    return output;
  }

  /** Returns the text of composer.lock. */
  lockText() {
    return readFile(join(this.path, 'composer.lock'), 'utf8');
  }

  /** Returns composer.lock, parsed. */
  async lock() {
    return JSON.parse(await this.lockText());
  }

  /** Returns what composer.lock says of a package. */
  async locked(name) {
    const { packages } = await this.lock();
    return requireNamed(packages, name, 'composer.lock');
  }

  /**
   * Returns what is installed of a package: `{ version, reference, metadata, marker }`, where the marker comes
   * out of the archive itself and so tells which bytes are there, whatever the metadata say.
   */
  async installed(name) {
    const folder = join(this.path, 'vendor', 'composer');
    const { packages } = JSON.parse(await readFile(join(folder, 'installed.json'), 'utf8'));
    const metadata = requireNamed(packages, name, 'installed.json');
    const marker = JSON.parse(await readFile(join(folder, metadata['install-path'], MARKER), 'utf8'));
    // Composer leaves a null reference out.
    return { version: metadata.version, reference: metadata.dist.reference ?? null, metadata, marker };
  }

  /** Empties the client's cache. */
  async clearCache() {
    await rm(this.#cache, { recursive: true, force: true });
  }

  /** Uses a cache of its own from now on, and leaves the old one as it is. */
  freshCache() {
    this.#caches += 1;
  }

  /** Removes what is installed, so that the next command has to install it again. */
  async removeVendor() {
    await rm(join(this.path, 'vendor'), { recursive: true, force: true });
  }

  /** Removes the project and all it left behind, before the process ends: for those who make thousands. */
  async remove() {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Returns a project with the same composer.json and lock on a machine that has seen nothing of it yet. */
  async checkout() {
    const other = await project(this.#options);
    for (const file of ['composer.json', 'composer.lock']) await cp(join(this.path, file), join(other.path, file));
    return other;
  }

  async #command() {
    const binary = process.env.COMPOSER_BINARY ?? 'composer';
    return this.#options.php === undefined ? [binary] : ['php', ...this.#options.php, await findBinary(binary)];
  }

  get #cache() {
    return join(this.#folder, `cache-${this.#caches}`);
  }

  // Not the environment of whoever runs the tests: its credentials, proxies and settings must not matter.
  #environment() {
    return {
      PATH: process.env.PATH,
      HOME: join(this.#folder, 'home'),
      COMPOSER_HOME: join(this.#folder, 'home'),
      COMPOSER_CACHE_DIR: this.#cache,
      COMPOSER_AUTH: JSON.stringify(this.#options.auth ?? {}),
      COMPOSER_ALLOW_SUPERUSER: '1',
      COMPOSER_HTACCESS_PROTECT: '0',
      COMPOSER_ROOT_VERSION: '1.0.0',
      http_proxy: NOWHERE,
      https_proxy: NOWHERE,
      no_proxy: '127.0.0.1,localhost',
    };
  }
}

async function findBinary(name) {
  if (name.includes('/')) return name;
  for (const folder of process.env.PATH.split(delimiter)) {
    const path = join(folder, name);
    if (await access(path, constants.X_OK).then(() => true, () => false)) return path;
  }
  throw new Error(`expected ${name} in the PATH`);
}

function requireNamed(packages, name, place) {
  const found = packages.find((each) => each.name === name);
  if (found === undefined) throw new Error(`expected ${name} in ${place} but found ${packages.map((each) => each.name).join(', ') || 'nothing'}`);
  return found;
}
