/** Who is at work while an instance is killed: each of them does one thing after the other, and knows what it was told. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { referenceOf } from '../upstream/release.mjs';

const LARGE = 6_000_000; // more than one part
const SMALL = 20_000;
const KNOWN = 40; // packages that readers go on reading

/** Returns the acts of all of them: functions that do one thing each. */
export function mixOf(scene) {
  const { reader } = scene;
  const mirrors = Array.from({ length: 3 }, (_, i) => mirroring(scene, `m${i}`));
  return [...mirrors, tokens(scene), upstream(scene), customers(scene), freezing(scene), advisories(scene), alerts(scene), reading(scene, reader), reading(scene, reader)];
}

/** Has new packages brought in, and their archives; once an archive is acknowledged, its upstream has it no more. */
function mirroring({ driver, facts, upstream, reader, random, known, numbers }, vendor) {
  return async () => {
    const name = `acme/${vendor}-${numbers.next()}`;
    const size = random.chance(0.1) ? LARGE : random.between(100, SMALL);
    const release = upstream.publish({ name, version: '1.0.0', size });
    facts.add(name, 'absent', async (seen) => (await seen.package(name)).state);
    const mirrored = await facts.change(name, 'mirror.document', 'known', (agent) => asRead(driver, agent, `/p2/${name}.json`, reader));
    if (mirrored === undefined) return;
    const path = new URL(mirrored.body.packages[name][0].dist.url).pathname;
    facts.add(path, 'absent', (seen) => seen.archive(name, path));
    const stored = await facts.change(path, 'mirror.dist', release.sha1, (agent) => asRead(driver, agent, path, reader));
    if (stored === undefined) return;
    if (sha1(stored.body) !== release.sha1) facts.wrong.push(`${path}: expected the upstream's bytes`);
    upstream.removeArchives(name);
    known.push(name);
  };
}

async function asRead(driver, agent, path, token) {
  const answer = await driver.send('GET', path, { agent, token });
  driver.noteRead(agent);
  return answer;
}

/** Makes tokens, gives them other texts and revokes them. */
function tokens({ driver, facts, random, numbers }) {
  const open = [];
  const addText = (text) => facts.add(`token ${sha1(text)}`, 'open', async () => ((await driver.send('GET', '/packages.json', { token: text })).status === 200 ? 'open' : 'shut'));
  return async () => {
    if (open.length < 3 || random.chance(0.4)) {
      const name = `kill ${numbers.next()}`;
      facts.add(`token named ${name}`, 'absent', async (seen) => ((await seen.tokens()).has(name) ? 'listed' : 'absent'));
      const body = { name, kind: 'read', patterns: ['acme/*'] };
      const made = await facts.change(`token named ${name}`, 'create.token', 'listed', (agent) => driver.send('POST', '/api/tokens', { agent, body }));
      if (made === undefined) return;
      addText(made.body.token);
      open.push({ id: made.body.id, text: made.body.token });
      return;
    }
    const [token] = open.splice(random.between(0, open.length - 1), 1);
    const fact = `token ${sha1(token.text)}`;
    if (random.chance(0.5)) {
      await facts.change(fact, 'revoke.token', 'shut', (agent) => driver.send('DELETE', `/api/tokens/${token.id}`, { agent }));
      return;
    }
    const rotated = await facts.change(fact, 'rotate.token', 'shut', (agent) => driver.send('POST', `/api/tokens/${token.id}/rotate`, { agent, body: { expires_in_days: 5 } }));
    if (rotated === undefined) return;
    addText(rotated.body.token);
    open.push({ id: token.id, text: rotated.body.token });
  };
}

/** Gives the upstream other names and priorities. */
function upstream({ driver, facts, random, numbers, upstreamId }) {
  const path = `/api/upstreams/${upstreamId}`;
  const stateOf = ({ name, priority }) => ({ name, priority });
  facts.add('upstream', { name: 'private', priority: 10 }, async () => stateOf((await driver.send('GET', path)).body));
  return async () => {
    const body = { name: `private ${numbers.next()}`, priority: random.between(1, 100) };
    await facts.change('upstream', 'change.upstream', body, (agent) => driver.send('PATCH', path, { agent, body }));
    await sleep(30);
  };
}

/** Sells tokens, extends them and takes them back; the customers read. */
function customers({ driver, facts, random, known, numbers }) {
  const sold = [];
  const customerOf = (reference) => async () => {
    const { tokens: all = [] } = (await driver.send('GET', `/api/customers/${reference}`)).body;
    if (all.length === 0) return 'absent';
    return all.length > 1 ? 'twice' : all[0].revoked_at === null ? (all[0].limits[0].until ?? 'for ever') : 'revoked';
  };
  return async () => {
    if (sold.length < 2 || random.chance(0.4)) {
      const reference = `order-${numbers.next()}`;
      facts.add(reference, 'absent', customerOf(reference));
      const body = { name: 'sold', kind: 'customer', customer: reference, limits: [{ pattern: 'acme/*', versions: '^1.0' }] };
      const made = await facts.change(reference, 'create.token', 'for ever', (agent) => driver.send('POST', '/api/tokens', { agent, body }));
      if (made === undefined) return;
      sold.push({ reference, id: made.body.id, text: made.body.token });
      if (known.length > 0) await driver.read(`/p2/${random.pick(known)}.json`, made.body.token);
      return;
    }
    const [customer] = sold.splice(random.between(0, sold.length - 1), 1);
    if (random.chance(0.3)) {
      await facts.change(customer.reference, 'revoke.customer', 'revoked', (agent) => driver.send('DELETE', `/api/customers/${customer.reference}`, { agent }));
      return;
    }
    const until = 1_830_000_000_000 + numbers.next() * 1000;
    const extended = await facts.change(customer.reference, 'change.token', until, (agent) => driver.send('PATCH', `/api/tokens/${customer.id}`, { agent, body: { until } }));
    if (extended !== undefined) sold.push(customer);
  };
}

/** Freezes the instance for a moment now and then. */
function freezing({ driver, facts, random, numbers }) {
  facts.add('freeze', null, async () => (await driver.send('GET', '/api/freeze')).body.frozen?.reason ?? null);
  return async () => {
    await sleep(facts.known('freeze') === null ? random.between(200, 500) : random.between(5, 30));
    if (!driver.going) return;
    const reason = `incident ${numbers.next()}`;
    if (facts.known('freeze') === null) await facts.change('freeze', 'freeze.instance', reason, (agent) => driver.send('POST', '/api/freeze', { agent, body: { reason } }));
    else await facts.change('freeze', 'thaw.instance', null, (agent) => driver.send('DELETE', '/api/freeze', { agent }));
  };
}

/** Publishes advisories, changes and withdraws them. */
function advisories({ driver, facts, random, numbers }) {
  const published = [];
  return async () => {
    await sleep(30);
    if (published.length < 2 || random.chance(0.4)) {
      const packageName = `acme/advised-${numbers.next()}`;
      facts.add(`advisory of ${packageName}`, 'absent', async (seen) => (await seen.advisories()).get(packageName) ?? 'absent');
      const body = { packageName, affectedVersions: '<1.0', title: 'first' };
      const made = await facts.change(`advisory of ${packageName}`, 'publish.advisory', 'first', (agent) => driver.send('POST', '/api/advisories', { agent, body }));
      if (made !== undefined) published.push({ packageName, id: made.body.id });
      return;
    }
    const [advisory] = published.splice(random.between(0, published.length - 1), 1);
    const fact = `advisory of ${advisory.packageName}`;
    if (random.chance(0.4)) {
      await facts.change(fact, 'withdraw.advisory', 'withdrawn', (agent) => driver.send('DELETE', `/api/advisories/${advisory.id}`, { agent }));
      return;
    }
    const title = `title ${numbers.next()}`;
    const changed = await facts.change(fact, 'change.advisory', title, (agent) => driver.send('PATCH', `/api/advisories/${advisory.id}`, { agent, body: { title } }));
    if (changed !== undefined) published.push(advisory);
  };
}

/** Moves tags at the upstream, and decides about the alerts that come of it. */
function alerts({ driver, facts, upstream: source, reader, random, numbers }) {
  const open = [];
  return async () => {
    await sleep(30);
    if (open.length < 2) {
      const name = `acme/moved-${numbers.next()}`;
      source.publish({ name, version: '1.0.0', reference: referenceOf(name, 'old') });
      facts.add(name, 'absent', async (seen) => (await seen.package(name)).state);
      const mirrored = await facts.change(name, 'mirror.document', 'known', (agent) => asRead(driver, agent, `/p2/${name}.json`, reader));
      if (mirrored === undefined) return;
      source.publish({ name, version: '1.0.0', reference: referenceOf(name, 'new') });
      await driver.read(`/p2/${name}.json`, reader); // from a frozen instance the old copy
      const list = await driver.unlessKilled(() => driver.send('GET', '/api/alerts?state=open'));
      const alert = list?.body.alerts.find((each) => each.package === name);
      if (alert === undefined) return;
      facts.add(`alert of ${name}`, 'open', async (seen) => (await seen.alerts()).get(name) ?? 'absent');
      open.push({ name, id: alert.id });
      return;
    }
    const [alert] = open.splice(random.between(0, open.length - 1), 1);
    const act = random.pick(['accept', 'dismiss']);
    const state = { accept: 'accepted', dismiss: 'dismissed' }[act];
    await facts.change(`alert of ${alert.name}`, `${act}.alert`, state, (agent) => driver.send('POST', `/api/alerts/${alert.id}/${act}`, { agent, body: {} }));
  };
}

/** Reads what is known. */
function reading({ driver, facts, random, known }, reader) {
  return async () => {
    const path = known.length === 0 ? '/packages.json' : `/p2/${random.pick(known.slice(-KNOWN))}.json`;
    const answer = await driver.read(path, reader);
    if (answer !== undefined && answer.status !== 200) facts.wrong.push(`${path}: expected 200 but found ${answer.status} ${JSON.stringify(answer.body)}`);
    await sleep(random.between(5, 40));
  };
}

export function sha1(bytes) {
  return createHash('sha1').update(bytes).digest('hex');
}
