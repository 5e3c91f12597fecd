/** Many who set an instance up at a time: one may. */
import assert from 'node:assert/strict';
import { newSecrets } from '../instance.mjs';
import { startWorker } from '../worker.mjs';

/** Sets so many new instances up, each by so many at a time, and returns how many winners there were. */
export async function raceSetups(instances, atOnce) {
  let winners = 0;
  for (let i = 0; i < instances; i++) winners += await race(atOnce);
  return winners;
}

async function race(atOnce) {
  const secrets = newSecrets();
  const worker = await startWorker({ secrets });
  try {
    const body = { secret: secrets.SETUP_SECRET, base_url: worker.url };
    const answers = await Promise.all(Array.from({ length: atOnce }, () => worker.api('POST', '/api/setup', body)));
    const won = answers.filter(({ status }) => status === 201);
    assert.equal(won.length, 1, JSON.stringify(answers.map(({ status }) => status)));
    for (const { status, body: { code } } of answers.filter(({ status: each }) => each !== 201)) assert.deepEqual([status, code], [409, 'already_set_up']);
    const [{ tokens }] = await worker.sql('SELECT count(*) AS tokens FROM token');
    const [{ acts }] = await worker.sql("SELECT count(*) AS acts FROM audit WHERE action = 'create.instance'");
    assert.deepEqual({ tokens, acts }, { tokens: 2, acts: 1 }, 'the first token, the one for the safe, and one row');
    assert.equal((await worker.get('/packages.json', won[0].body.token)).status, 200);
    return won.length;
  } finally {
    await worker.close();
  }
}
