// D: one D1 lookup of as many rows as the path says (/2 reads two). A PUT makes the table.
export default {
  async fetch(request, env) {
    if (request.method === 'PUT') {
      await env.DB.batch([
        env.DB.prepare('CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, name TEXT, value TEXT, expires INTEGER)'),
        ...Array.from({ length: 8 }, (_, i) =>
          env.DB.prepare('INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)').bind(i + 1, `bench/entry-${i}`, 'x'.repeat(200), 1e12)),
      ]);
    }
    const rows = Number(request.url.slice(request.url.lastIndexOf('/') + 1));
    const { results } = await env.DB.prepare('SELECT id, name, value, expires FROM entry WHERE id <= ?1 LIMIT ?1').bind(rows).all();
    return new Response(results.length === rows ? 'ok' : 'wrong', { status: results.length === rows ? 200 : 500 });
  },
};
