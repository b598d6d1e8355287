import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { experiments } from '../../experiments/catalogue.ts';
import { start } from '../../exporter/test/worlds.ts';
import type { Exercise } from '../../lab/model/exercise.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Series } from '../../lab/promql/sample.ts';
import { solve } from '../../lab/running/solve.ts';
import { simulateFleet } from '../../lab/simulator/fleet.ts';
import { repository } from '../../scripts/host/repository.ts';
import { missing, prometheusWith } from './bounded-prometheus.ts';
import { neverRight, tellsAll } from './exercises.ts';

/**
 * Exercises of a fleet, judged on a real Prometheus that holds what the exporter's own pages gave in simulated time.
 * Stale markers cannot be loaded into it, nor what a rule stored.
 */
const seconds = 200;

/** Of each exercise: other ways to the same values, and wrong ones that are near. */
const ways: Record<string, { alsoRight: string[]; alsoWrong: string[] }> = {
  '11.1': {
    alsoRight: [
      'increase(http_request_duration_seconds_sum{instance="exporter:8000"}[30s]) / 30',
      'sum(rate(http_request_duration_seconds_sum{instance="exporter:8000"}[30s]))',
      '0.26 * rate(http_request_duration_seconds_count{instance="exporter:8000"}[30s])',
      '(http_request_duration_seconds_sum{instance="exporter:8000"} - http_request_duration_seconds_sum{instance="exporter:8000"} offset 30s) / 30',
      'scalar(rate(http_request_duration_seconds_sum{instance="exporter:8000"}[30s]))',
    ],
    alsoWrong: [
      'sum(rate(http_request_duration_seconds_sum[30s]))',
      'rate(http_request_duration_seconds_sum{instance="exporter:8001"}[30s])',
      'rate(http_request_duration_seconds_sum{instance="exporter:8000"}[2m])',
    ],
  },
  '12.1': {
    alsoRight: [
      'histogram_quantile(0.95, sum by (le) (increase(http_request_duration_seconds_bucket[30s])))',
      'histogram_quantile(0.95, sum without (instance) (rate(http_request_duration_seconds_bucket{job="my_app"}[30s])))',
      'histogram_quantile(0.95, sum by (le, job) (rate(http_request_duration_seconds_bucket[30s])))',
      'histogram_quantile(0.95, avg by (le) (rate(http_request_duration_seconds_bucket[30s])))',
    ],
    alsoWrong: [
      'histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket[30s])))',
      'histogram_quantile(0.95, max by (le) (rate(http_request_duration_seconds_bucket[30s])))',
    ],
  },
  '12.2': {
    alsoRight: [
      'sum(rate(errors_total[30s])) / sum(rate(requests_total[30s])) * 100',
      '100 * sum(increase(errors_zeroed_total[30s])) / sum(increase(requests_total[30s]))',
      '100 * sum(rate(http_requests_total{code="500"}[30s])) / sum(rate(http_requests_total[30s]))',
      '100 * avg(rate(errors_total[30s])) / avg(rate(requests_total[30s]))',
    ],
    alsoWrong: ['100 * max(rate(errors_total[30s])) / max(rate(requests_total[30s]))'],
  },
  '12.3': {
    alsoRight: [
      '100 - 100 * sum(rate(http_request_duration_seconds_bucket{le="0.5"}[30s])) / sum(rate(http_request_duration_seconds_bucket{le="+Inf"}[30s]))',
      '100 * sum(rate(http_request_duration_seconds_count[30s]) - ignoring (le) rate(http_request_duration_seconds_bucket{le="0.5"}[30s])) / sum(rate(http_request_duration_seconds_count[30s]))',
    ],
    alsoWrong: [
      '100 * avg(1 - rate(http_request_duration_seconds_bucket{le="0.5"}[30s]) / ignoring (le) rate(http_request_duration_seconds_count[30s]))',
    ],
  },
  '14.1': {
    alsoRight: [
      'max_over_time(cpu_usage_simulated{job="my_app"}[10s]) > 80',
      '(max_over_time(cpu_usage_simulated[10s]) > bool 80) == 1',
      'cpu_usage_simulated > 80 or max_over_time(cpu_usage_simulated[10s]) > 80',
      'cpu_usage_simulated > 80 or cpu_usage_simulated offset 10s > 80',
      'count_over_time((cpu_usage_simulated > 80)[10s:1s]) > 0',
    ],
    alsoWrong: [
      'max_over_time(cpu_usage_simulated[20s]) > 80',
      'max_over_time(cpu_usage_simulated[5s]) > 80',
      'avg_over_time(cpu_usage_simulated[10s]) > 80',
      'avg_over_time(cpu_usage_simulated[40s]) > 30',
      'max_over_time(cpu_usage_simulated[10s]) < 80',
      'vector(1)',
    ],
  },
  '16.1': {
    alsoRight: [
      'absent_over_time(temperature_stamped_celsius{job="my_app",instance="exporter:8000"}[15s])',
      'timestamp(temperature_stamped_celsius{job="my_app"}) < time() - 15',
      'temperature_stamped_celsius{job="my_app"} unless last_over_time(temperature_stamped_celsius{job="my_app"}[15s])',
      'time() - timestamp(temperature_stamped_celsius{instance="exporter:8000"}) >= 15 or absent(temperature_stamped_celsius{instance="exporter:8000"})',
    ],
    alsoWrong: [
      'time() - timestamp(temperature_stamped_celsius{job="my_app"}) > 10',
      'time() - timestamp(temperature_stamped_celsius{job="my_app"}) > 60',
      'time() - timestamp(temperature_stamped_celsius{job="my_app"}) > bool 15',
      'absent_over_time(temperature_stamped_celsius{job="my_app",instance="exporter:8000"}[1m])',
      'up{instance="exporter:8000"} == 0',
      'vector(1)',
    ],
  },
};

/** It needs a stale marker; on the lab it is told. */
const needsMarker = 'absent(temperature_celsius{job="my_app",instance="exporter:8000"})';

const environmentOf = (folder: string): Record<string, string> => {
  const { services } = parse(readFileSync(join(repository, 'experiments', folder, 'compose.yaml'), 'utf8'));
  const pairs = Object.entries(services.exporter.environment as Record<string, string>);
  return Object.fromEntries(pairs.map(([name, value]) => [name, String(value).replace(/^\$\{\w+:-(.*)\}$/, '$1')]));
};

/** What was stored right after so many seconds of an experiment. */
const played = async (t: TestContext, folder: string, scrapeSeconds: number): Promise<{ lab: Lab; read: Reader }> => {
  const simulated = await simulateFleet({
    environment: environmentOf(folder),
    scrapeSeconds,
    phase: (target) => (0.31 + 0.37 * (target + 1)) % 1,
    seconds,
  });
  const now = start + seconds;
  const stored: Series[] = simulated
    .storedAt(now)
    .map(({ labels, samples }) => ({ labels, samples }))
    .sort((one, other) => (one.labels.__name__! < other.labels.__name__! ? -1 : 1));
  const { read } = await prometheusWith(t, stored);
  const { truth, notifications } = simulated.readAt(now);
  return { lab: simulated.labAt(now), read: { ...read, truth, notifications } };
};

const tested = experiments.filter(({ number }) => Object.keys(ways).some((name) => name.startsWith(`${number}.`)));
const told = (exercise: Exercise): Exercise => ({
  ...exercise,
  mistakes: exercise.mistakes.filter(({ query }) => query !== needsMarker),
});

/** At slower scrapes the window holds too little. */
const slowest: Record<string, number> = { 11: 15, 12: 15, 14: 5, 16: 5 };

for (const scrapeSeconds of [1, 5, 15, 30]) {
  for (const { number, folder, exercises = [] } of tested) {
    test(`experiment ${number}, scraped every ${scrapeSeconds} s`, { skip: missing }, async (t) => {
      const { lab, read } = await played(t, folder, scrapeSeconds);
      for (const [index, exercise] of exercises.entries()) {
        await t.test(`${number}.${index + 1}`, async () => {
          if (scrapeSeconds <= slowest[number]!) return tellsAll(told(exercise), read, lab);
          const solution = await solve(exercise, exercise.answer, read, lab);
          assert.equal(solution.kind, 'elsewhere', JSON.stringify(solution));
          assert.match(JSON.stringify(solution), new RegExp(`make exp-${number} SCRAPE_INTERVAL=5s`));
        });
      }
    });
  }
}

for (const { number, folder, exercises = [] } of tested) {
  test(`experiment ${number}: other ways are as right, and what is near is not`, { skip: missing }, async (t) => {
    const { lab, read } = await played(t, folder, 5);
    for (const [index, exercise] of exercises.entries()) {
      const name = `${number}.${index + 1}`;
      await t.test(name, async () => {
        const { alsoRight, alsoWrong } = ways[name]!;
        for (const query of alsoRight) {
          const solution = await solve(exercise, query, read, lab);
          assert.equal(solution.kind, 'right', `${query}: ${JSON.stringify(solution)}`);
        }
        for (const query of [...alsoWrong, ...neverRight]) {
          const solution = await solve(exercise, query, read, lab);
          assert.equal(solution.kind, 'wrong', `${query}: ${JSON.stringify(solution)}`);
        }
      });
    }
  });
}
