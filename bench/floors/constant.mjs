// C: answers kept bytes from memory. A PUT keeps an answer for its URL: status and headers in x-answer, bytes in the body.
const kept = new Map();

export default {
  async fetch(request) {
    if (request.method === 'PUT') {
      const body = await request.arrayBuffer();
      kept.set(request.url, { body: body.byteLength > 0 ? body : null, init: JSON.parse(request.headers.get('x-answer')) });
      return new Response('kept');
    }
    const answer = kept.get(request.url);
    return answer ? new Response(answer.body, answer.init) : new Response('nothing is kept here', { status: 404 });
  },
};
