import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import { labOf } from '../../test/lessons/verdicts.ts';
import type { Question } from '../model/comparison.ts';
import type { Reader } from '../model/reader.ts';
import type { Sample, Series } from '../promql/sample.ts';
import { askBoth, isAsked, questionsOf, reasonFor } from './compare.ts';

const question: Question = {
  expr: 'rate(x[10s])',
  selector: 'x',
  windowSeconds: 10,
  reads: 'rate',
  truth: async () => 2,
  from: 0,
};
const series = (samples: readonly Sample[], labels = {}): Series => ({ labels, samples: [...samples] });
const scraped: Sample[] = [
  [100, 10],
  [105, 20],
  [110, 26],
];
const said = (answer: number | undefined, stored = [series(scraped)]) => ({ stored, answer });

test('two backends that agree to nine digits say the same', () => {
  assert.equal(reasonFor(question, 112, said(1.2), said(1.2 + 1e-13)), 'the same');
});

test('NaN is the same as NaN, and a backend that stores none is told so', () => {
  const readings: Sample[] = [...scraped.slice(0, 2), [110, Number.NaN]];
  const newest: Question = { ...question, expr: 'x', reads: 'newest', windowSeconds: 300 };
  const ours = said(Number.NaN, [series(readings)]);
  assert.equal(reasonFor(newest, 112, ours, ours), 'the same');
  assert.equal(
    reasonFor(newest, 112, ours, said(20, [series(readings.slice(0, 2))])),
    'its raw samples differ: 1 of 3 are missing, those that are NaN',
  );
  assert.equal(reasonFor(newest, 112, ours, said(26)), 'its raw samples differ: 1 have another value');
});

test('what a backend returns as NaN where Prometheus has no sample is the marker of an end', () => {
  const ended = series([...scraped, [111, Number.NaN]]);
  assert.equal(
    reasonFor(question, 112, said(1.2), said(1.6, [ended])),
    'the last sample minus the last before the window, divided by the time between them',
  );
});

test('a reason is one that yields the answer of the backend from the same samples', () => {
  // In (102, 112]: 6 in 5 s, carried over the whole window: 1.2; from the sample before it: 16 in 10 s.
  assert.equal(
    reasonFor(question, 112, said(1.2), said(1.6)),
    'the last sample minus the last before the window, divided by the time between them',
  );
  assert.equal(reasonFor(question, 112, said(1.2), said(1.5)), 'not explained: no reading of its raw samples gives it');
  assert.equal(
    reasonFor(question, 112, said(1.3), said(1.6)),
    'not explained: its raw samples do not give what Prometheus says',
  );
});

test('other samples are the first reason', () => {
  const reason = (samples: Sample[]) => reasonFor(question, 112, said(1.2), said(1.6, [series(samples)]));
  assert.equal(reason(scraped.slice(0, 2)), 'its raw samples differ: 1 of 2 are missing');
  assert.equal(reason([...scraped, [111, 27]]), 'its raw samples differ: 1 more are there');
  assert.equal(reason([...scraped.slice(0, 2), [110, 27]]), 'its raw samples differ: 1 have another value');
  const elsewhere = [series(scraped, { cluster: 'a' })];
  assert.match(reasonFor(question, 112, said(1.2), said(1.6, elsewhere)), /2 of 2 are missing, 2 more are there/);
});

test('what a row is made of is combined from each series', () => {
  const two = [series(scraped, { instance: 'a' }), series(scraped, { instance: 'b' })];
  const sum: Question = { ...question, combined: (parts) => parts.reduce((all, { value }) => all + value, 0) };
  assert.match(reasonFor(sum, 112, said(2.4, two), said(3.2, two)), /^the last sample minus/);
  assert.match(reasonFor(question, 112, said(2.4, two), said(3.2, two)), /^not explained/);
});

test('both are asked for the same instant, their own where the question has one', async () => {
  const asked: string[] = [];
  const reader = (name: string, answer: number): Reader =>
    ({
      query: async (expr: string, at: number) => {
        asked.push(`${name} ${expr} ${at}`);
        return [series([[at, answer]])];
      },
      samples: async (selector: string, window: number, at: number) => {
        asked.push(`${name} ${selector}[${window}] ${at}`);
        return [series(scraped)];
      },
    }) as unknown as Reader;
  const readers = { prometheus: reader('P', 1.2), backend: reader('E', 1.6) };
  const row = await askBoth({ number: 7, shows: 'rate(x[10s])', question }, 112, readers);
  assert.deepEqual([row.truth, row.prometheus, row.backend], [2, 1.2, 1.6]);
  assert.deepEqual(asked.sort(), ['E rate(x[10s]) 112', 'E x[310] 112', 'P rate(x[10s]) 112', 'P x[310] 112']);
  asked.length = 0;
  await askBoth({ number: 7, shows: 'x', question: { ...question, at: 200 } }, 112, readers);
  assert.ok(asked.every((each) => each.endsWith(' 200')));
});

test('the base lab is asked what needs no fleet, and says why the rest is not', async () => {
  const rows = await questionsOf(experiments, labOf(), {} as Reader);
  const asked = rows.filter(isAsked);
  assert.deepEqual([...new Set(asked.map(({ number }) => number))], [2, 5, 7, 9]);
  assert.deepEqual(
    rows.flatMap((row) => (isAsked(row) ? [] : [`${row.number}: ${row.reason}`])),
    [
      '9: no instance of a fleet leaves',
      '10: no instance has errors that come all at once',
      '10: no instance has errors that come all at once',
      '11: no instance reports how long its requests take',
      '13: no instance has a label that is always new',
      '16: no instance has gauges that stop',
      '16: no instance has gauges that stop',
      '21: no instance with pods is in the job my_app',
      '21: no instance with pods is in the job my_app_labeldrop',
      '22: no instance has requests that come in bursts',
      '22: no instance has requests that come in bursts',
      '23: no instance has a disk that fills up',
      '24: no instance has a slow page',
      '24: no instance has a slow page',
      '26: no instance has a service that is down',
      '26: no instance has a service that is down',
    ],
  );
  const rate = asked.find(({ shows }) => shows === 'rate(requests_total[5s])')!.question;
  assert.equal(rate.expr, 'rate(requests_total{job="my_app",instance="exporter:8000"}[5s])');
});
