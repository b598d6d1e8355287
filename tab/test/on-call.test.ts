import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import { type Question, SourceError } from '../../guide/page/source.ts';
import { storeMissingShifts } from '../../lab/running/backtest.ts';
import { judgeTyped, references, scenarioNames, type TypedRule } from '../../lab/running/on-call.ts';
import { startShiftsPrometheus } from '../../test/support/shifts.ts';
import { tabShifts } from '../page/shifts.ts';
import { engine, noEngine } from './engine.ts';
import { missing } from './real.ts';

const experimentOf = (slug: string) => {
  const { number, title } = experiments.find((each) => each.slug === slug)!;
  return { number, title };
};
const reply = <Reply>({ ask }: Question<Reply>, signal = new AbortController().signal) => ask(signal);
const rule = (expr: string, pending = '', keep = ''): TypedRule => ({ expr, for: pending, keep });

/** A rule for each scenario, with times of its own, and one that Prometheus refuses. */
const typed: Record<string, TypedRule[]> = {
  errors: [
    rule('sum by (instance) (rate(http_requests_total{code="500"}[15s])) > 0.3', '10s', '45s'),
    rule('sum(rate(http_requests_total{code="500"}[15s])'),
  ],
  disk: [rule('predict_linear(node_filesystem_avail_bytes[90s], 100) < 0', '5s'), rule('predict_linear(up, 1)')],
  hosts: [
    rule('inventory_host unless on (instance) up{job="node"} == 1', '20s', '1m'),
    rule('up{job="node"}[1m]'),
    rule('up == 0', 'soon'),
  ],
};

test('every rule is worth in the tab what make backtest says, to the value', { skip: missing }, async (t) => {
  const { address, read, stop } = await startShiftsPrometheus();
  t.after(stop);
  await storeMissingShifts(address);
  const shifts = tabShifts(engine(), experimentOf);
  for (const name of scenarioNames) {
    const [inTab, real] = [await reply(shifts.references(name)), await references(read, name)];
    assert.ok(real.kind === 'references' && real.references.length >= 4);
    assert.deepEqual(inTab, real);
    for (const each of typed[name]!) {
      const judged = await reply(shifts.judge(name, each));
      assert.deepEqual(judged, await judgeTyped(read, name, each, real.references, experimentOf), each.expr);
    }
  }
});

test('a rule that is judged while another one is typed is given up', { skip: noEngine }, async () => {
  const shifts = tabShifts(engine(), experimentOf);
  await reply(shifts.references('hosts'));
  const controller = new AbortController();
  const judging = reply(shifts.judge('hosts', rule('up == 0')), controller.signal);
  controller.abort();
  await assert.rejects(judging, SourceError);
});

test('without an engine the scenario is there, and why nothing is judged', async () => {
  const shifts = tabShifts(Promise.reject(new Error('it has no WebAssembly')), experimentOf);
  assert.equal((await reply(shifts.scenario(undefined))).name, scenarioNames[0]);
  const lacking = { kind: 'lacking', reason: 'no rule can be evaluated in this browser: it has no WebAssembly' };
  assert.deepEqual(await reply(shifts.references('errors')), lacking);
  assert.deepEqual(await reply(shifts.judge('errors', rule('up'))), lacking);
});

test('a scenario that there is not is named with those that there are', async () => {
  const shifts = tabShifts(new Promise(() => {}), experimentOf);
  await assert.rejects(reply(shifts.scenario('network')), {
    message: 'scenario must be errors, disk or hosts, got "network"',
  });
});
