import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scenarios } from '../../../lab/backtest/scenarios.ts';
import type { Score } from '../../../lab/backtest/score.ts';
import type { Backtest } from '../../../lab/running/backtest.ts';
import { backtestCommand } from '../backtest.ts';
import { backtestJson, backtestText, usage } from '../backtested.ts';
import { terminalFrom } from '../terminal.ts';

const plain = terminalFrom({}, false).colours;
const experimentOf = (slug: string) => ({ number: slug.length, title: `The ${slug}` });

const score = (saved: number, useless: number): Score => ({
  saved,
  pages: useless + 3,
  useful: 3,
  useless: { false: useless, 'not worth a page': 0, 'too late': 0, repeat: 0 },
  incidents: 4,
  missed: 1,
  detect: { median: 9, worst: 30.4 },
});
const result: Backtest = {
  scenario: scenarios[0]!,
  score: score(0.734, 2),
  practice: score(0.8, 1),
  best: 0.956,
  references: [
    { name: 'a threshold', score: score(0.95, 118) },
    { name: 'absent()', score: { ...score(0, 0), detect: undefined } as unknown as Score },
  ],
  beatenBy: [],
  worst: [{ seed: 2, at: 1_767_603_845, what: 'a page during a blip', times: 3, shownBy: 'flapping' }],
};

test('the score stands first, the reference rules below it, practice last', () => {
  const lines = backtestText(result, experimentOf, plain).split('\n');
  assert.equal(lines[0], 'Errors against an objective of 99 %: 20 shifts of 30 minutes');
  assert.match(lines[3]!, /^your rule +73 % +5 +3 +2 +2 +0 +0 +0 +1 of 4 +9 s, 30 s$/);
  assert.match(lines[4]!, /^a threshold +95 % +121 /);
  assert.match(lines[5]!, /^absent\(\) +0 % .* never$/);
  assert.match(lines[6]!, /^your rule, in practice +80 % /);
  assert.equal(new Set(lines.slice(2, 7).map((line) => line.length)).size, 1, 'the columns stand below each other');
  assert.match(lines[8]!, /^✓ No reference rule saves as much with fewer/);
  assert.match(lines[9]!, /^The most that any rule can save is 96 %: /);
  assert.deepEqual(lines.slice(-2), [
    '  1 shift 2, 09:04:05: a page during a blip (3 times in these shifts)',
    '    make exp-8 shows why: The flapping',
  ]);
});

test('who is better is named; what saves nothing is said to', () => {
  const said = (changed: Partial<Backtest>) =>
    backtestText({ ...result, ...changed }, experimentOf, plain).split('\n')[8];
  assert.equal(said({ beatenBy: ['a', 'b'] }), '✗ Reference rules are better in both: a and b.');
  assert.equal(said({ beatenBy: ['a'] }), '✗ One reference rule is better in both: a.');
  assert.equal(said({ score: score(0, 0) }), '✗ It saves nothing.');
  assert.match(
    backtestText({ ...result, worst: [] }, experimentOf, plain),
    /\nNothing went wrong in the 20 shifts to practise on\.$/,
  );
});

test('as JSON it holds the figures, and the number of the experiment', () => {
  const { scenario, worst, score: own, ...others } = backtestJson(result, experimentOf) as Record<string, unknown>;
  assert.deepEqual([scenario, own], ['errors', result.score]);
  assert.deepEqual((worst as { experiment: number }[])[0]?.experiment, 8);
  assert.deepEqual(Object.keys(others).sort(), ['beatenBy', 'best', 'practice', 'references']);
});

test('what deserves a page is said before anything is written, with every reference rule', () => {
  const text = usage(scenarios, plain);
  for (const { deserves, references } of scenarios) {
    assert.ok(text.includes(`What deserves a page: ${deserves}.`), deserves);
    for (const { expr } of references) assert.ok(text.includes(`EXPR='${expr}'`), expr);
  }
});

const wrong: [words: string[], address: string | undefined, message: RegExp][] = [
  [['--scenario=disks'], undefined, /^SCENARIO must be one of errors, disk, hosts, got "disks"$/],
  [['--for=30s'], undefined, /^FOR and KEEP belong to an expression: EXPR is missing$/],
  [['--expr=up', '--for=30'], 'x:1', /^FOR must be a duration such as 30s or 2m, got "30"$/],
  [['--expr=up', '--keep=30m'], 'x:1', /^KEEP must be shorter than a shift, which is 30 minutes long, got "30m"$/],
  [['--rules', '--expr=up'], 'x:1', /^EXPR belongs to one rule, and RULES brings its own: leave one of both out$/],
];
for (const [words, address, message] of wrong) {
  test(`${words.join(' ')} is refused in a sentence`, () =>
    assert.rejects(backtestCommand(words, address), { message }));
}
