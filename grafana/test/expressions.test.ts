import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steps } from '../../experiments/catalogue.ts';
import { complaints } from '../../test/support/promtool.ts';
import { panelsOf } from './generated.ts';

const unique = (expressions: string[]): string[] => [...new Set(expressions)];

test('promtool parses every expression of every panel', async () => {
  const expressions = unique(panelsOf().flatMap(({ panel }) => panel.targets.map(({ expr }) => expr)));
  assert.ok(expressions.length > 20);
  assert.deepEqual(await complaints(expressions), []);
});

test('promtool parses every query that a dashboard asks to paste', async () => {
  const expressions = unique(steps.flatMap(({ queries }) => queries.map(({ expr }) => expr)));
  assert.ok(expressions.length > 20);
  assert.deepEqual(await complaints(expressions), []);
});

test('promtool would complain about a broken one', async () => {
  assert.match(
    (await complaints(['rate(requests_total)'])).join(),
    /rate\(requests_total\): .*expected type range vector/s,
  );
});

test('no query leaves a step, a window or a variable to Grafana', () => {
  for (const { uid, panel } of panelsOf()) {
    for (const target of panel.targets) assert.doesNotMatch(target.expr, /\$|\[\[/, `${uid}: ${panel.title}`);
  }
});
