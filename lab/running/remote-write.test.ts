import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missing } from '../../test/lessons/bounded-prometheus.ts';
import { startShiftsPrometheus } from '../../test/support/shifts.ts';
import { remoteWrite } from './remote-write.ts';

const receiver = { name: 'the receiver', of: 'step' } as const;
const at = Date.UTC(2026, 0, 5) / 1_000;

test('what is written is stored by value, and ends where it is said to end', { skip: missing }, async (t) => {
  const { address, read, stop } = await startShiftsPrometheus();
  t.after(stop);
  const base = `http://${address}`;
  const values = [0, 1.5, -3e-12, 1e300, 123_456_789_012, Number.POSITIVE_INFINITY];
  const samples = values.map((value, index) => [at + 5 * index, value] as const);
  const labels = { __name__: 'x', job: 'ä "quoted"\n', a: '1' };
  await remoteWrite(receiver, base, [{ labels, samples, staleAt: [at + 30] }]);
  const [series] = await read.samples('x', 60, at + 40);
  assert.deepEqual(series, { labels, samples });
  assert.equal((await read.query('x', at + 29.9)).length, 1);
  assert.equal((await read.query('x', at + 30)).length, 0);

  // More than one literal of Snappy holds, and times before and after the first ones by months.
  const many = Array.from({ length: 9_000 }, (_, index) => [at + 90 * 86_400 + index, index / 7] as const);
  await remoteWrite(receiver, base, [{ labels: { __name__: 'many' }, samples: many }]);
  await remoteWrite(receiver, base, [{ labels: { __name__: 'earlier' }, samples: [[at - 30 * 86_400, 1]] }]);
  assert.deepEqual((await read.samples('many', 9_000, many.at(-1)![0]))[0]?.samples, many);
  assert.equal((await read.query('earlier', at - 30 * 86_400)).length, 1);
  await assert.rejects(
    remoteWrite(receiver, base, [{ labels, samples: [[at, 2]] }]),
    /the receiver refuses samples: .*(out of order|duplicate sample)/,
  );
});
