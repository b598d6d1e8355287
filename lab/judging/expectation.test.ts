import assert from 'node:assert/strict';
import { test } from 'node:test';
import { every } from '../../test/lessons/verdicts.ts';
import type { Lab } from '../model/lab.ts';
import type { Reader } from '../model/reader.ts';
import type { Series } from '../promql/sample.ts';
import { betweenSamples, coreCountProblem, fromStored, type Source, tooFewSamples } from './expectation.ts';

const now = 1_800_000_000;
const lab: Lab = {
  now,
  scrapeSeconds: 5,
  evaluationSeconds: 5,
  prometheusStartedAt: now - 3_600,
  exporter: { signal: 'random', seed: 1, startedAt: now - 3_600, cores: 2 },
  target: undefined,
};
const seriesOf = (instance: string, from: number, values: number[]): Series => ({
  labels: { job: 'my_app', instance },
  samples: every(5, from, values),
});
const rising = Array.from({ length: 13 }, (_, index) => 10 * index);
const own = seriesOf('exporter:8000', now - 62, rising);

/** The newest sample is right. */
const source: Source = {
  selector: 'metric',
  readSeconds: 120,
  candidates: betweenSamples((samples, at) => {
    const value = samples.findLast(([time]) => time <= at)![1];
    return [value, value];
  }),
};
const expectation = (series: Series[], changes: Partial<Source> = {}) =>
  fromStored({ ...source, ...changes })({ samples: async () => series } as unknown as Reader, lab);

test('six instants whose values lie far apart say what is right', async () => {
  const known = await expectation([own]);
  assert.deepEqual(
    known.kind === 'known' && known.instants.map((each) => 'number' in each && each.number[0]),
    [0, 20, 40, 70, 90, 110],
  );
});

test('too few samples are waited for, until a whole window of them lies before each instant', async () => {
  const few = seriesOf('exporter:8000', now - 8, [1, 2]);
  assert.deepEqual(await expectation([few]), { kind: 'wait', seconds: 5, reason: 'samples of metric' });
  const waits = (seconds: number) => ({ kind: 'wait', seconds, reason: '60 s of samples of metric' });
  assert.deepEqual(await expectation([few], { windowSeconds: 60 }), waits(60));
  // The first sample is 62 s old: a window of 60 s and five scrapes are 85 s.
  const young: Partial<Source> = { windowSeconds: 60, candidates: () => [] };
  assert.deepEqual(await expectation([own], young), waits(85 - 62));
  // Where samples are missing in between, or all are, a whole window of others is waited for.
  const old = seriesOf('exporter:8000', now - 100, rising);
  for (const each of [old, { ...own, samples: [] }]) assert.deepEqual(await expectation([each], young), waits(60));
});

test('another instance that was scraped not long ago is waited for: its series would be in the answer', async () => {
  const other = seriesOf('exporter:8001', now - 200, [1, 2, 3]);
  assert.deepEqual(await expectation([own, other]), {
    kind: 'wait',
    // Its last sample is 190 s old, and shown for 300 s; three scrapes of our own have to follow.
    seconds: 300 - 190 + 3 * 5,
    reason: 'the other instances of the exporter to be out of sight',
  });
  const old = seriesOf('exporter:8001', now - 400, [1, 2, 3]);
  assert.equal((await expectation([own, old])).kind, 'known');
});

test('an instant whose window reaches further back than what was read says nothing', async () => {
  const known = await expectation([own], { readSeconds: 62, windowSeconds: 20 });
  assert.ok(known.kind === 'known' && known.instants.every(({ at }) => at - 20 - 10 > now - 62));
});

test('what the lab cannot show at all is said before anything is read', async () => {
  const never = { samples: () => assert.fail('was read') } as unknown as Reader;
  const read = (instead: Source['instead']) => fromStored({ ...source, ...(instead && { instead }) })(never, lab);
  assert.deepEqual(await read(tooFewSamples(10, 3)), {
    kind: 'elsewhere',
    reason: '10 s hold fewer than 3 samples at a scrape every 5 s',
    type: 'make up',
  });
  assert.deepEqual(await read(coreCountProblem(3, 64)), {
    kind: 'elsewhere',
    reason: 'the exporter has 2 cores',
    type: 'make up CORES=2',
  });
});
