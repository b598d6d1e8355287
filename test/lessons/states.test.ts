import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertState, ofThisPrometheus } from '../../lab/model/alert-states.ts';
import { signalInfo, startTime } from '../../lab/model/metrics.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import { missing, prometheusWith } from './bounded-prometheus.ts';

const start = 1_700_000_000;
const replaced = start + 100;

/** A sample every 5 s, from one second to another, after the start. */
const scraped = (from: number, to: number, value: number): Sample[] =>
  Array.from({ length: (to - from) / 5 + 1 }, (_, index) => [start + from + 5 * index, value] as const);
const series = (__name__: string, labels: Record<string, string>, samples: Sample[]): Series => ({
  labels: { __name__, ...labels },
  samples,
});

/** One Prometheus from 0 s on; another one takes its place at 100 s, and a target that was down is up. */
const stored = [
  series(startTime, { job: 'prometheus' }, [...scraped(0, 100, start - 1), ...scraped(105, 400, replaced)]),
  series('ALERTS', { alertname: 'TargetDown', alertstate: 'firing' }, scraped(10, 100, 1)),
  series(signalInfo, { signal: 'high' }, scraped(0, 100, 1)),
  series(signalInfo, { signal: 'random' }, scraped(105, 400, 1)),
];

test('what a Prometheus that was replaced stored last is not shown for five minutes more', {
  skip: missing,
}, async (t) => {
  const { read } = await prometheusWith(t, stored);
  const at = async (expr: string, seconds: number) =>
    (await read.query(expr, start + seconds)).map(({ labels }) => labels.signal ?? 'shown');
  assert.deepEqual(await at(signalInfo, 200), ['high', 'random'], 'this is what it is for');
  assert.deepEqual(await at(ofThisPrometheus(signalInfo), 90), ['high']);
  assert.deepEqual(await at(ofThisPrometheus(signalInfo), 200), ['random']);

  const state = async (seconds: number) =>
    (await read.query(alertState('TargetDown').expr, start + seconds)).map(({ samples }) => samples[0]![1]);
  assert.deepEqual(await state(5), [0], 'inactive');
  assert.deepEqual(await state(95), [2], 'firing');
  assert.deepEqual(await state(110), [0], 'inactive again, as soon as the new Prometheus has scraped itself');
  assert.deepEqual(await state(-10), [], 'nothing where no Prometheus ran');
});
