import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calls, outlineOf, selectorsOf, windowsOf } from './selector.ts';

const read = (query: string) =>
  selectorsOf(query).map(({ matchers, window, whole }) => [
    matchers.map(({ label, operator, value }) => label + operator + value).join(' '),
    window,
    query.slice(whole.from, whole.to),
  ]);

test('a selector is its matchers, its window, and what shifts it in time', () => {
  assert.deepEqual(read('rate(a{x=~"b|c\\"d", y!=\'e\'}[1m] offset 5m @ 3)'), [
    ['__name__=a x=~b|c"d y!=e', '1m', 'a{x=~"b|c\\"d", y!=\'e\'}[1m] offset 5m @ 3'],
  ]);
  assert.deepEqual(read('{"a.b", "x.y"=`\\d`} unless c offset 5m'), [
    ['__name__=a.b x.y=\\d', undefined, '{"a.b", "x.y"=`\\d`}'],
    ['__name__=c', undefined, 'c offset 5m'],
  ]);
});
test('a window is one of a selector or of a subquery, its step left out', () => {
  const query = 'max_over_time(rate(a[1m])[5m:5s] offset 1h)';
  assert.deepEqual(
    windowsOf(query).map(({ from, to }) => query.slice(from, to)),
    ['1m', '5m'],
  );
});
test('an outline is what a query does, without labels, numbers and spaces', () => {
  assert.deepEqual(outlineOf('max(cpu_usage - on (job) avg(cpu_usage{core="core1"})) > bool 3'), [
    'max',
    'cpu_usage',
    '-',
    'avg',
    'cpu_usage',
    '>',
  ]);
});
test('a name in a string or a label is no call', () => {
  assert.equal(calls('time() - timestamp(a)', 'timestamp'), true);
  assert.equal(calls('a{timestamp="timestamp(b)"}', 'timestamp'), false);
});
