import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import type { Experiment } from '../../lab/model/lesson.ts';
import type { Rule } from '../../lab/model/plan.ts';
import { baseRules } from '../../lab/simulator/rules.ts';
import { findProgram } from '../../test/support/programs.ts';
import type { Engine } from '../page/engine.ts';
import { usualKnobs } from '../page/knobs.ts';
import { lackOf, Stage } from '../page/stage.ts';
import { noEngine, engine as startedEngine } from './engine.ts';

/**
 * The alerts of a lesson in the tab's lab are those that Prometheus' own evaluator of rules has in a program of its own:
 * promtool is given what each alert's expression returned at each evaluation, and has to come to the same `ALERTS`.
 */
const missing = noEngine || (findProgram('promtool') === undefined && 'promtool is not here');
const playedSeconds = 240;
const { evaluationSeconds } = usualKnobs;
/** A Prometheus that begins stores no states of alerts before it has restored those of an earlier one. */
const unstored = 2;

type Alert = Extract<Rule, { alert: string }>;
type Found = { metric: Record<string, string>; value: [number, string] };

const alertsOf = ({ plan }: Experiment): Alert[] =>
  [...baseRules, ...('needs' in plan ? [] : (plan.rules ?? []))].filter((rule) => 'alert' in rule);

/** It has alerts of its own, or looks at those of the base lab. */
const isAboutAlerts = (lesson: Experiment): boolean =>
  alertsOf(lesson).length > baseRules.filter((rule) => 'alert' in rule).length ||
  lesson.queries.some(({ expr }) => expr.includes('ALERTS'));

const labelsIn = (labels: Record<string, string>): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${pairs.sort().join(',')}}`;
};

/** What the engine answered at an instant, by what was stored then. */
const answered = (engine: Engine, query: string, at: number): Found[] => {
  const reply = engine.get('query', new URLSearchParams({ query, time: String(at) }), at + 0.001);
  assert.equal(reply.status, 'success', `${query}: ${JSON.stringify(reply)}`);
  return ((reply as { data: unknown }).data as { result: Found[] }).result;
};

/** A test of promtool for one lesson: its inputs, its rules, and the states that the tab's lab has stored. */
const testOf = async (engine: Engine, lesson: Experiment, begun: number) => {
  const stage = new Stage(engine, lesson, usualKnobs, begun);
  await stage.advance(begun + playedSeconds);
  const first = stage.lab().prometheusStartedAt! + 0.7 * evaluationSeconds;
  const count = Math.floor((stage.now - first) / evaluationSeconds);
  const times = Array.from({ length: count }, (_, index) => first + index * evaluationSeconds);

  const inputs = new Map<string, string[]>();
  // Several alerts may have one name.
  const inputOf = (rule: number) => `input_${rule}_${alertsOf(lesson)[rule]!.alert}`;
  for (const [rule, { expr }] of alertsOf(lesson).entries())
    for (const [index, at] of times.entries())
      for (const { metric, value } of answered(engine, expr, at)) {
        const { __name__, ...labels } = metric;
        const name = `${inputOf(rule)}${labelsIn(labels)}`;
        const values = inputs.get(name) ?? Array.from({ length: count }, () => 'stale');
        values[index] = value[1].replace('+Inf', '1e308').replace('-Inf', '-1e308');
        inputs.set(name, values);
      }
  const states = times.map((at) => answered(engine, 'ALERTS', at).map(({ metric }) => metric));
  return {
    stored: states.flat().length,
    rules: {
      name: lesson.command,
      rules: alertsOf(lesson).map(({ alert, labels, forSeconds = 0, keepFiringForSeconds = 0 }, rule) => ({
        alert: `${alert}`,
        expr: inputOf(rule),
        for: `${forSeconds}s`,
        keep_firing_for: `${keepFiringForSeconds}s`,
        labels,
      })),
    },
    test: {
      name: lesson.command,
      interval: `${evaluationSeconds}s`,
      input_series: [...inputs].map(([series, values]) => ({ series, values: values.join(' ') })),
      promql_expr_test: states.slice(unstored).map((found, index) => ({
        expr: 'ALERTS',
        eval_time: `${(unstored + index) * evaluationSeconds}s`,
        exp_samples: found.map(({ __name__, ...labels }) => ({ labels: `ALERTS${labelsIn(labels)}`, value: 1 })),
      })),
    },
  };
};

test('the alerts of every lesson are in the states that promtool has them in', { skip: missing }, async (t) => {
  const engine = (await startedEngine())();
  const folder = mkdtempSync(join(tmpdir(), 'lab-alerts-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const files: string[] = [];
  let stored = 0;
  for (const lesson of experiments.filter((each) => lackOf(each) === undefined && isAboutAlerts(each))) {
    const made = await testOf(engine, lesson, 1_800_000_000);
    stored += made.stored;
    const rules = join(folder, `${lesson.command}.rules.json`);
    writeFileSync(rules, JSON.stringify({ groups: [made.rules] }));
    const file = join(folder, `${lesson.command}.json`);
    const content = { rule_files: [rules], evaluation_interval: `${evaluationSeconds}s`, tests: [made.test] };
    writeFileSync(file, JSON.stringify(content));
    files.push(file);
  }
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', ...files], { encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}`.slice(0, 4_000));
  assert.ok(files.length >= 4 && stored >= 100, `${stored} states of alerts in ${files.length} lessons`);
});
