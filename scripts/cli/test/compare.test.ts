import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Asked } from '../../../lab/running/compare.ts';
import { instantFor, inTime } from '../compare.ts';
import { comparedTable, comparedText } from '../compared.ts';

const asked = (number: number, from: number, until?: number): Asked => ({
  number,
  shows: 'x',
  question: {
    expr: 'x',
    selector: 'x',
    windowSeconds: 60,
    reads: 'newest',
    truth: async () => 1,
    from,
    ...(until !== undefined && { until }),
  },
});

test('the instant is 20 s back, or the first at which every question has its window', () => {
  assert.equal(instantFor([asked(2, 900)], 1_000.7), 980);
  assert.equal(instantFor([asked(2, 900), asked(9, 1_010.2)], 1_000), 1_011);
});

test('a question whose window is past what it is about is not asked', () => {
  const { asked: rest, late } = inTime([asked(2, 0), asked(9, 0, 990), asked(10, 0, 1_000)], 1_000);
  assert.deepEqual(
    rest.map(({ number }) => number),
    [2, 10],
  );
  assert.deepEqual(late, [
    { number: 9, shows: 'x', reason: 'what it is about was over at 00:16:30: make exp-9 repeats it' },
  ]);
});

const row = { number: 7, shows: 'rate(x[5s])', truth: 11.4, prometheus: undefined, backend: 13.2, why: 'because' };

test('a table is Markdown that can be read in a terminal', () => {
  assert.equal(
    comparedTable([row]),
    [
      '| lesson | query         | truth | Prometheus | backend | why they differ |',
      '| ------ | ------------- | ----- | ---------- | ------- | --------------- |',
      '| 7      | `rate(x[5s])` | 11.4  | nothing    | 13.2    | because         |',
    ].join('\n'),
  );
});

test('it says which backend was asked, for when, and what was not asked', () => {
  const text = comparedText({
    rows: [row],
    notAsked: [{ number: 9, shows: 'sum', reason: 'no fleet' }],
    at: 1_800_000_000,
    prometheus: 'Prometheus 3.13.5',
    backend: 'http://localhost:8428',
    scrapeSeconds: 5,
  });
  assert.match(text, /^Prometheus 3\.13\.5 and http:\/\/localhost:8428, asked for 08:00:00 UTC, scrape every 5 s\n/);
  assert.match(text, /\nNot asked: lesson 9, sum: no fleet\.$/);
});
