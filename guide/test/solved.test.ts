import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderFor } from '../../test/support/folder.ts';
import { createSolvedStore } from '../src/solved.ts';

const first = { exercise: 'aggregation/1', answer: 'avg(cpu_usage)', at: 1_800_000_000 };
const again = { ...first, answer: 'sum(cpu_usage) / count(cpu_usage)', at: 1_800_000_100 };
const other = { exercise: 'counters/2', answer: 'increase(requests_total[10m])', at: 1_800_000_050 };

test('what was solved is there for the next process, the newest answer of each exercise', (t) => {
  const file = join(folderFor(t), 'data', 'solved.json');
  const store = createSolvedStore(file, assert.fail);
  assert.deepEqual(store.list(), []);
  for (const solved of [first, other, again]) assert.equal(store.add(solved), true);
  assert.deepEqual(createSolvedStore(file, assert.fail).list(), [other, again]);
});

test('what was solved under an earlier name of an experiment counts under its name of now', (t) => {
  const file = join(folderFor(t), 'solved.json');
  writeFileSync(file, JSON.stringify([{ exercise: 'engine/1', answer: 'up', at: 1 }]));
  const store = createSolvedStore(file, assert.fail);
  assert.deepEqual(store.list(), [{ exercise: 'replication/1', answer: 'up', at: 1 }]);
  store.add({ exercise: 'replication/1', answer: 'sum(up)', at: 2 });
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), [{ exercise: 'replication/1', answer: 'sum(up)', at: 2 }]);
});

test('without a file it is kept in memory', () => {
  const store = createSolvedStore(undefined, assert.fail);
  assert.equal(store.add(first), true);
  assert.deepEqual(store.list(), [first]);
});

test('a file that holds something else is said so, and begun anew', (t) => {
  for (const content of ['{"solved', '{}', '[{"exercise":1}]', '[null]']) {
    const file = join(folderFor(t), 'solved.json');
    writeFileSync(file, content);
    const warnings: string[] = [];
    const store = createSolvedStore(file, (message) => warnings.push(message));
    assert.deepEqual([store.list(), warnings.length], [[], 1], content);
    store.add(first);
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), [first]);
  }
});

test('where it cannot be written down it is said so, and kept until the process ends', (t) => {
  const taken = join(folderFor(t), 'solved.json');
  mkdirSync(join(taken, 'in-the-way'), { recursive: true });
  const warnings: string[] = [];
  const store = createSolvedStore(taken, (message) => warnings.push(message));
  assert.equal(store.add(first), false);
  assert.deepEqual(store.list(), [first]);
  assert.match(warnings.at(-1)!, /^what has been solved cannot be written down: /);
});
