import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { experiments, plainSteps } from '../../experiments/catalogue.ts';
import { incidentStep } from '../../lab/incidents/step.ts';
import type { Experiment, Step } from '../../lab/model/lesson.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Series } from '../../lab/promql/sample.ts';
import type { Engine } from '../page/engine.ts';
import { stepOfIncident } from '../page/incident.ts';
import { usualKnobs } from '../page/knobs.ts';
import { lackOf, Stage } from '../page/stage.ts';
import { engine as startedEngine } from './engine.ts';
import { missing, prometheusWith } from './real.ts';

/**
 * What the tab answers is what a real Prometheus of the same version answers on the same samples: each lesson is
 * played in the tab's lab, what it stored is written to a Prometheus, and both are asked the same.
 */

/** Longer than what happens once takes, and than the windows of most lessons. */
const playedSeconds = 150;

let engine: Engine;
before(async () => {
  if (!missing) engine = (await startedEngine())();
});

const filled = (expr: string): string => expr.replaceAll('$__rate_interval', '20s').replaceAll('$__range', '5m');

/** What the lesson, its dashboard, its picture, its rules and its exercises ask. */
const queriesOf = (step: Step | Experiment): string[] => {
  const lesson = 'plan' in step ? step : undefined;
  const rules = lesson && 'rules' in lesson.plan ? (lesson.plan.rules ?? []) : [];
  return [
    ...step.queries.map(({ expr }) => expr),
    ...(lesson?.panels ?? []).flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...(step.picture?.layers ?? []).flatMap((layer) => (layer.kind === 'query' ? [layer.expr] : [])),
    ...rules.map(({ expr }) => expr),
    ...(lesson?.exercises ?? [])
      .filter(({ counts }) => !counts)
      .flatMap(({ answer, mistakes, alsoRight = [] }) => [answer, ...alsoRight, ...mistakes.map(({ query }) => query)]),
  ].map(filled);
};

const selectors = ['requests_total', 'cpu_usage_simulated', 'cpu_usage', '{job="my_app"}', 'up', 'ALERTS', 'nothing'];
const overTime =
  'rate increase irate delta idelta deriv resets changes count_over_time avg_over_time max_over_time last_over_time present_over_time stddev_over_time sum_over_time'
    .split(' ')
    .flatMap((name) =>
      ['7s', '20s', '1m', '5m'].map((window) => (selector: string) => `${name}(${selector}[${window}])`),
    );
const instant = [
  'sum',
  'avg by (instance)',
  'max without (core)',
  'count',
  'stddev',
  'topk(2,',
  'quantile(0.9,',
  'abs',
  'sort',
].map((name) => (selector: string) => (name.endsWith(',') ? `${name} ${selector})` : `${name} (${selector})`));
const others = [
  '',
  ' offset 17s',
  ' @ end()',
  ' > 50',
  ' > bool 1',
  ' / 0',
  ' unless up',
  ' or vector(1)',
  '[1m:7s]',
  '[30s]',
].map((rest) => (selector: string) => `${selector}${rest}`);
/** Every function with every selector and window. */
const generated = [...overTime, ...instant, ...others].flatMap((make) => selectors.map(make));

const near = (one: number, other: number): boolean =>
  Object.is(one, other) || Math.abs(one - other) <= 1e-12 * Math.max(1, Math.abs(one), Math.abs(other));

const linesOf = (series: readonly Series[]): [string, Series['samples']][] =>
  series
    .map(({ labels, samples }): [string, Series['samples']] => [JSON.stringify(Object.entries(labels).sort()), samples])
    .sort(([one], [other]) => (one < other ? -1 : 1));

/** Of equal values `topk` takes those that are stored first, which is chance: the values alone are compared. */
const unnamed = (series: readonly Series[]): Series[] => series.map(({ samples }) => ({ labels: {}, samples }));

const isSame = (one: readonly Series[], other: readonly Series[]): boolean => {
  const [own, real] = [linesOf(one), linesOf(other)];
  return (
    own.length === real.length &&
    own.every(([labels, samples], index) => {
      const [name, values] = real[index]!;
      return (
        labels === name &&
        samples.length === values.length &&
        samples.every(([at, value], n) => at === values[n]![0] && near(value, values[n]![1]))
      );
    })
  );
};

/** @returns how many answers were compared */
const compare = async (own: Reader, real: Reader, queries: readonly string[], now: number): Promise<number> => {
  const unequal: string[] = [];
  let compared = 0;
  for (const query of queries) {
    for (const at of [now, now - 31.4]) {
      const [one, other] = [await own.ask(query, at), await real.ask(query, at)];
      const isEqual =
        'refused' in one || 'refused' in other
          ? 'refused' in one && 'refused' in other && one.refused === other.refused
          : one.type === other.type &&
            (query.startsWith('topk(')
              ? isSame(unnamed(one.series), unnamed(other.series))
              : isSame(one.series, other.series));
      if (!isEqual) unequal.push(`${query} at ${at}: ${JSON.stringify([one, other]).slice(0, 400)}`);
      compared += 1;
    }
  }
  assert.deepEqual(unequal, []);
  return compared;
};

/** It is written down as long as it is not older than what Prometheus takes, nor later than now. */
const begun = Math.floor(Date.now() / 1_000) - 400;

const someIncident = stepOfIncident({ seed: 7, level: 2, scrapeSeconds: 5 });

const steps: (Step | Experiment)[] = [...plainSteps, ...experiments];
for (const step of steps) {
  const lack = lackOf(step);
  const skip = missing || (lack !== undefined && `a tab has not what it needs: ${lack}`);
  test(`${step.command}: what is asked is answered as by a real Prometheus`, { skip }, async (t) => {
    const stage = new Stage(engine, step === incidentStep ? someIncident : step, usualKnobs, begun);
    await stage.advance(begun + playedSeconds);
    const [own, real] = [stage.read(), await prometheusWith(t, stage)];
    const compared = await compare(own, real, [...new Set(queriesOf(step))], stage.now);
    assert.ok(compared >= 4, `${compared} answers`);
    for (const query of queriesOf(step).slice(0, 3)) {
      const range = [query, begun - 60, stage.now, 7] as const;
      const both = await Promise.allSettled([own.range(...range), real.range(...range)]);
      if (both[0].status === 'rejected' || both[1].status === 'rejected') {
        assert.equal(both[0].status, both[1].status, query);
        continue;
      }
      assert.ok(isSame(both[0].value, both[1].value), `the range of ${query}`);
    }
    if (!('plan' in step)) return;
    const { query, ask, range, samples } = real;
    const verdicts = [
      await step.check(own, stage.lab()),
      await step.check({ ...own, query, ask, range, samples }, stage.lab()),
    ];
    assert.deepEqual(verdicts[0], verdicts[1]);
  });
}

test('five hundred queries are answered as by a real Prometheus', { skip: missing }, async (t) => {
  const stage = new Stage(engine, experiments.find(({ number }) => number === 9)!, usualKnobs, begun);
  await stage.advance(begun + playedSeconds);
  const compared = await compare(stage.read(), await prometheusWith(t, stage), generated, stage.now);
  assert.ok(compared >= 1_000, `${compared} answers`);
});
