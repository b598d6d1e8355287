import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Measured, scaleDocument } from '../scale/document.ts';
import { fittedTo, needsOf, sendingPerSample, seriesOn } from '../scale/figures.ts';
import type { Cost, Measurement } from '../scale/measure.ts';

/** 40 MB and 4 kB a series in memory; 30 bytes of disk a series and 2 a sample, 3 of log; 5 µs of CPU a sample. */
const costOf = (series: number): Cost => ({
  residentBytes: 40e6 + 4_000 * series,
  heapBytes: 20e6 + 2_000 * series,
  cpu: 0.001 + (5e-6 * series) / 5,
  samplesPerSecond: series / 5,
  blocks: [10, 20].map((scrapes) => ({ bytes: 30 * series + 2 * scrapes * series, samples: scrapes * series })),
  log: { bytes: 3 * 20 * series, samples: 20 * series },
  queries: [series / 200, series / 2].flatMap((read) =>
    [2, 8].map((window) => ({
      series: read,
      samples: read * window,
      milliseconds: 1 + read * 1e-3 + read * window * 1e-4,
    })),
  ),
  cpuPerEvaluatedSeries: 2e-6,
  load: 1.5,
  afterwardsBytes: 60e6 + 4_000 * series,
});
const sizes = [1_000, 10_000, 100_000];
const alone: Measurement[] = sizes.map((series) => ({ series, name: 'Prometheus', cost: costOf(series) }));

/** Twice the memory; the Prometheus that writes takes 8 µs of CPU a sample. */
const thanosAt = (series: number): Measurement => {
  const cost = costOf(series);
  return {
    series,
    name: 'Thanos',
    cost: { ...cost, residentBytes: 2 * cost.residentBytes, blocks: [] },
    writing: { residentBytes: 0, samplesPerSecond: series / 5, cpu: 0.001 + (8e-6 * series) / 5 },
  };
};
/** No log. */
const victoriaMetricsAt = (series: number): Measurement => {
  const { log: _, ...cost } = costOf(series);
  return { ...thanosAt(series), name: 'VictoriaMetrics', cost };
};

const ofPrometheus = fittedTo(alone, { Prometheus: 10 })[0]!.figures;

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) <= 1e-6 * Math.abs(expected), `${actual} instead of ${expected}`);

test('figures are what the sizes were made of', () => {
  const { resident, heap, memoryPerSample, disk, logPerSample, cpu, query } = ofPrometheus;
  near(resident.base, 40e6);
  near(resident.perSeries, 4_000);
  near(heap.perSeries, 2_000);
  near(memoryPerSample, 10);
  near(disk!.perSeries, 30);
  near(disk!.perSample, 2);
  near(logPerSample!, 3);
  near(cpu.perSample, 5e-6);
  near(query.base, 1e-3);
  near(query.perSeries, 1e-6);
  near(query.perSample, 1e-7);
});

const million = { series: 1_000_000, scrapeSeconds: 10, keptDays: 1, evaluationSeconds: 20 };

test('a million series, scraped every 10 s for a day', () => {
  const { residentBytes, cores, diskBytes, queryCpuSeconds } = needsOf(ofPrometheus, million, undefined);
  // 40 MB, 4 kB of each series, and 110 samples more of it.
  near(residentBytes, 40e6 + 5.1e9);
  near(cores, 0.001 + 0.5 + 0.1);
  // 30 B of each series, 2 B of 8 640 million samples, 3 B of three hours of them.
  near(diskBytes, 30e6 + 17.28e9 + 3.24e9);
  near(queryCpuSeconds, 2);
});

test('a server that has written no block yet is planned with the blocks of Prometheus and its own log', () => {
  const [thanos] = fittedTo([1_000, 10_000].map(thanosAt), { Thanos: 10 });
  assert.equal(thanos!.figures.disk, undefined);
  near(needsOf(thanos!.figures, million, { perSeries: 100, perSample: 1 }).diskBytes, 100e6 + 8.64e9 + 3.24e9);
});

test('half of a machine is left free', () => {
  assert.equal(seriesOn(ofPrometheus, 2 * (40e6 + 5_100 * 1_000_000.5)), 1_000_000);
});

test('figures are fitted to two sizes or more, one of which weighs', () => {
  const at = (...each: number[]) => fittedTo(each.map(thanosAt), { Prometheus: 10, Thanos: 10 });
  assert.deepEqual(at(10_000), []);
  assert.deepEqual(at(1_000, 2_000), []);
  assert.deepEqual(
    at(1_000, 10_000).map(({ name, largest }) => [name, largest]),
    [['Thanos', 10_000]],
  );
});

test('sending takes what the Prometheus that writes takes more than the one alone, where the series weigh', () => {
  near(sendingPerSample([...alone, thanosAt(1_000), thanosAt(10_000)], 'Thanos'), 3e-6);
});

const measured: Measured = {
  machine: '2 cores',
  servers: ['Prometheus 3.1.0'],
  measurements: alone,
  missing: [],
  bytesPerSample: { Prometheus: 10 },
};

test('without a backend nothing is said of one', () => {
  const text = scaleDocument(measured)!;
  assert.doesNotMatch(text, /Thanos|VictoriaMetrics|For each backend|Sending takes|Not measured|NaN|undefined/);
  assert.match(text, /Measured: Prometheus 3\.1\.0, at 1 000, 10 000 and 100 000 series, on 2 cores\./);
  assert.match(
    text,
    /\| 10 000 \| 2 000 \| Prometheus \| 80\.0 MB \| 40\.0 MB \| 100 MB \| 1\.10 % \| 1\.5 \| 7\.00 ms \| 10\.0 ms \|/,
  );
  assert.match(text, /\| memory, each series \| 4\.0 kB \|\n/);
  assert.match(text, /\| of it in use, each further sample \| 10 B \|\n/);
  assert.match(text, /\| 100 000 000 \| Prometheus \| 510 GB \| .* \| 16 \| extrapolated 1 000 times \|/);
  assert.match(text, /carries 6 300 000 series by these figures, so it takes 16 shards/);
});

test('each backend is named, and planned as far as it was measured', () => {
  const text = scaleDocument({
    ...measured,
    servers: ['Prometheus 3.1.0', 'Thanos 0.42.0', 'VictoriaMetrics 1.2.0'],
    measurements: [...alone, ...[1_000, 10_000].map(thanosAt), ...sizes.map(victoriaMetricsAt)],
    missing: [{ series: 100_000, name: 'Thanos', why: 'it fell over' }],
    bytesPerSample: { Prometheus: 10, Thanos: 10, VictoriaMetrics: 0 },
  })!;
  assert.doesNotMatch(text, /NaN|undefined|–/);
  assert.match(text, /\nNot measured:\n\n- Thanos with 100 000 series: it fell over\n\n/);
  assert.match(text, /\| {2}\| Prometheus \| Thanos \| VictoriaMetrics \|\n/);
  assert.match(text, /\| memory, each series \| 4\.0 kB \| 8\.0 kB \| 4\.0 kB \|\n/);
  assert.match(text, /\| disk, each sample of a block \| 2\.0 B \| as Prometheus \| 2\.0 B \|\n/);
  assert.match(text, /\| log, each sample, for three hours \| 3\.0 B \| 3\.0 B \| none \|\n/);
  assert.match(text, /\nThanos keeps samples in blocks of Prometheus' own format/);
  assert.match(text, /for each sample: 3\.0 µs to Thanos and 3\.0 µs to VictoriaMetrics\.\n/);
  assert.match(
    text,
    /\| 1 000 000 \| Thanos \| 9\.2 GB \| .* \| \d+ GB, as Prometheus \| .* \| extrapolated 100 times \|/,
  );
  assert.match(text, /\| 1 000 000 \| VictoriaMetrics \| 4\.0 GB \| .* \| 1 \| extrapolated 10\.0 times \|/);
});

test('of one size there is no document', () => {
  assert.equal(scaleDocument({ ...measured, measurements: alone.slice(0, 1) }), undefined);
});
