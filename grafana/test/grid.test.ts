import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columns, type Place, places } from '../src/grid.ts';
import { generated } from './generated.ts';

const size = (width: number, height: number) => ({ width, height });

const overlap = (one: Place, other: Place): boolean =>
  one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h;

test('panels fill a row from the left', () => {
  assert.deepEqual(places([size(12, 9), size(12, 9)]), [
    { x: 0, y: 0, w: 12, h: 9 },
    { x: 12, y: 0, w: 12, h: 9 },
  ]);
});

test('a panel that does not fit starts a row, below the highest of the row before', () => {
  assert.deepEqual(places([size(8, 5), size(12, 9), size(8, 4)])[2], { x: 0, y: 9, w: 8, h: 4 });
});

test('a panel wider than the grid is refused', () => {
  assert.throws(() => places([size(25, 5)]), /1 to 24 columns wide, got 25/);
});

test('nothing overlaps and nothing leaves the 24 columns', () => {
  for (const dashboard of generated) {
    const grid = dashboard.panels!.map((panel) => (panel as { gridPos: Place }).gridPos);
    for (const [index, place] of grid.entries()) {
      assert.ok(place.x >= 0 && place.x + place.w <= columns && place.y >= 0 && place.h > 0, dashboard.uid);
      for (const other of grid.slice(index + 1)) assert.ok(!overlap(place, other), dashboard.uid);
    }
  }
});

test('every row of a dashboard is filled to its right edge', () => {
  for (const dashboard of generated) {
    const grid = dashboard.panels!.map((panel) => (panel as { gridPos: Place }).gridPos);
    for (const y of new Set(grid.map((place) => place.y))) {
      const width = grid.filter((place) => place.y === y).reduce((sum, { w }) => sum + w, 0);
      assert.equal(width, columns, `${dashboard.uid}, row ${y}`);
    }
  }
});
