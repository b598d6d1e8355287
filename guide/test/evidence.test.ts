import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queriesIn } from '../src/ask/evidence.ts';

const found: [evidence: string, queries: string[]][] = [
  ['count(cpu_usage)', ['count(cpu_usage)']],
  [
    'resets(requests_total[1h]) beside process_start_time_seconds[1h]',
    ['resets(requests_total[1h])', 'process_start_time_seconds[1h]'],
  ],
  [
    'increase(requests_total{job="my_app",instance="exporter:8000"}[1m]) at 14:05:10',
    ['increase(requests_total{job="my_app",instance="exporter:8000"}[1m])'],
  ],
  ['sum(up) and on (job) max by (job) (up)', ['sum(up) and on (job) max by (job) (up)']],
  ['ALERTS{alertname="One"} beside ALERTS{alertname="Two"}', ['ALERTS{alertname="One"}', 'ALERTS{alertname="Two"}']],
  ['up and the inbox of the guide', ['up']],
  ['requests_total[1m] at 14:05:10, last − first, all 5 buckets beside /truth', ['requests_total[1m]']],
  ['/truth?from=1&to=2, errors', []],
  ['/api/v1/targets, lastError', []],
  ['the exporter, /metrics', []],
  ['the same arithmetic on other names', []],
];
for (const [evidence, queries] of found) {
  test(`the queries in: ${evidence}`, () =>
    assert.deepEqual(
      queriesIn(evidence).map(({ text }) => text),
      queries,
    ));
}

test('a query is asked again at the time that the evidence names, a range vector as a table', () => {
  assert.deepEqual(queriesIn('rate(a_total[1m]) at 14:05:10, beside a_total[1m] and a_total'), [
    { text: 'rate(a_total[1m])', as: 'table', at: '14:05:10' },
    { text: 'a_total[1m]', as: 'table' },
    { text: 'a_total', as: 'graph' },
  ]);
});
