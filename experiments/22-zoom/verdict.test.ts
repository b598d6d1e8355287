import assert from 'node:assert/strict';
import { test } from 'node:test';
import { every, failsOnly, holds, labOf, said, sendsTo } from '../../test/lessons/verdicts.ts';
import { type Measured, verdict } from './findings.ts';
import { type Drawn, topAt, topOver } from './graph.ts';
import { check } from './verdict.ts';

const at = 1_800_000_000;
const graph = { from: at, to: at + 10, stepSeconds: 10 };
const drawn = (expr: string, ...points: number[]): Drawn => ({ ...graph, expr, answers: points, own: points });
const workers = (...names: string[]) => ({ ...graph, expr: 'topk', drawn: names, own: names });
const full: Measured = {
  happened: { from: at - 10, to: at + 10, total: 218, perSecond: 10.9 },
  stored: [{ sample: [at + 0.9, 109], least: 109, most: 110 }],
  low: drawn('irate', 1, 1),
  high: drawn('irate', 20.8, 20.8),
  wide: drawn('rate', 10.9, 10.9),
  top: workers('01', '02', '03', '04'),
  chosen: workers('01', '02', '03'),
};
const judged = (change: Partial<Measured> = {}) => verdict({ ...full, ...change });

test('zoomed out irate sees no burst or nothing else, and topk draws too many lines', () => {
  holds(judged());
  const [happened, , low, high, wide, top, chosen] = said(judged());
  assert.match(happened!, /218 requests .* 10\.9 a second$/);
  assert.match(low!, /sees none: 1, 1 a second$/);
  assert.match(high!, /sees nothing else: 20\.8, 20\.8 a second$/);
  assert.match(wide!, /10\.9 on average: 10\.9, 10\.9 a second$/);
  assert.match(top!, /draws 4 series/);
  assert.match(chosen!, /draws 3 series: 01, 02 and 03$/);
});
test('a sample that the counter never was fails', () => {
  failsOnly(judged({ stored: [{ sample: [at, 111], least: 109, most: 110 }] }), /^what was stored/);
  failsOnly(judged({ stored: [] }), /^what was stored/);
});
test('a graph that sees the bursts where it should not, or none of them, fails', () => {
  failsOnly(judged({ low: drawn('irate', 8.2, 8.2) }), /sees none/);
  failsOnly(judged({ high: drawn('irate', 13.6, 13.6) }), /sees nothing else/);
  failsOnly(judged({ wide: drawn('rate', 0.9, 0.9) }), /leaves nothing out/);
});
test('a point that is not what the stored samples say fails, and so does one that is missing', () => {
  failsOnly(judged({ low: { ...full.low, answers: [1, 1.001] } }), /sees none/);
  failsOnly(judged({ high: { ...full.high, answers: [20.8, 20.9] } }), /sees nothing else/);
  failsOnly(judged({ wide: { ...full.wide, answers: [10.9, 10.91] } }), /leaves nothing out/);
  failsOnly(judged({ wide: { ...full.wide, own: [10.9, undefined] } }), /leaves nothing out/);
});
test('other lines than those of the stored samples fail, and so does a topk that draws three', () => {
  failsOnly(judged({ top: workers('01', '02', '03') }), /^topk/);
  failsOnly(judged({ top: { ...full.top, own: ['01', '02', '03', '05'] } }), /^topk/);
  failsOnly(judged({ chosen: { ...full.chosen, drawn: ['01', '02', '04'] } }), /^chosen once/);
});

test('the largest are those of the newest samples, or of the averages', () => {
  const series = [
    [1, 9],
    [8, 1],
    [5, 5],
    [6, 6],
  ].map((values, index) => ({ labels: { worker: `${index}` }, samples: every(5, at, values) }));
  assert.deepEqual(topAt(series, at + 4), ['1', '3', '2']);
  assert.deepEqual(topAt(series, at + 5), ['0', '3', '2']);
  assert.deepEqual(topOver(series, at + 5, 10), ['3', '0', '2']);
});
test('without bursts it is sent to its step', async () => sendsTo(await check({} as never, labOf())));
