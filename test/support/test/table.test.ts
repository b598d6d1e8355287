import assert from 'node:assert/strict';
import { test } from 'node:test';
import { short, table, whole } from '../table.ts';

test('names stand to the left, numbers to the right', () => {
  assert.equal(
    table(
      'A title',
      ['name', 'ms'],
      [
        ['Go', '1.20'],
        ['Python', '12 000'],
      ],
    ),
    ['A title', '  name        ms', '  ──────  ──────', '  Go        1.20', '  Python  12 000', ''].join('\n'),
  );
});

test('words are aligned left in every column', () => {
  assert.equal(
    table(
      'T',
      ['a', 'b'],
      [
        ['x', 'long'],
        ['y', '1'],
      ],
      'left',
    ),
    'T\n  a  b\n  ─  ────\n  x  long\n  y  1\n',
  );
});

test('a short row is filled up, and no line ends in blanks', () => {
  assert.equal(table('T', ['a', 'b'], [['x']]), 'T\n  a  b\n  ─  ─\n  x\n');
});

const shown: [value: number, text: string][] = [
  [0, '0'],
  [0.01234, '0.0123'],
  [0.5, '0.500'],
  [1.234, '1.23'],
  [9.999, '10.0'],
  [12.34, '12.3'],
  [123.4, '123'],
  [1_234, '1 230'],
  [100_000, '100 000'],
  [1_234_567, '1 230 000'],
  [Number.NaN, '–'],
  [Number.POSITIVE_INFINITY, '–'],
];
for (const [value, text] of shown) test(`${value} is shown as ${text}`, () => assert.equal(short(value), text));

test('a count is shown whole', () => {
  assert.deepEqual([10, 1_000, 100_000, 1_234_567].map(whole), ['10', '1 000', '100 000', '1 234 567']);
});

test('two significant digits, where no more are known', () => {
  assert.deepEqual(
    [0.0987, 1.04, 64, 6_274_509].map((value) => short(value, 2)),
    ['0.099', '1.0', '64', '6 300 000'],
  );
});
