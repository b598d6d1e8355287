import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ForState, restoredActiveAt } from '../../lab/promql/for-state.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { createReader } from '../../lab/running/api.ts';
import { placesFrom } from '../../lab/running/places.ts';
import { temporaryFolder } from '../support/folder.ts';
import { freePort } from '../support/ports.ts';
import { start, untilAnswers } from '../support/processes.ts';
import { findProgram } from '../support/programs.ts';
import { until } from '../support/until.ts';

/** Alerts by how long they wait; with a grace period of 3 s. */
const waits = { Below: 2, Fired: 3, Short: 12, Long: 60 };
const grace = 3;
const [downSeconds, tolerated] = [4, 3600];

/** A Prometheus that is killed and started again on the same data, an evaluation a second. */
const restarted = async (t: TestContext, toleranceSeconds: number) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = (name: string, content: object) => writeFileSync(join(folder, name), JSON.stringify(content));
  const rules = [
    { record: 'evaluated', expr: 'vector(1)' },
    ...Object.entries(waits).map(([alert, seconds]) => ({ alert, expr: 'vector(1)', for: `${seconds}s` })),
  ];
  file('rules.json', { groups: [{ name: 'all', interval: '1s', rules }] });
  file('prometheus.yml', { rule_files: ['rules.json'] });
  const address = `127.0.0.1:${await freePort()}`;
  const run = async () => {
    const running = start([
      findProgram('prometheus')!,
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      `--rules.alert.for-grace-period=${grace}s`,
      `--rules.alert.for-outage-tolerance=${toleranceSeconds}s`,
    ]);
    t.after(running.stop);
    await untilAnswers('Prometheus', running, `http://${address}/-/ready`);
    return running;
  };
  const read = createReader(placesFrom({ PROMETHEUS_ADDRESS: address }));
  const stored = async (selector: string): Promise<Sample[]> =>
    (await read.samples(selector, 300, Date.now() / 1000 + 1))[0]?.samples.map((each) => each) ?? [];
  const evaluations = async (from: number) => (await stored('evaluated')).filter(([at]) => at > from);
  const first = await run();
  await until('eight evaluations', 60, async () => (await evaluations(0)).length >= 8);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const killedAt = Date.now() / 1000;
  await sleep(1000 * downSeconds);
  await run();
  await until('five evaluations', 60, async () => (await evaluations(killedAt)).length >= 5);
  const [begun, second, third] = (await evaluations(killedAt)).map(([at]) => at) as [number, number, number];
  const of = async (alert: string) => {
    const samples = await stored(`ALERTS_FOR_STATE{alertname="${alert}"}`);
    const [at, activeAt] = samples.findLast(([time]) => time < killedAt)!;
    return { before: { at, activeAt }, after: samples.find(([time]) => time > killedAt)![1] };
  };
  return { begun, second, third, of };
};

const missing = findProgram('prometheus') === undefined && 'prometheus is not here';

describe('a real Prometheus restores what is predicted', { concurrency: true, skip: missing }, () => {
  for (const toleranceSeconds of [tolerated, 2]) {
    test(`after an outage of ${downSeconds} s with a tolerance of ${toleranceSeconds} s`, async (t) => {
      const { begun, second, third, of } = await restarted(t, toleranceSeconds);
      for (const [alert, forSeconds] of Object.entries(waits)) {
        const { before, after } = await of(alert);
        const at = (restoredAt: number) =>
          Math.floor(
            restoredActiveAt(before, restoredAt, { forSeconds, graceSeconds: grace, toleranceSeconds }) ?? begun,
          );
        const said = `${alert}: ${after}, predicted ${at(second)} to ${at(third + 1)}, ${JSON.stringify(before)}`;
        assert.ok(after >= at(second) && after <= at(third + 1), said);
        const isRestored = toleranceSeconds === tolerated && alert !== 'Below';
        assert.equal(after < Math.floor(begun), isRestored, said);
      }
    });
  }
});

test('what is left to wait is the grace period at least, and what has waited stays', () => {
  const flags = { forSeconds: 300, graceSeconds: 60, toleranceSeconds: 3600 };
  const after = (waited: number, down = 30, changed: Partial<typeof flags> = {}) => {
    const before: ForState = { at: 1_000 + waited + 0.4, activeAt: 1_000 };
    const restoredAt = 1_000 + waited + down;
    const activeAt = restoredActiveAt(before, restoredAt, { ...flags, ...changed });
    return activeAt && restoredAt - activeAt;
  };
  assert.equal(after(100), 100, 'the outage is not counted');
  assert.equal(after(270), 240, '60 s are left');
  assert.equal(after(400), 430, 'one that fired goes on');
  assert.equal(after(100, 30, { forSeconds: 59 }), undefined);
  assert.equal(after(100, 4_000), undefined);
});
