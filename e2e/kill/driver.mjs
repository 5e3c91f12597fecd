/** Sends requests to an instance that may be killed at any moment, each under an agent of its own, by which the log has to name it. */
const DEADLINE = 60_000;

export class Driver {
  #server;
  #agents = 0;
  #expected = [];
  #reads = [];

  /** Whether requests are still to be sent: not once the instance was killed. */
  going = false;

  /** The round of the agents to come. */
  round = 0;

  constructor(server) {
    this.#server = server;
  }

  nextAgent() {
    this.#agents += 1;
    return `kill/${this.round}/${this.#agents}`;
  }

  /** Sends a request and returns `{ status, body }`, a JSON body parsed and any other one as bytes, once all of it has come. */
  async send(method, path, { token = this.#server.admin, agent = this.nextAgent(), body } = {}) {
    const response = await fetch(new URL(path, this.#server.url), {
      method,
      headers: { authorization: `Bearer ${token}`, 'user-agent': agent, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(DEADLINE),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const isJson = response.headers.get('content-type')?.startsWith('application/json') && bytes.length > 0;
    return { status: response.status, body: isJson ? JSON.parse(bytes) : bytes };
  }

  /** Returns what comes of a request; undefined if the instance was killed meanwhile. */
  async unlessKilled(request) {
    try {
      return await request();
    } catch (error) {
      // Before the kill nothing breaks a connection.
      if (this.going) throw error;
      return undefined;
    }
  }

  /** Reads as somebody would, and notes that it was answered, and when. */
  async read(path, token) {
    const agent = this.nextAgent();
    const answer = await this.unlessKilled(() => this.send('GET', path, { token, agent }));
    if (answer !== undefined) this.noteRead(agent);
    return answer;
  }

  noteRead(agent) {
    this.#reads.push({ agent, round: this.round, at: Date.now(), before: this.#agents });
  }

  /** Notes how many events of an action the log has to have under an agent. */
  expectEvent(agent, action, count, why) {
    this.#expected.push({ agent, action, count, why });
  }

  get expected() {
    return this.#expected;
  }

  /** Every read that was answered: `{ agent, round, at, before }`; requests of a higher number than `before` were sent later. */
  get reads() {
    return this.#reads;
  }
}
