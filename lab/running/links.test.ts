import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments, stepNamed, steps } from '../../experiments/catalogue.ts';
import { start } from '../../grafana/src/start.ts';
import { complaints } from '../../test/support/promtool.ts';
import { guideLink, isRangeVector, noValueNote, queryLink } from './links.ts';

const step = stepNamed('exp-5')!;
const linked = (expr: string, pages = true): URL =>
  new URL(queryLink('http://localhost:9090', { expr, read: '' }, step, pages));

test('a link opens Prometheus with the query filled in, whatever characters the query holds', () => {
  const expr = '100 * rate(cpu_usage{core="core1"}[2m]) > bool 80';
  const link = linked(expr);
  assert.equal(link.pathname, '/query');
  assert.equal(link.searchParams.get('g0.expr'), expr);
  assert.doesNotMatch(link.href, /[()'*\s]/, 'a terminal must not cut it short');
});

test('a Prometheus without pages is asked through its API', () => {
  assert.equal(linked('up == 1', false).href, 'http://localhost:9090/api/v1/query?query=up%20%3D%3D%201');
});

test('a graph looks back as far as the dashboard of its experiment, a range vector opens as a table', () => {
  const view = (expr: string) =>
    ['g0.tab', 'g0.range_input'].map((name) => linked(expr).searchParams.get(name) ?? undefined);
  assert.deepEqual(view('up'), ['graph', '5m']);
  assert.deepEqual(view('cpu_usage_simulated[2m]'), ['table', undefined]);
  const hour = queryLink('', { expr: 'up', read: '' }, stepNamed('exp-7')!, true);
  assert.match(hour, /&g0\.tab=graph&g0\.range_input=1h$/);
  assert.match(queryLink('', { expr: 'up', read: '' }, stepNamed('up')!, true), /&g0\.range_input=5m$/);
  assert.match(queryLink('', { expr: 'up', read: '' }, stepNamed('slow-scrape')!, true), /&g0\.range_input=15m$/);
});

/** What is easily taken for the other type. */
const tricky = [
  'up[5m]',
  '(up[5m])',
  '( ( up[5m] ) )',
  'up[5m] offset 1m',
  'up[5m] offset -1h30m @ 1700000000',
  'up[5m] @ end()',
  '(up)[5m:]',
  '(sum(up) + 1)[5m:30s] offset 1m',
  'max_over_time((up[5m]))',
  'rate(up[5m]) + (rate(up[5m]))',
  '(rate(up[5m])) + (up)',
  'up offset 5m',
  'up{job="a]"}',
  'up{job="("} offset 5m',
  'up{job=")[5m]"}[5m]',
  "label_replace(up, 'a', '[5m]', 'b', ']')",
  '"]"',
  '42',
];

test('the type of every query is what promtool takes it for', async () => {
  const panels = [start, ...experiments].flatMap(({ panels }) => panels);
  const asked = [...steps.flatMap(({ queries }) => queries), ...panels.flatMap(({ targets }) => targets)];
  const all = [...new Set([...tricky, ...asked.map(({ expr }) => expr)])];
  assert.deepEqual(await complaints(all), [], 'each is valid');
  // Only a range vector may be counted over time; of the others promtool complains by name.
  const refused = await complaints(all.map((expr) => `count_over_time(${expr})`));
  const isRefused = (expr: string) => refused.some((complaint) => complaint.startsWith(`count_over_time(${expr}): `));
  for (const expr of all) assert.equal(isRangeVector(expr), !isRefused(expr), expr);
});

test('a query of another source opens in the guide, which asks that one', () => {
  assert.equal(
    guideLink('http://localhost:8080', { expr: 'count(up{job="a"})', read: '', of: 'query, dedup=false' }),
    'http://localhost:8080/#query=count%28up%7Bjob%3D%22a%22%7D%29&as=graph&of=query%2C%20dedup%3Dfalse',
  );
  assert.equal(
    guideLink('http://localhost:8080', { expr: 'up[1m]', read: '' }),
    'http://localhost:8080/#query=up%5B1m%5D&as=table',
  );
});

test('a query that has no value says why beside its link', () => {
  const never = { expr: 'fake_metric', read: '', noValue: 'always' } as const;
  for (const isActive of [true, false]) assert.equal(noValueNote(never, isActive), 'no value, on purpose');
  const short = { expr: 'rate(requests_total[10s])', read: '', noValue: 'on purpose' } as const;
  assert.equal(noValueNote(short, true), 'no value now, on purpose');
  assert.equal(noValueNote(short, false), 'no value once the change is made, on purpose');
  const alert = { expr: 'ALERTS', read: '', noValue: 'at rest' } as const;
  assert.equal(noValueNote(alert, false), 'perhaps no value before the change is made');
  assert.equal(noValueNote(alert, true), undefined);
  assert.equal(noValueNote({ expr: 'up', read: '' }, false), undefined);
});

test('what is said to be empty is marked so, and the other way round', () => {
  for (const { queries } of steps)
    for (const { expr, read, noValue } of queries)
      assert.equal(read.startsWith('empty'), noValue === 'on purpose' || noValue === 'always', expr);
});
