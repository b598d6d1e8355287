import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figure, fitPower, spread, withSpread } from '../figures.ts';

test('the spread is the way to the outermost round, as a share of the median', () => {
  assert.equal(spread(figure([10, 10, 10])), 0);
  assert.equal(spread(figure([9, 10, 13])), 0.3);
  assert.equal(spread(figure([5, 10, 11])), 0.5);
  assert.equal(spread(figure([0, 0])), 0);
});

const grown = (exponent: number, factor: number) =>
  [10, 100, 1_000, 10_000].map((x) => [x, factor * x ** exponent] as const);

for (const [name, exponent] of [
  ['constant', 0],
  ['a square root', 0.5],
  ['linear', 1],
  ['quadratic', 2],
] as const) {
  test(`what grows ${name} gets exponent ${exponent}`, () => {
    const fit = fitPower(grown(exponent, 0.25));
    assert.ok(Math.abs(fit.exponent - exponent) < 1e-9, String(fit.exponent));
    assert.ok(Math.abs(fit.factor - 0.25) < 1e-9, String(fit.factor));
  });
}

test('noise of a tenth moves the exponent little', () => {
  const noisy = grown(1, 1).map(([x, y], index) => [x, y * (index % 2 === 0 ? 1.1 : 0.9)] as const);
  assert.ok(Math.abs(fitPower(noisy).exponent - 1) < 0.05);
});

test('a figure is shown as its median and its spread', () => {
  assert.equal(withSpread(figure([9, 10, 12])), '10.0 ±20%');
});
