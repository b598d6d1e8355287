import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { missing } from '../../test/lessons/bounded-prometheus.ts';
import { folderFor } from '../../test/support/folder.ts';
import { promtool } from '../../test/support/promtool.ts';
import { startShiftsPrometheus } from '../../test/support/shifts.ts';
import { beginOf, scenarios } from '../backtest/scenarios.ts';
import { evaluationSeconds, leadSeconds, type Reference, type ShiftSeries, scrapes } from '../backtest/shift.ts';
import { AlertLife } from '../promql/alert.ts';
import { keyOf } from '../promql/sample.ts';
import { storeShifts } from './backtest.ts';

/** A whole shift as promtool evaluates it: the same rules, the same samples, every alert at every evaluation. */

const seed = 5;

/** In the notation of promtool's tests, a value for each scrape. */
const written = ({ labels: { __name__, ...labels }, samples, staleAt }: ShiftSeries) => {
  const values = new Map<number, string>([
    ...samples.map(([at, value]) => [at, String(value)] as const),
    ...staleAt.map((at) => [at, 'stale'] as const),
  ]);
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return { series: `${__name__}{${pairs.join(',')}}`, values: scrapes.map((at) => values.get(at) ?? '_').join(' ') };
};

const nameOf = (index: number): string => `Rule${index}`;

for (const scenario of scenarios) {
  test(`${scenario.name}: alerts of a shift are those of promtool, evaluation by evaluation`, {
    skip: missing,
  }, async (t) => {
    const { address, read, stop } = await startShiftsPrometheus();
    t.after(stop);
    await storeShifts(address, scenario);
    const begin = beginOf(scenario, seed) - leadSeconds;
    const last = begin + evaluationSeconds * (scrapes.length - 1);
    // Times of each kind, whatever the reference has.
    const rules = scenario.references.map(
      (reference, index): Reference => ({
        forSeconds: [0, 15, 30][index % 3]!,
        keepFiringForSeconds: [0, 40][index % 2]!,
        ...reference,
      }),
    );
    const tests: object[] = [];
    let firing = 0;
    for (const [index, rule] of rules.entries()) {
      const found = new Map<number, Record<string, string>[]>();
      for (const { labels, samples } of await read.range(rule.expr, begin, last, evaluationSeconds)) {
        const { __name__, ...own } = labels;
        for (const [at] of samples) found.set(at - begin, [...(found.get(at - begin) ?? []), own]);
      }
      const life = new AlertLife(rule);
      for (const scrape of scrapes) {
        const at = scrape + leadSeconds;
        life.evaluate(found.get(at) ?? [], at);
        const states = life.active.map(({ labels, firedAt }) => ({
          alertname: nameOf(index),
          alertstate: firedAt === undefined ? 'pending' : 'firing',
          ...labels,
        }));
        firing += states.filter(({ alertstate }) => alertstate === 'firing').length;
        tests.push({
          expr: `ALERTS{alertname="${nameOf(index)}"}`,
          eval_time: `${at}s`,
          exp_samples: [...new Map(states.map((labels) => [keyOf(labels), labels])).values()].map((labels) => ({
            labels: `ALERTS{${Object.entries(labels)
              .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
              .join(',')}}`,
            value: 1,
          })),
        });
      }
    }
    assert.ok(firing > 100, `${firing} firing evaluations`);
    const folder = folderFor(t);
    const group = {
      name: 'rules',
      rules: rules.map(({ expr, forSeconds, keepFiringForSeconds }, index) => ({
        alert: nameOf(index),
        expr,
        for: `${forSeconds}s`,
        keep_firing_for: `${keepFiringForSeconds}s`,
      })),
    };
    writeFileSync(join(folder, 'rules.yml'), JSON.stringify({ groups: [group] }));
    const file = {
      rule_files: ['rules.yml'],
      evaluation_interval: `${evaluationSeconds}s`,
      tests: [{ interval: '5s', input_series: scenario.shift(seed).series.map(written), promql_expr_test: tests }],
    };
    writeFileSync(join(folder, 'shift.test.yml'), JSON.stringify(file));
    const run = spawnSync(promtool(), ['test', 'rules', join(folder, 'shift.test.yml')], { encoding: 'utf8' });
    assert.equal(run.status, 0, `${run.stdout}${run.stderr}`.slice(0, 2_000));
  });
}
