/**
 * What an instance owes to whoever was told so. A fact is something that a change replaces whole, such as a token's being open. Once its
 * change is acknowledged it has one possible state; while a change was cut off it has two, until somebody looks which it came to be.
 */
import { isDeepStrictEqual } from 'node:util';

export class Facts {
  #driver;
  #facts = new Map();
  #touched = new Set();

  counts = { acknowledged: 0, cutOff: 0, cameTrue: 0, refused: 0, looked: 0 };

  /** What was wrong, in words. */
  wrong = [];

  constructor(driver) {
    this.#driver = driver;
  }

  /** Adds a fact that is known. `look(seen)` returns its state; it may ask `seen` for lists, which are fetched once a round. */
  add(name, state, look) {
    if (this.#facts.has(name)) throw new Error(`expected a new fact but found ${name}`);
    this.#facts.set(name, { possible: [state], look });
    this.#touched.add(name);
  }

  /** Returns the state of a fact; undefined while nobody knows. */
  known(name) {
    const { possible } = this.#facts.get(name);
    return possible.length === 1 ? possible[0] : undefined;
  }

  /**
   * Has a fact change: `send(agent)` asks for it, under an agent by which the log names the request. Returns the answer once the change is
   * acknowledged; undefined if it was refused or cut off.
   */
  async change(name, action, next, send) {
    const fact = this.#facts.get(name);
    if (fact.possible.length > 1) return undefined; // cut off a moment ago
    const before = fact.possible[0];
    fact.possible = [before, next];
    this.#touched.add(name);
    const agent = this.#driver.nextAgent();
    const answer = await this.#driver.unlessKilled(() => send(agent));
    if (answer === undefined) {
      this.counts.cutOff += 1;
      fact.pending = { agent, action };
    } else if (answer.status < 300) {
      this.counts.acknowledged += 1;
      fact.possible = [next];
      this.#driver.expectEvent(agent, action, 1, `${name}, which was acknowledged`);
    } else {
      this.counts.refused += 1;
      fact.possible = [before];
      this.#driver.expectEvent(agent, action, 0, `${name}, which was refused`);
      if (answer.status !== 409 && answer.body?.code !== 'frozen') this.wrong.push(`${name}: expected ${action} but found ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer?.status < 300 ? answer : undefined;
  }

  /** Looks at what was touched since the last time, and at some of the others; at all of them if `some` is not given. */
  async check(seen, some) {
    const others = [...this.#facts.keys()].filter((name) => !this.#touched.has(name));
    const names = [...this.#touched, ...(some === undefined ? others : some(others))];
    this.#touched.clear();
    for (const name of names) await this.#look(name, seen);
  }

  async #look(name, seen) {
    const fact = this.#facts.get(name);
    const found = await fact.look(seen);
    this.counts.looked += 1;
    if (!fact.possible.some((state) => isDeepStrictEqual(state, found))) {
      this.wrong.push(`${name}: expected ${fact.possible.map((state) => JSON.stringify(state)).join(' or ')} but found ${JSON.stringify(found)}`);
    }
    if (fact.pending !== undefined) {
      const cameTrue = isDeepStrictEqual(fact.possible[1], found);
      this.counts.cameTrue += cameTrue ? 1 : 0;
      this.#driver.expectEvent(fact.pending.agent, fact.pending.action, cameTrue ? 1 : 0, `${name}, which was cut off and ${cameTrue ? 'came true' : 'did not'}`);
      fact.pending = undefined;
    }
    fact.possible = [found];
  }
}
