#!/usr/bin/env node
/**
 * A small sample upstream to try a mirror with: `node e2e/upstream/demo.mjs [port]`. Prints one line of JSON
 * with `url`, `username` and `password`, and lives until its standard input ends or it is told to stop.
 */
import { startUpstream } from './upstream.mjs';

const upstream = await startUpstream({
  port: Number(process.argv[2] ?? 0),
  auth: { type: 'basic', username: 'demo', password: 'demo-password' },
  packages: [
    { name: 'acme/greeting', version: '1.0.0', files: { 'src/Greeting.php': greeting('Good day') } },
    { name: 'acme/greeting', version: '1.1.0', files: { 'src/Greeting.php': greeting('Hello') } },
    { name: 'acme/hello', version: '1.0.0', require: { 'acme/greeting': '^1.0' } },
    { name: 'acme/hello', version: 'dev-main', require: { 'acme/greeting': '^1.0' }, defaultBranch: true },
    { name: 'acme/clock', version: '2.3.1' },
  ],
});

const { username, password } = upstream.auth;
process.stdout.write(`${JSON.stringify({ url: upstream.url, username, password })}\n`);

const stop = async () => {
  await upstream.close();
  process.exit(0);
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
// A parent that dies takes its end of the pipe with it, so nothing is left behind.
process.stdin.on('end', stop).resume();

function greeting(words) {
  return `<?php\n\nnamespace Acme;\n\nfinal class Greeting\n{\n    public const WORDS = '${words}';\n}\n`;
}
