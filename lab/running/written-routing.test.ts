import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRouting } from './written-routing.ts';

test('a route and what inhibits are read, in blocks or on one line', async () => {
  const block =
    'route:\n  group_by: [alertname, rack]\n  group_wait: 1m30s\ninhibit_rules:\n  - source_matchers: [a="b"]\n    equal: [rack]';
  const flow =
    '{route: {group_by: [alertname, rack], group_wait: 1m30s}, inhibit_rules: [{source_matchers: ["a=b"], equal: [rack]}]}';
  const source = [{ name: 'a', value: 'b', isRegex: false, isEqual: true }];
  const expected = {
    route: { groupBy: ['alertname', 'rack'], waitSeconds: 90 },
    inhibitRules: [{ source, target: [], equal: ['rack'] }],
  };
  assert.deepEqual(await readRouting(block), expected);
  assert.deepEqual(await readRouting(flow), expected);
  assert.deepEqual(await readRouting('route: { group_by: ["..."], group_wait: 0 }\ninhibit_rules:'), {
    route: { groupBy: 'all', waitSeconds: 0 },
    inhibitRules: [],
  });
});

const refusals: [text: string, words: RegExp][] = [
  ['up', /^cannot unmarshal "up" into config\.plain: it must hold route, inhibit_rules$/],
  ['50', /^cannot unmarshal 50 into/],
  ['inhibit_rules: []', /^no routes provided$/],
  ['route: [', /^yaml: /],
  ['route:\n\tgroup_by: [a]', /^yaml: /],
  ['route: {}\nroute: {}', /^yaml: .*unique/],
  ['routes: {}', /^field routes not found in type config\.plain: here it may hold route, inhibit_rules$/],
  ['route: { group_bye: [a] }', /^field group_bye not found in type config\.plain: here it may hold group_by, /],
  ['route: { group_by: alertname }', /group_by must be a list of texts$/],
  ['route: { group_by: [a, a] }', /^duplicated label "a" in group_by$/],
  ['route: { group_by: [a, "..."] }', /^cannot have wildcard group_by/],
  ['route: { group_by: ["a b"] }', /^invalid label name "a b" in group_by list$/],
  ['route: { group_wait: 3 }', /^not a valid duration string: "3"/],
  ['route: { group_wait: three }', /^not a valid duration string: "three"/],
  ['route: { group_interval: 0s }', /^group_interval cannot be zero$/],
  ['route: {}\ninhibit_rules: {}', /inhibit_rules must be a list$/],
  ['route: {}\ninhibit_rules: [{ source_matchers: [rack] }]', /^bad matcher format: rack: such as /],
  ['route: {}\ninhibit_rules: [{ target: [rack] }]', /^field target not found in type common\.plain/],
];
for (const [text, words] of refusals) {
  test(`refused: ${JSON.stringify(text)}`, async () => {
    const read = await readRouting(text);
    assert.match('refused' in read ? read.refused : 'not refused', words);
  });
}
