import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitLine, fitPlane } from '../scale/fit.ts';

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-6 * Math.abs(expected), `${actual} instead of ${expected}`);

test('a line is found again, whatever the sizes', () => {
  const { base, slope } = fitLine([
    [1_000, 50e6 + 1_000 * 3_000],
    [100_000, 50e6 + 100_000 * 3_000],
    [1_000_000, 50e6 + 1_000_000 * 3_000],
  ]);
  near(base, 50e6);
  near(slope, 3_000);
});

test('a plane is found again', () => {
  const y = (x: number, z: number) => 0.002 + 3e-6 * x + 5e-8 * z;
  const { base, perX, perZ } = fitPlane(
    [
      [10, 20],
      [10, 200],
      [5_000, 10_000],
      [5_000, 60_000],
    ].map(([x, z]) => [x!, z!, y(x!, z!)] as const),
  );
  near(base, 0.002);
  near(perX, 3e-6);
  near(perZ, 5e-8);
});
