import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flat, partsOf } from '../src/ask/parts.ts';
import type { AnsweredSeries } from '../src/ask/series.ts';
import { type AskedPart, treeOf } from '../src/ask/tree.ts';

const texts = (query: string) => {
  const root = partsOf(query);
  return root === undefined ? [] : flat(root).map(({ text }) => text);
};

const parts: [query: string, parts: string[]][] = [
  ['up', ['up']],
  ['42', []],
  ['(1 + 2) * 3', ['(1 + 2) * 3', '(1 + 2)']],
  ['sum(rate(a[1m]))', ['sum(rate(a[1m]))', 'rate(a[1m])', 'a[1m]']],
  ['a / on (job) (b > 3)', ['a / on (job) (b > 3)', 'a', '(b > 3)', 'b']],
  [
    'max_over_time(rate(a[1m])[5m:] offset 1m)',
    ['max_over_time(rate(a[1m])[5m:] offset 1m)', 'rate(a[1m])[5m:] offset 1m', 'rate(a[1m])', 'a[1m]'],
  ],
  ['topk(3, a)', ['topk(3, a)', 'a']],
];
for (const [query, expected] of parts) {
  test(`the parts of ${query}`, () => assert.deepEqual(texts(query), expected));
}

const one = (labels: Record<string, string>, count = 1): AnsweredSeries => ({
  labels,
  samples: Array.from({ length: count }, (_, index) => [index, '1']),
});

/** Each part's answer, by its text; what is not said is empty. */
const why = async (query: string, answers: Record<string, AnsweredSeries[]>): Promise<(string | undefined)[]> => {
  const tree = await treeOf(query, async (expr) => answers[expr] ?? []);
  const reasons = (part: AskedPart): (string | undefined)[] => [part.why, ...part.parts.flatMap(reasons)];
  return tree === undefined ? [] : reasons(tree);
};

test('a name that nothing has is distinguished from labels that no series has, and from a series that has ended', async () => {
  assert.deepEqual(await why('nothing', {}), ['no series is called nothing']);
  const named = { 'group(last_over_time(up[1h]))': [one({})] };
  assert.deepEqual(await why('up{job="x"}', named), [
    'there are series of the name up, and none of them has these labels',
  ]);
  const ended = { 'last_over_time((up)[1h:15s])': [one({})] };
  assert.deepEqual(await why('up', ended), ['there is no sample in this time, and there was one within the last hour']);
});

test('a window with one sample is why a rate is empty', async () => {
  assert.deepEqual(await why('rate(a[5s])', { 'a[5s]': [one({}, 1)] }), [
    'no series has more than 1 sample in this window, and it takes two',
    undefined,
  ]);
});

test('labels that keep two sides apart are named, with their values', async () => {
  const sides = { a: [one({ job: 'x', code: '200' })], b: [one({ job: 'x', version: '1' })] };
  const [reason] = await why('a / b', sides);
  assert.match(reason!, /^the two sides differ in code \(200 and without it\), version \(without it and 1\): on\(\)/);
});

test('a comparison that no value fulfils is distinguished from one whose sides do not match', async () => {
  assert.equal((await why('a > 5', { a: [one({})] }))[0], 'no value fulfils >');
  assert.equal((await why('a > b', { a: [one({ x: '1' })], b: [one({ x: '1' })] }))[0], 'no value fulfils >');
  assert.match((await why('a > b', { a: [one({ x: '1' })], b: [one({ x: '2' })] }))[0]!, /differ in x \(1 and 2\)/);
});

test('an empty part in a query is the reason, and not what it is in', async () => {
  assert.deepEqual(await why('sum(a) / b', { b: [one({})] }), [
    undefined,
    undefined,
    'no series is called a',
    undefined,
  ]);
});
