import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fetchDirect } from '../../lab/running/fetch.ts';
import type { OnCall } from '../../lab/running/on-call.ts';
import { make, run, tryRun } from '../support/commands.ts';
import { temporaryFolder } from '../support/folder.ts';
import { project } from '../support/runtime.ts';
import { composeOnly, lab } from './stack.ts';

/** make backtest: an alert is held against what happened, whatever the lab does. */

const backtest = (environment: Record<string, string>, ...words: string[]) =>
  tryRun('sh', ['scripts/cli/lab.sh', 'backtest', ...words], environment);

test('a rule on the edge is said to be that, with its figures and its worst moments', async () => {
  const { code, output } = await backtest({
    LAB_SCENARIO: 'hosts',
    LAB_EXPR: 'last_over_time(inventory_host[20s]) unless on (instance) (up{job="node"} == 1)',
    LAB_FOR: '35s',
  });
  console.log(output);
  assert.equal(code, 0, output);
  assert.match(output, /^your rule +8\d % +60 +60 +0 +0 +0 +0 +0 +0 of 60 +41 s, 43 s$/m);
  assert.match(output, /^✓ No reference rule saves as much/m);
  assert.match(output, /make exp-\d+ shows why: /);
});

test('a file of rules is judged whole, and what promtool refuses is said in its words', async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = join(folder, 'rules.yml');
  const share = 'node_filesystem_avail_bytes / node_filesystem_size_bytes';
  const write = (expr: string) =>
    writeFileSync(
      file,
      JSON.stringify({
        groups: [
          {
            name: 'a',
            rules: [
              { record: 'share', expr: share },
              { alert: 'Low', expr, annotations: { is: '{{ $value }}' } },
            ],
          },
        ],
      }),
    );
  write('share < 0.1');
  const { code, output } = await backtest({ LAB_SCENARIO: 'disk', LAB_RULES: file }, '--json');
  // A threshold alone pages for each dip: a rule that predicts as well is better.
  assert.equal(code, 1, output);
  const { score, references, beatenBy } = JSON.parse(output.slice(output.indexOf('{')));
  assert.deepEqual(score, references.find(({ name }: { name: string }) => name === 'a threshold').score);
  assert.ok(beatenBy.includes('low and predicted'), output);
  write('share <');
  const refused = await backtest({ LAB_SCENARIO: 'disk', LAB_RULES: file });
  assert.equal(refused.code, 2, refused.output);
  assert.match(refused.output, /^lab: promtool refuses RULES:\n.*parse error: unexpected end of input$/m);
});

test('make oncall brings who holds the shifts for the page of the guide, and make down takes it away', async () => {
  await make('oncall');
  const question = new URLSearchParams({
    scenario: 'hosts',
    expr: 'last_over_time(inventory_host[20s]) unless on (instance) (up{job="node"} == 1)',
    for: '35s',
  });
  const answer = await fetchDirect(`${lab.places.guide}/api/backtest?${question}`, 120_000);
  const judged = (await answer.json()) as OnCall;
  assert.ok(judged.kind === 'judged', JSON.stringify(judged));
  assert.deepEqual([judged.score.pages, judged.score.useful, judged.beatenBy], [60, 60, []]);
  await make('down');
});

test('its container goes with it', { skip: composeOnly }, async () => {
  const names = await run('docker', ['ps', '-a', '--format', '{{.Names}}']);
  const own = names.split('\n').filter((name) => name.startsWith(`${project}-shifts-`));
  assert.deepEqual(own, []);
});
