// D then R in one Worker, at /rows/name: what their sum costs when one request waits for both. A PUT makes both ready.
export default {
  async fetch(request, env) {
    const [, rows, name] = new URL(request.url).pathname.split('/');
    if (request.method === 'PUT') {
      await env.ARTIFACTS.put(name, await request.arrayBuffer());
      await env.DB.batch([
        env.DB.prepare('CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, name TEXT, value TEXT, expires INTEGER)'),
        ...Array.from({ length: 8 }, (_, i) =>
          env.DB.prepare('INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)').bind(i + 1, `bench/entry-${i}`, 'x'.repeat(200), 1e12)),
      ]);
      return new Response('ready');
    }
    await env.DB.prepare('SELECT id, name, value, expires FROM entry WHERE id <= ?1 LIMIT ?1').bind(Number(rows)).all();
    return new Response((await env.ARTIFACTS.get(name)).body);
  },
};
