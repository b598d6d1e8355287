import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments, steps } from '../../experiments/catalogue.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import { placesFrom } from '../../lab/running/places.ts';
import { labPrometheus } from '../../lab/running/prometheus.ts';
import { ServiceError } from '../../lab/running/service.ts';
import { createLab, type LabAccess } from '../src/lab.ts';
import { shared } from '../src/shared.ts';
import { listSteps } from '../src/steps.ts';

const now = 1_800_000_000;
const base: Lab = {
  now,
  scrapeSeconds: 5,
  evaluationSeconds: 5,
  prometheusStartedAt: now - 900,
  exporter: { signal: 'random', seed: 1, startedAt: now - 600, cores: 2 },
  target: { health: 'up', lastError: '', scrapeUrl: 'http://exporter:8000/metrics' },
};
const silent = async () => {
  throw new ServiceError('unreachable', labPrometheus, 'Prometheus does not answer at http://localhost:1');
};
const reader = { truth: silent, samples: silent, query: silent, notifications: async () => [] } as unknown as Reader;

const labWith = (changes: Partial<LabAccess>) =>
  createLab({
    places: placesFrom({}),
    observe: async () => base,
    read: reader,
    suppression: async () => undefined,
    askServices: async () => [],
    hasPages: async () => true,
    clock: () => now,
    ...changes,
  });

const at = (step: string): Lab['applied'] => ({ step, from: now - 9, to: now - 5 });
const both: Lab = { ...withSignal('spikes'), scrapeSeconds: 30, applied: at('spikes') };
const active: [what: string, lab: Lab, command: string, verdict: number][] = [
  ['the base lab shows the verdict of experiment 2', base, 'up', 2],
  ['spikes at 5 s show the verdict of experiment 5', withSignal('spikes'), 'spikes', 5],
  ['spikes at 30 s are experiment 5', { ...withSignal('spikes'), scrapeSeconds: 30 }, 'exp-5', 5],
  ['a high signal is experiment 6', withSignal('high'), 'exp-6', 6],
  ['no exporter is experiment 1', { ...base, exporter: undefined }, 'exp-1', 1],
  ['a step that changes nothing is the one that was applied last', { ...base, applied: at('exp-3') }, 'exp-3', 3],
  ['after the base was applied again it is none', { ...base, applied: at('up') }, 'up', 2],
  [
    'a change that shows is believed before what was applied',
    { ...withSignal('high'), applied: at('exp-3') },
    'exp-6',
    6,
  ],
  ['of two steps with the same change it is the one that was applied', both, 'spikes', 5],
  ['a step whose change has gone is not shown', { ...base, applied: at('exp-6') }, 'up', 2],
];
for (const [what, lab, command, verdict] of active) {
  test(what, async () => {
    const state = await labWith({ observe: async () => lab }).state();
    assert.deepEqual([state.active, state.followed], [command, verdict]);
  });
}

function withSignal(signal: string): Lab {
  return { ...base, exporter: { ...base.exporter!, signal } };
}

test('while the exporter hangs it is not known what is active, and nobody calls it gone', async () => {
  const hanging = { ...base, exporter: undefined, exporterIsSilent: true };
  assert.equal((await labWith({ observe: async () => hanging }).state()).active, undefined);
});

test('at other intervals than the words are for, the active step says so', async () => {
  const { steps: listed } = await labWith({
    observe: async () => ({ ...withSignal('spikes'), scrapeSeconds: 1 }),
  }).state();
  const noted = listed.filter(({ intervals }) => intervals !== undefined);
  assert.deepEqual(
    noted.map(({ command }) => command),
    ['spikes'],
  );
  assert.match(noted[0]!.intervals!, /for a scrape interval of 5 s .* This lab has 1 s and /);
});

test('without Prometheus the state is not known, and the page still lists the steps', async () => {
  const state = await labWith({ observe: silent }).state();
  assert.deepEqual([state.lab, state.active, state.steps.length], [undefined, undefined, steps.length]);
});

test('without Prometheus the verdict says so', async () => {
  const live = await labWith({ observe: silent }).verdict(3);
  const reason = 'Prometheus does not answer at http://localhost:1';
  assert.deepEqual(live, { experiment: 3, at: now, verdict: { kind: 'unknown', reason }, queries: [] });
});

test('a picture that several ask for is read once', async () => {
  let asked = 0;
  const truth = async () => {
    asked += 1;
    return silent();
  };
  const lab = labWith({ read: { ...reader, truth, range: silent } as unknown as Reader });
  const [one, other] = await Promise.all([lab.picture('exp-5', 120), lab.picture('exp-5', 120)]);
  assert.equal(one, other);
  assert.deepEqual([asked, one.to - one.from], [1, 120]);
});

const listed = (profiles: string, pages = true) => listSteps(placesFrom({ PROFILES: profiles }), pages);

test('an experiment is listed with its own verdict, a plain step with the one that fits it', () => {
  const verdictOf = Object.fromEntries(listed('').map(({ command, verdict }) => [command, verdict]));
  for (const { command, number } of experiments) assert.equal(verdictOf[command], number, command);
  assert.deepEqual([verdictOf.up, verdictOf.spikes, verdictOf['slow-scrape']], [2, 5, 2]);
});

test('an experiment is listed in the words of its lesson', () => {
  const { title, experiment } = listed('').find(({ command }) => command === 'exp-3')!;
  assert.deepEqual([title, experiment?.number], ['Labels', 3]);
  assert.equal(
    experiment?.question,
    'One metric, two cores: how many series is that, and how do they become one number?',
  );
});

test('without Grafana nothing leads to it', () => {
  assert.deepEqual(
    listed('').filter(({ dashboard }) => dashboard !== undefined),
    [],
  );
  assert.equal(listed('grafana')[0]!.dashboard, 'http://localhost:3000/d/lab-start');
});

test('a query opens Prometheus where that has pages, and runs in the guide alone where it has none', () => {
  const first = (pages: boolean) => listed('', pages)[0]!.queries[0]!;
  assert.match(first(true).link!, /^http:\/\/localhost:9090\/query\?g0\.expr=cpu_usage_simulated&/);
  assert.equal(first(false).link, undefined);
});

test('a range vector is shown as a table, all else as a graph', () => {
  const views = new Map(listed('').flatMap(({ queries }) => queries.map(({ expr, as }) => [expr, as])));
  assert.deepEqual([views.get('cpu_usage_simulated[2m]'), views.get('up')], ['table', 'graph']);
});

test('however many ask, one measurement runs, and its result serves for most of a second', async () => {
  let clock = 0;
  let measured = 0;
  const ask = shared(
    async () => ++measured,
    () => clock,
  );
  assert.deepEqual(await Promise.all([ask(), ask(), ask()]), [1, 1, 1]);
  clock = 899;
  assert.equal(await ask(), 1);
  clock = 900;
  assert.equal(await ask(), 2);
});

test('a measurement that failed is made again', async () => {
  let clock = 0;
  let measured = 0;
  const fails = async () => {
    measured += 1;
    if (measured === 1) throw new Error('not now');
    return measured;
  };
  const ask = shared(fails, () => clock);
  await assert.rejects(ask(), { message: 'not now' });
  clock = 1_000;
  assert.equal(await ask(), 2);
});
