import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { World } from '../model/exercise.ts';
import { compare } from './answer.ts';
import { askedIn, counter, expectedIn, steps } from './world.ts';

const world: World = {
  where: 'on a machine with two cores',
  series: ['core1', 'core2'].map((core, index) => ({
    labels: { __name__: 'cpu_usage', core },
    value: `${10 * index} + t`,
    ...(index === 1 && { during: [0, 60] as const }),
  })),
  at: [100],
};
const first =
  'label_replace(label_replace(vector(0 + (time() - 1000000000)), "__name__", "cpu_usage", "", ""), "core", "core1", "", "")';

test('a selector becomes the series that it selects, a sample each second', () => {
  assert.equal(askedIn(world, 'cpu_usage{core="core1"} > 5'), `last_over_time((${first})[1s:1s]) > 5`);
  assert.equal(askedIn(world, 'rate(cpu_usage{core!~"core[2-9]"}[1m] offset 5m)'), `rate((${first})[1m:1s] offset 5m)`);
  assert.equal(askedIn(world, 'cpu_usage{core="core1"} offset 5m'), `last_over_time((${first})[1s:1s] offset 5m)`);
  assert.equal(askedIn(world, 'absent(cpu_usage{core="core9"})'), 'absent(last_over_time((vector(1) < 0)[1s:1s]))');
});
test('a series may be there for a time', () => {
  assert.match(askedIn(world, 'cpu_usage')!, / and vector\(\(time\(\) - 1000000000\)\) >= 0 < 60, "__name__"/);
});
test('of what it does not have a world says nothing', () => {
  assert.equal(askedIn(world, 'cpu_usage + up'), undefined);
  assert.equal(askedIn(world, 'time() - timestamp(cpu_usage)'), undefined);
  assert.equal(askedIn(world, '50'), undefined);
  assert.equal(askedIn(world, 'cpu_usage{core=~"(?i)CORE1"}'), undefined);
});
test('the answer says what is right, and how far another way may be from it', () => {
  const answer = { type: 'vector' as const, series: [{ labels: { core: 'core1' }, samples: [[0, 50] as const] }] };
  const near = { ...world, tolerance: 0.1 };
  const at = 1_000_000_100.5;
  const { where } = world;
  assert.deepEqual(expectedIn(near, 100, answer), { at, where, number: [45, 55] });
  assert.deepEqual(expectedIn({ ...near, asks: { each: 'core' } }, 100, answer), {
    at,
    where,
    label: 'core',
    each: { core1: [45, 55] },
  });
  assert.deepEqual(expectedIn({ ...near, asks: 'alert' }, 100, answer), { at, where, fires: true });
  assert.equal(expectedIn(near, 100, { type: 'vector', series: [] }), undefined);
});
test('where 0 is right, 0 is shown as right, however little room there is beside it', () => {
  const answered = (value: number) => ({
    type: 'vector' as const,
    series: [{ labels: {}, samples: [[0, value] as const] }],
  });
  const expected = expectedIn(world, 100, answered(0))!;
  const shown = (value: number) => {
    const { expected: right, given, isRight } = compare(expected, answered(value));
    return [right, given, isRight];
  };
  assert.deepEqual(shown(0), ['0', '0', true]);
  assert.deepEqual(shown(1e-12), ['0', '0', true]);
  assert.deepEqual(shown(3e-9), ['0', '3e-9', false]);
});
test('steps and counters are formulas', () => {
  assert.equal(steps([0, 20], [300, 95], [360, 5]), '20 + 75 * (t >= bool 300) + -90 * (t >= bool 360)');
  assert.equal(
    counter(
      [
        [0, 2],
        [60, 5],
      ],
      100,
    ),
    '2 * (t - 0) * (t >= bool 0) + 3 * (t - 60) * (t >= bool 60) - 320 * (t >= bool 100)',
  );
});
