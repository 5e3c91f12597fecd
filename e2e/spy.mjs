/** Stands between clients and an instance and writes down what they ask: what a command costs in requests, and whether it is right. */
import { once } from 'node:events';
import { createServer, request as send } from 'node:http';

/** Starts a spy; it passes nothing on before it is told where to. */
export async function startSpy() {
  const spy = new Spy();
  await spy.listen();
  return spy;
}

class Spy {
  #target;
  #server = createServer((request, response) => this.#pass(request, response));
  #seen = [];

  async listen() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** Passes all requests on to an origin, under the name that the client used. */
  passTo(origin) {
    this.#target = new URL(origin);
  }

  /** Returns what was asked since this was called last: `{ method, path, status, headers, body }`, in order of the answers. */
  take() {
    const seen = this.#seen;
    this.#seen = [];
    return seen;
  }

  async close() {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #pass(request, response) {
    const { method, url: path, headers } = request;
    const { hostname, port } = this.#target;
    const chunks = [];
    const onward = send({ hostname, port, method, path, headers, agent: false }, (answer) => {
      this.#seen.push({ method, path, status: answer.statusCode, headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.on('data', (chunk) => chunks.push(chunk)).pipe(onward);
  }
}
