// R: streams one R2 object. A PUT stores it.
export default {
  async fetch(request, env) {
    if (request.method === 'PUT') {
      await env.ARTIFACTS.put(request.url, await request.arrayBuffer());
      return new Response('stored');
    }
    const object = await env.ARTIFACTS.get(request.url);
    return object ? new Response(object.body) : new Response('no such object', { status: 404 });
  },
};
