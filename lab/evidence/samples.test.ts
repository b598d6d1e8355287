import assert from 'node:assert/strict';
import { test } from 'node:test';
import { every, labOf } from '../../test/lessons/verdicts.ts';
import { AmbiguousError, activeSince, isUnbroken, only, risingEdges } from './samples.ts';

const start = 1_800_000_000;

test('the only series is read, and of two none', () => {
  const series = { labels: { instance: 'exporter:8000' }, samples: every(5, start, [1, 2]) };
  assert.deepEqual(only([series]), series.samples);
  assert.deepEqual(only([]), []);
  assert.throws(() => only([series, { labels: { instance: 'exporter:8001' }, samples: [] }]), AmbiguousError);
});
test('a value rises over the threshold between two samples', () => {
  assert.deepEqual(risingEdges(every(1, start, [90, 80, 81, 95, 20, 99]), 80), [start + 2, start + 5]);
});
test('a stretch with a gap, a fall or an end too early is broken', () => {
  const whole = every(5, start, [1, 2, 3, 4, 5]);
  assert.equal(isUnbroken(whole, start, start + 20, 6), true);
  assert.equal(isUnbroken(whole.toSpliced(2, 1), start, start + 20, 6), false);
  assert.equal(isUnbroken(whole, start, start + 27, 6), false);
  assert.equal(isUnbroken(every(5, start, [1, 2, 0, 4, 5]), start, start + 20, 6), false);
});
test('the current settings began when both the exporter and Prometheus had', () => {
  const lab = labOf({
    now: start + 60,
    prometheusStartedAt: start + 20,
    exporter: { signal: 'random', seed: 1, startedAt: start + 10, cores: 2 },
  });
  assert.equal(activeSince(lab), start + 20);
  assert.equal(activeSince({ ...lab, prometheusStartedAt: start - 500 }), start + 10.5);
  assert.equal(activeSince({ ...lab, exporter: undefined }), start + 60);
});
