import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments } from '../../../experiments/catalogue.ts';
import { aFact, claimThat, labOf } from '../../../test/lessons/verdicts.ts';
import { report } from '../report.ts';
import { terminalFrom } from '../terminal.ts';

const lab = labOf();

test('a report names the evidence of each claim, and of a failed one what was expected', () => {
  const plain = terminalFrom({}, false).colours;
  const text = report(experiments[1]!, lab, [claimThat(true), claimThat(false)], plain);
  assert.match(text, /^Experiment 2 · Counters and gauges +signal random · scrape every 5s\n/);
  assert.match(text, / {2}✓ two and two are four\n {6}2 \+ 2\n {2}✗ two/);
  assert.match(text, /expected 4, measured 5\n {6}look at the arithmetic/);
  assert.match(report(experiments[1]!, lab, [aFact], plain), / {2}· the moon is far\n {6}the sky\n/);
  assert.ok(!text.includes('\u{fdd0}'), 'no colour codes');
  assert.ok(report(experiments[1]!, lab, [claimThat(true)], terminalFrom({}, true).colours).includes('\u{fdd0}'));
});
