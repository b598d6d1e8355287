import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import { solve } from '../../lab/running/solve.ts';
import { storedHour } from '../../lab/simulator/stored-hour.ts';
import { missing, prometheusWith } from './bounded-prometheus.ts';
import { neverRight, tellsAll } from './exercises.ts';

/** What cannot be told at a scrape interval, and so sends the learner elsewhere. */
const untellable: Record<number, string[]> = {
  15: ['6.1', '7.1'],
  30: ['2.1', '6.1', '7.1'],
  60: ['2.1', '3.2', '5.1', '5.2', '6.1', '7.1', '7.2', '8.2'],
};

for (const scrapeSeconds of [1, 5, 15, 30, 60]) {
  test(`scraped every ${scrapeSeconds} s, every answer is right and every mistake is told`, {
    skip: missing,
  }, async (t) => {
    const { lab, series } = storedHour(1_700_100_000, scrapeSeconds);
    const { read } = await prometheusWith(t, series);
    for (const { number, exercises = [] } of experiments) {
      for (const [index, exercise] of exercises.entries()) {
        const name = `${number}.${index + 1}`;
        await t.test(name, async () => {
          if (isTold(name) && !untellable[scrapeSeconds]?.includes(name)) return tellsAll(exercise, read, lab);
          const { kind } = await solve(exercise, exercise.answer, read, lab);
          assert.equal(kind, 'elsewhere');
        });
      }
    }
  });
}

/** Other ways to the same values, of every exercise that an hour of the base lab can tell. */
const alsoRight: Record<string, string[]> = {
  '1.1': ['up{job="my_app"} < 1', '1 - up{job="my_app"} > 0', 'up{job="my_app"} != 1 or vector(1) > 2'],
  '1.2': [
    'sum_over_time(up{job="my_app"}[2m]) / count_over_time(up{job="my_app"}[2m]) * 100',
    'avg_over_time(up{instance="exporter:8000"}[120s]) * 100',
    '100 * avg_over_time(up{job="my_app"}[2m:5s])',
  ],
  '2.1': [
    'increase(requests_total[1m]) / 60',
    'sum(rate(requests_total{job="my_app"}[60s]))',
    '(requests_total - requests_total offset 1m) / 60',
    'scalar(rate(requests_total[1m]))',
  ],
  '2.2': ['rate(requests_total[10m]) * 600', 'sum by (job) (increase(requests_total[600s]))'],
  '3.1': ['count(cpu_usage > 50) or vector(0)', 'sum by (job) (cpu_usage > bool 50)'],
  '3.2': [
    'sum_over_time(cpu_usage[1m]) / count_over_time(cpu_usage[1m])',
    'avg by (core) (avg_over_time(cpu_usage[1m]))',
    'avg_over_time(cpu_usage[1m:5s])',
  ],
  '4.1': ['sum(cpu_usage) / count(cpu_usage)', 'avg without (core) (cpu_usage)', 'scalar(avg(cpu_usage))'],
  '4.2': [
    'max(cpu_usage - scalar(avg(cpu_usage)))',
    'max(cpu_usage - on (job) group_left () avg by (job) (cpu_usage))',
  ],
  '5.1': ['rate(cpu_busy_seconds_total[2m]) * 100', 'increase(cpu_busy_seconds_total[2m]) / 1.2'],
  '5.2': ['rate(cpu_spikes_total[2m]) * 120', 'max(increase(cpu_spikes_total[2m]))'],
  '6.1': [
    'cpu_usage_simulated > 80 and min_over_time(cpu_usage_simulated[10s]) > 80',
    '(min_over_time(cpu_usage_simulated[10s]) > bool 80) == 1',
  ],
  '6.2': ['time() - max(ALERTS_FOR_STATE{alertname="HighCPU"})', '-(ALERTS_FOR_STATE{alertname="HighCPU"} - time())'],
  '7.1': ['rate(requests_total[30s])', 'rate(requests_total[45s])', 'sum(increase(requests_total[2m])) / 120'],
  '7.2': ['(increase(requests_total[1m]) - increase(requests_total[1m] offset 10m)) / 60'],
  '8.1': ['time() - max(timestamp(cpu_usage_simulated))', 'scalar(time() - timestamp(cpu_usage_simulated))'],
  '8.2': [
    'sum_over_time(scrape_duration_seconds{job="my_app"}[1m]) / count_over_time(scrape_duration_seconds{job="my_app"}[1m])',
  ],
};

/** What needs the state of its experiment is tried on the running lab. */
const isTold = (name: string): boolean => name in alsoRight;

test('other ways are as right, and constants, clocks and texts never are', { skip: missing }, async (t) => {
  const { lab, series } = storedHour(1_700_100_000, 5);
  const { read } = await prometheusWith(t, series);
  for (const { number, exercises = [] } of experiments) {
    for (const [index, exercise] of exercises.entries()) {
      const name = `${number}.${index + 1}`;
      if (!isTold(name)) continue;
      await t.test(name, async () => {
        for (const query of alsoRight[name]!) {
          const solution = await solve(exercise, query, read, lab);
          assert.equal(solution.kind, 'right', `${query}: ${JSON.stringify(solution)}`);
        }
        for (const query of neverRight) {
          const solution = await solve(exercise, query, read, lab);
          assert.equal(solution.kind, 'wrong', `${query}: ${JSON.stringify(solution)}`);
        }
        const refused = await solve(exercise, `${exercise.answer} +`, read, lab);
        assert.equal(refused.kind, 'refused', JSON.stringify(refused));
      });
    }
  }
});
