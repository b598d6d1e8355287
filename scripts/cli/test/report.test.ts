import assert from 'node:assert/strict';
import { test } from 'node:test';
import picocolors from 'picocolors';
import { experiments } from '../../../experiments/catalogue.ts';
import { aFact, claimThat, labOf } from '../../../test/lessons/verdicts.ts';
import { report } from '../report.ts';

const lab = labOf();

test('a report names the evidence of each claim, and of a failed one what was expected', () => {
  const plain = picocolors.createColors(false);
  const text = report(experiments[1]!, lab, [claimThat(true), claimThat(false)], plain);
  assert.match(text, /^Experiment 2 · Counters and gauges +signal random · scrape every 5s\n/);
  assert.match(text, / {2}✓ two and two are four\n {6}2 \+ 2\n {2}✗ two/);
  assert.match(text, /expected 4, measured 5\n {6}look at the arithmetic/);
  assert.match(report(experiments[1]!, lab, [aFact], plain), / {2}· the moon is far\n {6}the sky\n/);
  assert.ok(!text.includes('\u001b'), 'no colour codes');
  assert.ok(report(experiments[1]!, lab, [claimThat(true)], picocolors.createColors(true)).includes('\u001b'));
});
