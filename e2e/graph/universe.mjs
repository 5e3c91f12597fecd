/**
 * A made-up world of packages, as large and as odd as a real project's: thousands of versions, of which a solver has to
 * choose. The same seed makes the same world.
 *
 * It can be solved: each package has one major, its `sure` one, whose versions agree with the sure majors of all others. Newer
 * majors may want what cannot be had, so that the solver has to go back.
 */
import { seeded } from '../random.mjs';

const LAYERS = [16, 26, 30, 22];
const VENDORS = ['alder', 'birch', 'cedar', 'elm', 'fir', 'hazel'];
const LICENSES = ['MIT', 'Apache-2.0', 'BSD-3-Clause'];

/**
 * Returns `{ packages, project }`: what `Upstream.publishAll` takes, and composer.json's `require`, `minimumStability` and
 * `config` of a project that needs most of it.
 */
export function universe(seed) {
  const random = seeded(seed);
  const names = ordinaryNames();
  const packages = names.map((name, i) => ordinary(random, { name, sure: random.between(1, 3) }, i));
  const byName = new Map(packages.map((each) => [each.name, each]));
  names.forEach((name, i) => connect(random, byName.get(name), below(names, i).map((lower) => byName.get(lower))));
  const versions = packages.flatMap((each) => each.versions);
  const specials = special(random, packages);
  return {
    packages: [...versions, ...specials.versions],
    project: {
      require: { ...topRequirements(packages), ...specials.require },
      minimumStability: 'dev',
      preferStable: true,
      config: { 'allow-plugins': { 'tool/plugin': true, 'tool/forbidden': false } },
    },
  };
}

function ordinaryNames() {
  return LAYERS.flatMap((size, layer) => Array.from({ length: size }, (_, i) => `${VENDORS[(layer * 7 + i) % VENDORS.length]}/l${layer}-p${i}`));
}

/** The names of lower layers: requirements go down only, so there are no circles and no package needs itself. */
function below(names, index) {
  return names.slice(layerEnd(index));
}

function layerEnd(index) {
  let end = 0;
  for (const size of LAYERS) {
    end += size;
    if (index < end) return end;
  }
  return end;
}

function ordinary(random, { name, sure }, index) {
  const majors = sure + random.between(0, 2);
  const words = {
    // A package's reference may be a commit, absent, or some word: all three are in use.
    reference: index % 9 === 4 ? null : undefined,
    shasum: index % 5 === 2 ? 'none' : 'right',
    type: index % 11 === 7 ? 'tar' : 'zip',
    source: index % 4 === 1,
  };
  const numbers = [];
  for (let major = 1; major <= majors; major++) {
    const minors = random.between(4, 6);
    for (let minor = 0; minor < minors; minor++) {
      for (let patch = 0; patch <= random.between(2, 4); patch++) numbers.push({ major, version: `${major}.${minor}.${patch}` });
    }
    numbers.push({ major, version: `${major}.${minors}.0-RC1` }, { major, version: `v${major}.${minors}.0-beta2` });
  }
  numbers.push({ major: majors, version: 'dev-main', main: true }, { major: sure, version: `${sure}.x-dev` });
  if (index % 6 === 3) numbers.push({ major: sure, version: 'dev-feature/odd-name' });
  const versions = numbers.map(({ major, version, main }) => ({
    name,
    version,
    ...words,
    major,
    defaultBranch: main,
    extraKeys: said(random, name, index, main ? majors : null),
  }));
  return { name, sure, majors, versions };
}

/** What a version says of itself and the solver does not care about. */
function said(random, name, index, alias) {
  return {
    license: [random.pick(LICENSES)],
    authors: [{ name: 'Ada Example', email: 'ada@example.com', role: 'Developer' }],
    keywords: ['test', name.split('/')[1]],
    time: `202${random.between(0, 5)}-0${random.between(1, 9)}-1${random.between(0, 9)}T10:20:30+00:00`,
    ...(index % 8 === 5 ? { abandoned: index % 16 === 5 ? true : 'birch/heir' } : {}),
    ...(index % 7 === 3 ? { 'notification-url': 'https://packagist.example/downloads/' } : {}),
    ...(index % 5 === 0 ? { support: { issues: `https://example.com/${name}/issues`, source: 'https://example.com/' } } : {}),
    ...(index % 6 === 0 ? { funding: [{ type: 'github', url: 'https://github.com/sponsors/ada' }] } : {}),
    ...(index % 10 === 1 ? { suggest: { 'ext-intl': 'for names in "any" script: ü, ☂, 𝒳' } } : {}),
    ...(index % 13 === 2 ? { 'include-path': ['lib/'], autoload: { classmap: ['src/'], files: [] } } : {}),
    ...(index % 12 === 6 ? { 'require-dev': { 'alder/only-for-development': '^1.0' } } : {}),
    ...(alias === null ? {} : { extra: { 'branch-alias': { 'dev-main': `${alias}.x-dev` }, thanks: { name } } }),
  };
}

/** Gives each version of a package its requirements and conflicts among packages of lower layers. */
function connect(random, { sure, versions }, lower) {
  const perMajor = new Map();
  for (const version of versions) {
    if (!perMajor.has(version.major)) perMajor.set(version.major, needs(random, version.major === sure, version.major > sure, lower));
    const { require, conflict } = perMajor.get(version.major);
    // Now and then a release forgets or adds a requirement, so that neighbours differ in a minified list.
    const names = Object.keys(require).filter(() => !random.chance(0.08));
    version.require = { php: '>=7.2', ...Object.fromEntries(names.map((name) => [name, require[name]])) };
    if (Object.keys(conflict).length > 0) version.extraKeys.conflict = conflict;
  }
}

function needs(random, isSure, isNewer, lower) {
  const wanted = random.some(lower, random.between(2, 4));
  const require = {};
  for (const each of wanted) {
    const major = isSure ? each.sure : random.between(1, each.majors);
    require[each.name] = constraint(random, major, isSure ? each.majors : major);
  }
  const conflict = {};
  for (const each of random.some(lower.filter(({ name }) => !(name in require)), 1)) {
    if (random.chance(0.4)) conflict[each.name] = isSure ? `>${each.sure + 1}` : `>=${each.sure}.3`;
  }
  if (isNewer && random.chance(0.3)) require['ext-not-on-this-machine'] = '*';
  return { require, conflict };
}

function constraint(random, major, highest) {
  const next = Math.min(major + 1, highest);
  return random.pick([`^${major}.0`, `^${major}.1`, `~${major}.0`, `>=${major}.0 <${major + 1}`, `^${major}.0 || ^${next}.0`, `${major}.*`, `>=${major}.0.1,<${major}.99999999`]);
}

function topRequirements(packages) {
  return Object.fromEntries(packages.slice(0, LAYERS[0]).map(({ name, sure, majors }) => [name, `^${sure}.0${majors > sure ? ` || ^${sure + 1}.0` : ''}`]));
}

/** What is rare in number and frequent in trouble: replacing, providing, plugins, metapackages, branches required by the root. */
function special(random, packages) {
  const anchor = packages.at(-1);
  const branch = packages[LAYERS[0] + 1];
  const parts = ['mono/part-a', 'mono/part-b', 'mono/part-c'];
  const versions = [
    ...numbers('2', 6).map((version) => ({
      name: 'mono/whole',
      version,
      source: true,
      extraKeys: { replace: Object.fromEntries(parts.map((part) => [part, 'self.version'])) },
    })),
    ...parts.flatMap((name) => numbers('1', 8).map((version) => ({ name, version, require: { [anchor.name]: '*' } }))),
    ...numbers('1', 5).map((version) => ({ name: 'log/impl', version, extraKeys: { provide: { 'log/interface': '1.0', 'log/contract': '^2.0' } } })),
    ...numbers('3', 5).map((version) => ({ name: 'log/user', version, require: { 'log/interface': '^1.0', 'mono/part-b': '^2.0' } })),
    ...numbers('1', 4).map((version) => ({ name: 'bundle/meta', version, metapackage: true, require: { 'log/user': '^3.0', 'mono/part-a': '^2.0' } })),
    { name: 'bundle/stale', version: '1.0.0', reference: 'release/1.0', require: { 'mono/part-c': '~2.0' }, extraKeys: { abandoned: true } },
    ...['1.0.0', '1.4.0', '2.0.0'].map((version) => plugin('tool/plugin', version, version === '2.0.0' ? '^99.0' : '^2.0')),
    plugin('tool/forbidden', '1.0.0', '^1.0 || ^2.0'),
    { name: 'elm/branchy', version: 'dev-feature/x', require: { [anchor.name]: '*' } },
    { name: 'elm/branchy', version: 'dev-main', defaultBranch: true, extraKeys: { extra: { 'branch-alias': { 'dev-main': '4.2.x-dev' } } } },
    { name: 'fir/pinned', version: 'dev-trunk', defaultBranch: true, reference: null },
    ...numbers('1', 3).map((version) => ({ name: 'fir/needs-pinned', version, require: { 'fir/pinned': '^5.1' } })),
  ];
  return {
    versions,
    require: {
      'bundle/meta': '^1.0',
      'bundle/stale': '*',
      'mono/whole': '^2.0',
      'log/impl': '^1.0',
      'tool/plugin': '*',
      'tool/forbidden': '^1.0',
      'elm/branchy': '4.2.x-dev',
      'fir/pinned': 'dev-trunk as 5.1.0',
      'fir/needs-pinned': '^1.0',
      [branch.name]: `${branch.sure}.x-dev`,
      'ext-json': '*',
    },
  };
}

function numbers(major, count) {
  return Array.from({ length: count }, (_, i) => `${major}.${i}.${(i * 3) % 4}`);
}

function plugin(name, version, api) {
  const [, word] = name.split('/');
  const type = `${word[0].toUpperCase()}${word.slice(1)}`;
  return {
    name,
    version,
    require: { 'composer-plugin-api': api },
    extraKeys: { type: 'composer-plugin', autoload: { 'psr-4': { [`Tool\\${type}\\`]: 'src/' } }, extra: { class: `Tool\\${type}\\Plugin` } },
    files: { 'src/Plugin.php': pluginSource(type) },
  };
}

/** A plugin that does nothing but leave a trace: whether it ran can be seen. */
function pluginSource(type) {
  return `<?php

namespace Tool\\${type};

use Composer\\Composer;
use Composer\\IO\\IOInterface;
use Composer\\Plugin\\PluginInterface;

final class Plugin implements PluginInterface
{
    public function activate(Composer $composer, IOInterface $io): void
    {
        file_put_contents('plugin-${type.toLowerCase()}.txt', 'ran');
    }

    public function deactivate(Composer $composer, IOInterface $io): void {}

    public function uninstall(Composer $composer, IOInterface $io): void {}
}
`;
}
