/** Secrets that are recognised wherever they turn up, in whatever spelling. */
import { createHash, randomBytes } from 'node:crypto';

export class Canaries {
  #all = new Map();

  /** Returns a new secret; it may show in the places of these names, and nowhere else. */
  fresh(name, ...places) {
    return this.add(name, `cnry${randomBytes(12).toString('hex')}`, ...places);
  }

  /** Watches for a secret that somebody else has made. */
  add(name, secret, ...places) {
    if (this.#all.has(name)) throw new Error(`expected one canary ${name}`);
    this.#all.set(name, { secret, spellings: spellingsOf(secret), places });
    return secret;
  }

  get count() {
    return this.#all.size;
  }

  /** Returns who turned up where it should not: `name: spelling in place` each. */
  foundIn(place, bytes) {
    const text = Buffer.isBuffer(bytes) ? bytes.toString('latin1') : String(bytes);
    const found = [];
    for (const [name, { spellings, places }] of this.#all) {
      if (places.includes(place)) continue;
      for (const [how, spelling] of Object.entries(spellings)) if (text.includes(spelling)) found.push(`${name}: ${how} in ${place}: …${around(text, spelling)}…`);
    }
    return found;
  }
}

function around(text, spelling) {
  const at = text.indexOf(spelling);
  return text.slice(Math.max(0, at - 60), at + 20).replace(/[^ -~]/g, '.');
}

function spellingsOf(secret) {
  const bytes = Buffer.from(secret);
  const spellings = {
    itself: secret,
    percent: encodeURIComponent(secret),
    json: JSON.stringify(secret).slice(1, -1),
    hex: bytes.toString('hex'),
    sha256: createHash('sha256').update(secret).digest('hex'),
    sha1: createHash('sha1').update(secret).digest('hex'),
    reversed: [...secret].reverse().join(''),
  };
  // Behind a user name of any length base64 comes in three shapes; the ends, which depend on the neighbours, are left away.
  for (const shift of [0, 1, 2]) {
    const shape = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').replace(/=+$/, '').slice(shift === 0 ? 0 : 4, -4);
    spellings[`base64+${shift}`] = shape;
    spellings[`base64url+${shift}`] = shape.replaceAll('+', '-').replaceAll('/', '_');
  }
  return spellings;
}
