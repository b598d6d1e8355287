import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import type { Reader } from '../../lab/model/reader.ts';
import { delta, increase, rate } from '../../lab/promql/extrapolation.ts';
import { bucketRates, histogramQuantile } from '../../lab/promql/quantile.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import { inWindow } from '../../lab/promql/window.ts';
import { findProgram } from '../support/programs.ts';
import { missing, prometheusWith } from './bounded-prometheus.ts';

/** The same numbers on every machine: a linear congruential generator. */
const randomFrom = (seed: number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

const start = 1_700_000_000;

/** A scrape about every `interval` seconds for ten minutes, late now and then, missing now and then. */
const scrapes = (random: () => number, interval: number): number[] =>
  Array.from({ length: Math.ceil(600 / interval) }, (_, index) => index * interval)
    .filter((_, index) => index < 2 || random() > 0.1)
    .map((second) => start + second + Math.round(random() * 300 * Math.min(1, interval)) / 1000);

/** A counter that begins near zero and falls back to it now and then. */
const counter = (random: () => number, interval: number): Sample[] => {
  let value = random() < 0.5 ? 0 : Math.floor(random() * 20);
  return scrapes(random, interval).map((at) => {
    value = random() < 0.05 ? 0 : value + Math.floor(random() * 40);
    return [at, value] as const;
  });
};

const edges = ['0.1', '0.25', '0.5', '1', '+Inf'];
const buckets = (random: () => number, instance: string, interval: number): Series[] => {
  const times = scrapes(random, interval);
  const counts = edges.map(() => 0);
  const rows = times.map(() => {
    for (let request = Math.floor(random() * 20); request > 0; request -= 1) {
      const falls = Math.floor(random() ** 2 * edges.length);
      for (let edge = falls; edge < edges.length; edge += 1) counts[edge]! += 1;
    }
    return [...counts];
  });
  return edges.map((le, edge) => ({
    labels: { __name__: 'latency_bucket', instance, le },
    samples: times.map((at, index) => [at, rows[index]![edge]!] as const),
  }));
};

/** Equal to 1e-9 of their size, or both nothing. */
const agree = (real: number | undefined, own: number | undefined, what: string) => {
  if (real === undefined || own === undefined) return assert.equal(own, real, what);
  if (Number.isNaN(real)) return assert.ok(Number.isNaN(own), `${what}: NaN is meant, got ${own}`);
  assert.ok(Math.abs(real - own) <= 1e-9 * Math.max(1, Math.abs(real)), `${what}: ${real} is meant, got ${own}`);
};

const answer = async (read: Reader, expr: string, at: number): Promise<number | undefined> => {
  const series = await read.query(expr, at);
  assert.ok(series.length <= 1, `${expr} answers ${series.length} series`);
  return series[0]?.samples[0]?.[1];
};

test('rate, increase, delta and histogram_quantile are those of a real Prometheus', { skip: missing }, async (t) => {
  const random = randomFrom(12);
  const counters = [0.5, 1, 5, 7, 15, 30, 60].map(
    (interval): Series => ({
      labels: { __name__: 'events', scrape: `${interval}s` },
      samples: counter(random, interval),
    }),
  );
  const histograms = ['a', 'b'].flatMap((instance) => buckets(random, instance, 5));
  const { read } = await prometheusWith(t, [...counters, ...histograms]);
  t.diagnostic(execFileSync(findProgram('prometheus')!, ['--version'], { encoding: 'utf8' }));

  for (const { labels, samples } of counters) {
    const selector = `events{scrape="${labels.scrape}"}`;
    // Between samples, and exactly on one: the window is closed on the right and open on the left.
    const instants = [0.2, 61.7, 299.999, 430.25, 660].map((second) => start + second);
    for (const at of [...instants, samples[20 % samples.length]![0], samples.at(-1)![0] + 60]) {
      for (const window of [2, 10, 60, 137, 600]) {
        const what = `${selector}[${window}s] at ${at}`;
        const raw = (await read.samples(selector, window, at))[0]?.samples ?? [];
        assert.deepEqual(raw, inWindow(samples, at, window), what);
        agree(await answer(read, `rate(${selector}[${window}s])`, at), rate(samples, at, window), `rate ${what}`);
        const real = await answer(read, `increase(${selector}[${window}s])`, at);
        agree(real, increase(samples, at, window), `increase ${what}`);
        agree(await answer(read, `delta(${selector}[${window}s])`, at), delta(samples, at, window), `delta ${what}`);
      }
    }
  }

  for (const at of [3, 47.3, 300, 599.9].map((second) => start + second)) {
    for (const quantile of [0, 0.5, 0.95, 0.999, 1]) {
      const expr = (buckets: string) => `histogram_quantile(${quantile}, ${buckets})`;
      const pooled = await answer(read, expr('sum by (le) (rate(latency_bucket[1m]))'), at);
      agree(pooled, ownQuantile(quantile, histograms, at), `pooled ${quantile} at ${at}`);
      const ofOne = histograms.filter(({ labels }) => labels.instance === 'a');
      const single = await answer(read, expr('rate(latency_bucket{instance="a"}[1m])'), at);
      agree(single, ownQuantile(quantile, ofOne, at), `one instance, ${quantile} at ${at}`);
    }
  }
});

/** Prometheus answers nothing where no bucket has a rate. */
const ownQuantile = (quantile: number, series: readonly Series[], at: number): number | undefined => {
  const rates = bucketRates(series, at, 60);
  return rates.length === 0 ? undefined : histogramQuantile(quantile, rates);
};
