import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import type { Panel } from '../../lab/model/panel.ts';
import { flow } from '../src/flow.ts';
import { rowPixels } from '../src/grid.ts';
import { contentRoom, rowsFor, titleRoom } from '../src/room.ts';
import { start } from '../src/start.ts';
import { codeWidth, textWidth } from '../src/width.ts';
import { generated, plain, textsOf } from './generated.ts';
import type { PagePanel } from './grafana-page.ts';
import { misfits, overflows } from './misfits.ts';

for (const { dashboard, panels } of [start, ...experiments]) {
  test(`${dashboard}: every title, table and timeline fits into its panel`, () => {
    assert.deepEqual(panels.flatMap(misfits), []);
  });
}

for (const dashboard of generated) {
  test(`${dashboard.uid}: no word and no query is wider than the page`, () => {
    assert.deepEqual(textsOf(dashboard).flatMap(overflows), []);
  });
}

const panel = (change: Partial<Panel>): Panel => ({
  title: 'A claim',
  kind: 'stat',
  targets: [{ expr: 'up', legend: 'up' }],
  unit: 'count',
  width: 6,
  height: 7,
  ...change,
});

test('a title that is too long is refused with the pixels that it is over', () => {
  const title = 'Spikes that the stored samples show in the same time';
  assert.deepEqual(misfits(panel({ title })), [
    `"${title}": the title takes 367 px, and its panel of 6 × 7 has room for 188: 179 too many`,
  ]);
  assert.deepEqual(misfits(panel({ title, width: 12 })), []);
});

test('a description takes the room of its mark from the title', () => {
  assert.equal(titleRoom(6, false) - titleRoom(6, true), 40);
  const title = 'Spikes of a minute';
  assert.deepEqual(misfits(panel({ title, width: 5 })), []);
  assert.match(misfits(panel({ title, width: 5, description: 'more' })).join(), /has room for 105: \d+ too many$/);
});

test('a table says how many rows it has at most, and shows them all', () => {
  const rows = (count: number | undefined) => misfits(panel({ kind: 'table', rows: count }));
  assert.deepEqual(rows(4), []);
  assert.deepEqual(rows(5), ['"A claim": 5 rows take 214 px, and its panel of 6 × 7 has room for 200: 14 too many']);
  assert.deepEqual(rows(undefined), ['"A claim": a table says how many rows it has at most']);
});

test('a timeline has room for every row, and a name for every state', () => {
  const names = { 1: { text: 'up', colour: 'green' } } as const;
  const rows = (count: number, parts: Partial<Panel> = { names }) =>
    misfits(panel({ kind: 'timeline', targets: Array(count).fill({}), height: 5, ...parts }));
  assert.deepEqual(rows(3), []);
  assert.match(rows(4).join(), /a row for each of the 4 queries takes 137 px, .* has room for 124: 13 too many$/);
  assert.deepEqual(rows(1, {}), ['"A claim": a timeline says what its states are called']);
});

/** Where the first panel begins in a window of 900 px, and so many rows end above its lower edge. */
const aboveGrid = 105;

for (const dashboard of generated) {
  test(`${dashboard.uid}: the pictures end within a window of 900 px`, () => {
    const pictures = (plain(dashboard).panels as PagePanel[]).filter(({ type }) => type !== 'text');
    const end = aboveGrid + Math.max(...pictures.map(({ gridPos: { y, h } }) => rowPixels * (y + h)));
    assert.ok(end <= 900, `the last picture ends at ${end} px`);
  });
}

test('text is as wide as Inter makes it, code as wide as Roboto Mono', () => {
  assert.equal(Math.round(textWidth('Prometheus')), 81);
  assert.equal(Math.round(textWidth('Prometheus', 'medium')), 82);
  assert.equal(Math.round(codeWidth('rate(requests_total[10s])')), 199);
  assert.ok(textWidth('漢') >= 14, 'a character that is not in the table takes the most');
});

test('words wrap where the next one does not fit, code never does', () => {
  const width = textWidth('one two') + 1;
  assert.deepEqual(flow('one two', width).height, 22);
  assert.deepEqual(flow('one two three', width).height, 44);
  assert.deepEqual(flow('**one** *two* [three](/d/lab-start)', width).height, 44);
  assert.equal(flow('`sum without (core) (cpu_usage)`', width).width, codeWidth('sum without (core) (cpu_usage)'));
});

test('paragraphs and lists stand apart, the last one ends with its line', () => {
  assert.equal(flow('one\n\ntwo', 500).height, 22 + 16 + 22);
  assert.equal(flow('- one\n- two\n\nthree', 500).height, 2 * 22 + 16 + 22);
});

test('a table is as high as the longest cell of each row', () => {
  const table = '| Query | How to read it |\n| --- | --- |\n| `up` | one |\n| `up == 0` | a few words more |';
  assert.equal(flow(table, 500).height, 3 * (22 + 9) + 1);
  assert.equal(flow(table, 200).height, 2 * (22 + 9) + (44 + 9) + 1);
  assert.equal(
    flow('| a | b |\n| --- | --- |\n| `a \\| b` | c |', 500).width,
    flow('| a | b |\n| --- | --- |\n| `a . b` | c |', 500).width,
  );
});

test('a panel is as high as its words', () => {
  assert.equal(rowsFor(22, true), 3);
  assert.equal(rowsFor(44, false), 2);
  assert.equal(rowsFor(86, true), 5, 'a pixel more would bring a scroll bar');
  for (const height of [22, 82, 83, 400]) {
    const rows = rowsFor(height);
    assert.ok(contentRoom({ width: 24, height: rows }).height >= height);
    assert.ok(contentRoom({ width: 24, height: rows - 1 }).height < height + 4);
  }
});
