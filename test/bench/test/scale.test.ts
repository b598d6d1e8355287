import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scaleDocument } from '../scale/document.ts';
import { needsOf, ofEngine, ofPrometheus, seriesOn } from '../scale/figures.ts';
import type { Cost, Size } from '../scale/measure.ts';

/** 40 MB and 4 kB a series in memory; 30 bytes of disk a series and 2 a sample; 5 µs of CPU a sample. */
const costOf = (series: number): Cost => ({
  residentBytes: 40e6 + 4_000 * series,
  heapBytes: 20e6 + 2_000 * series,
  cpu: 0.001 + (5e-6 * series) / 5,
  samplesPerSecond: series / 5,
  disk: [10, 20].map((scrapes) => ({ bytes: 30 * series + 2 * scrapes * series, samples: scrapes * series })),
  logBytes: 20 * series * 3,
  queries: [2, 8].flatMap((window) =>
    [series / 200, series / 2].map((read) => ({
      series: read,
      samples: read * window,
      milliseconds: 1 + read * 1e-3 + read * window * 1e-4,
    })),
  ),
  cpuPerEvaluatedSeries: 2e-6,
  load: 1.5,
});
const sizes: Size[] = [1_000, 10_000, 100_000].map((series) => ({
  series,
  prometheus: costOf(series),
}));

const bytesPerSample = { prometheus: 10 };

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) <= 1e-6 * Math.abs(expected), `${actual} instead of ${expected}`);

test('figures are what the sizes were made of', () => {
  const { resident, heap, disk, logPerSample, cpu, query } = ofPrometheus(sizes, bytesPerSample);
  near(resident.base, 40e6);
  near(resident.perSeries, 4_000);
  near(heap.perSeries, 2_000);
  near(disk.perSeries, 30);
  near(disk.perSample, 2);
  near(logPerSample, 3);
  near(cpu.perSample, 5e-6);
  near(query.base, 1e-3);
  near(query.perSeries, 1e-6);
  near(query.perSample, 1e-7);
});

test('a million series, scraped every 10 s for a day', () => {
  const plan = { series: 1_000_000, scrapeSeconds: 10, keptDays: 1, evaluationSeconds: 20 };
  const { residentBytes, cores, diskBytes, queryCpuSeconds } = needsOf(ofPrometheus(sizes, bytesPerSample), plan);
  // 40 MB, 4 kB of each series, and 110 samples more of it.
  near(residentBytes, 40e6 + 5.1e9);
  near(cores, 0.001 + 0.5 + 0.1);
  // 30 B of each series, 2 B of 8 640 million samples, 3 B of three hours of them.
  near(diskBytes, 30e6 + 17.28e9 + 3.24e9);
  near(queryCpuSeconds, 2);
});

test('half of a machine is left free', () => {
  assert.equal(seriesOn(ofPrometheus(sizes, bytesPerSample), 2 * (40e6 + 5_100 * 1_000_000.5)), 1_000_000);
});

test('without an engine nothing is said of one', () => {
  assert.equal(ofEngine(sizes, bytesPerSample), undefined);
  const text = scaleDocument({
    machine: '2 cores',
    prometheus: 'Prometheus 3',
    engine: undefined,
    sizes,
    bytesPerSample,
  });
  assert.doesNotMatch(text, /\| engine|NaN|undefined/);
  assert.match(text, /\| memory, each series \| 4\.00 kB \|/);
  assert.match(text, /\| 100 000 000 \| Prometheus \| 510 GB \| .* \| extrapolated 1 000 times \|/);
  assert.match(text, /takes 16 shards/);
  assert.match(text, /carries 6 300 000 series/);
  assert.match(text, /\| of it in use, each further sample \| 10\.0 B \|/);
});
