import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sendHostile } from '../hostile.ts';
import { type Running, startService } from '../processes.ts';

/** The smaller one: make faults PART=hostile sends many more. SEED=… repeats a failure. */
const seed = Number(process.env.SEED || Math.floor(Math.random() * 2 ** 31));
const count = Number(process.env.COUNT || 1_500);
const nowhere = '127.0.0.1:9';
let exporter: Running & { port: number };
let guide: Running & { port: number };

before(async () => {
  [exporter, guide] = await Promise.all([
    startService('exporter'),
    startService('guide', { EXPORTER_ADDRESS: nowhere, PROMETHEUS_ADDRESS: nowhere, ALERTMANAGER_ADDRESS: nowhere }),
  ]);
});
after(() => Promise.all([exporter?.end(), guide?.end()]));

test(`${count} hostile requests, SEED=${seed}: each is refused with a sentence or answered rightly`, async () => {
  const { failures, sent } = await sendHostile({ exporter: exporter.port, guide: guide.port }, count, seed);
  assert.equal(sent, count);
  assert.deepEqual(failures.slice(0, 10), [], `${failures.length} of ${count}`);
});

test('neither service has ended, nor said a word of it', () => {
  for (const service of [exporter, guide]) assert.deepEqual([service.hasEnded(), service.stderr()], [false, '']);
});
