import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freePort } from '../../support/ports.ts';
import { type Running, startService } from '../../support/processes.ts';
import { sendHostile } from '../hostile.ts';

/** The same requests each time; make faults PART=hostile sends more, and others each time. */
const seed = 1;
const count = 1_500;
let exporter: Running & { port: number };
let guide: Running & { port: number };

before(async () => {
  const nowhere = `127.0.0.1:${await freePort()}`;
  [exporter, guide] = await Promise.all([
    startService('exporter'),
    startService('guide', { EXPORTER_ADDRESS: nowhere, PROMETHEUS_ADDRESS: nowhere, ALERTMANAGER_ADDRESS: nowhere }),
  ]);
});
after(() => Promise.all([exporter?.stop(), guide?.stop()]));

test(`${count} hostile requests: each is refused with a sentence or answered rightly`, async () => {
  const { failures, sent } = await sendHostile({ exporter: exporter.port, guide: guide.port }, count, seed);
  assert.equal(sent, count);
  assert.deepEqual(failures.slice(0, 10), [], `${failures.length} of ${count}`);
});

test('neither service has ended or printed an error', () => {
  for (const service of [exporter, guide]) assert.deepEqual([service.hasEnded(), service.stderr()], [false, '']);
});
