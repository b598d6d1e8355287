import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Series } from '../../lab/promql/sample.ts';
import { every } from '../../test/lessons/verdicts.ts';
import { fastShare, instantsOf, p95, ratio } from './pooled.ts';

const start = 1_800_000_000;
const scrapes = 11;

/** A counter that is scraped every 5 s and grows by as much each time. */
const counter = (name: string, instance: string, phase: number, growth: number, labels = {}): Series => ({
  labels: { __name__: name, instance, ...labels },
  samples: every(
    5,
    start + phase,
    Array.from({ length: scrapes }, (_, index) => 1_000 + growth * index),
  ),
});
const bucket = (instance: string, phase: number, le: string, growth: number) =>
  counter('http_request_duration_seconds_bucket', instance, phase, growth, { le });

/** 45 requests within 0.025 s at one instance, 5 within a second at the other. */
const buckets = [
  ...['0.025', '0.5', '1', '+Inf'].map((le) => bucket('exporter:8000', 1, le, 45)),
  ...['0.025', '0.5'].map((le) => bucket('exporter:8001', 2.6, le, 0)),
  ...['1', '+Inf'].map((le) => bucket('exporter:8001', 2.6, le, 5)),
];
const counters = [
  counter('requests_total', 'exporter:8000', 1, 45),
  counter('errors_total', 'exporter:8000', 1, 9),
  counter('requests_total', 'exporter:8001', 2.6, 5),
  counter('errors_total', 'exporter:8001', 2.6, 2),
];
const lab = { scrapeSeconds: 5 };
/** Even counters give the same value in each way, but for the last digits. */
const valuesOf = (series: Series[], figure: Parameters<typeof instantsOf>[2]) =>
  instantsOf(series, lab, figure).map((expected) => {
    assert.ok('number' in expected);
    const [least, most] = expected.number;
    assert.ok(most - least < 1e-9, `${least} to ${most}`);
    return [Math.round(10 * (expected.at - start)) / 10, Math.round(1e9 * least) / 1e9];
  });

test('95 of 100 are half-way up the bucket of the slow ones, once a window is whole and while it is', () => {
  const values = valuesOf(buckets, p95);
  // Half-way between the scrapes of both; windows that begin earlier would miss samples.
  assert.deepEqual(values, [
    [36.8, 0.75],
    [39.3, 0.75],
    [41.8, 0.75],
    [44.3, 0.75],
    [46.8, 0.75],
    [49.3, 0.75],
    [51.8, 0.75],
  ]);
});
test('the ratio of all is 11 of 50, not the average of 0.2 and 0.4', () => {
  assert.deepEqual([...new Set(valuesOf(counters, ratio).map(([, value]) => value))], [0.22]);
});
test('nine tenths were within half a second', () => {
  const values = valuesOf(buckets, (series, grown) => fastShare(series, grown, 0.5));
  assert.deepEqual([...new Set(values.map(([, value]) => value))], [0.9]);
});
test('nothing is asked of a window in which an instance was not scraped', () => {
  const gap = counters.map(({ labels, samples }) => ({
    labels,
    samples: samples.filter((_, index) => labels.instance === 'exporter:8001' || index !== 8),
  }));
  assert.deepEqual(
    instantsOf(gap, lab, ratio).map(({ at }) => Math.round(10 * (at - start)) / 10),
    [36.8, 40.1],
  );
});
