// A cold document in plain JavaScript: fetch, JSON.parse, JSON.stringify, one R2 put, one D1 write, answer.
// With ?copy it neither parses nor prints: what the fetch and the storage cost alone.
export default {
  async fetch(request, env) {
    if (request.method === 'PUT') {
      await env.DB.exec('CREATE TABLE IF NOT EXISTS document (name TEXT PRIMARY KEY, object TEXT, size INTEGER)');
      return new Response('made');
    }
    const { pathname, search } = new URL(request.url);
    const text = await (await fetch(env.UPSTREAM + pathname)).text();
    const document = search === '?copy' ? text : JSON.stringify(JSON.parse(text));
    const object = `document/${crypto.randomUUID()}`;
    await env.ARTIFACTS.put(object, document);
    await env.DB.prepare('INSERT OR REPLACE INTO document VALUES (?, ?, ?)').bind(pathname, object, document.length).run();
    return new Response(document, { headers: { 'content-type': 'application/json' } });
  },
};
