import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Running, startAlone } from '../../support/processes.ts';
import { sendHostile } from '../hostile.ts';

/** The same requests each time; make faults PART=hostile sends more, and others each time. */
const seed = 1;
const count = 1_500;
let exporter: Running & { port: number };
let guide: Running & { port: number };

before(async () => {
  ({ exporter, guide } = await startAlone());
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
