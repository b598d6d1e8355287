import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertDuration } from './duration.ts';
import { BacktestError } from './evaluate.ts';
import { rulesIn } from './rules.ts';

test('rules come in their order, with the labels of their group', () => {
  const text = `
groups:
  - name: a
    labels: { team: x }
    rules:
      - { record: 'job:up:sum', expr: sum(up) }
      - { alert: A, expr: job:up:sum < 2, for: 30s, keep_firing_for: 1m, labels: { severity: critical } }
  - { name: b, rules: [{ alert: B, expr: up == 0 }] }
`;
  assert.deepEqual(rulesIn(text), {
    records: [{ record: 'job:up:sum', expr: 'sum(up)', labels: { team: 'x' } }],
    alerts: [
      {
        alert: 'A',
        expr: 'job:up:sum < 2',
        labels: { team: 'x', severity: 'critical' },
        forSeconds: 30,
        keepFiringForSeconds: 60,
      },
      { alert: 'B', expr: 'up == 0', labels: {}, forSeconds: 0, keepFiringForSeconds: 0 },
    ],
  });
});

const wrong: [says: string, text: string, words: RegExp][] = [
  ['a file that is no YAML', 'groups: [', /^RULES must be YAML: /],
  ['another YAML file', 'services: {}', /^RULES must be a rules file of Prometheus: it begins with "groups:"$/],
  ['a list', '- a', /^RULES must be a rules file/],
  ['an empty file', '', /^RULES must be a rules file/],
  ['a file without alerts', 'groups: [{ name: a, rules: [{ record: b, expr: up }] }]', /^RULES has no alerting rule/],
  [
    'a label that is a template',
    "groups: [{ name: a, rules: [{ alert: A, expr: up, labels: { v: '{{ $value }}' } }] }]",
    /^the label v of A is a template: .* Put it into an annotation$/,
  ],
  [
    'a for that is longer than a shift',
    'groups: [{ name: a, rules: [{ alert: A, expr: up, for: 1h }] }]',
    /^for of A must be shorter than a shift, which is 30 minutes long, got "1h"$/,
  ],
  [
    'a query_offset',
    'groups: [{ name: a, query_offset: 1m, rules: [{ alert: A, expr: up }] }]',
    /^the group "a" has a query_offset, which is not backtested: leave it out$/,
  ],
];
for (const [says, text, words] of wrong) {
  test(`${says} is refused in a sentence`, () => {
    assert.throws(
      () => rulesIn(text),
      (error) => error instanceof BacktestError && words.test(error.message),
    );
  });
}

test('a duration is of the grammar of Prometheus, and shorter than a shift', () => {
  assert.deepEqual([alertDuration('FOR', undefined), alertDuration('FOR', '1m30s')], [0, 90]);
  for (const text of ['30', 'x', '-1s', '30m'])
    assert.throws(() => alertDuration('FOR', text), /^Error: FOR must be /, text);
});
