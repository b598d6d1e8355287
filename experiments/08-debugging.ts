import { diagnose, nearestNames } from './diagnosis.ts';
import { cpu as gauge, targetUp } from './metrics.ts';
import type { Experiment, Lab, Reader, Target, TsdbStatus, Verdict } from './types.ts';
import { count } from './words.ts';

const missing = 'fake_metric';
const up = 'up{job="my_app"}';

export type Measured = {
  target: Target | undefined;
  scrapeSeconds: number;
  /** series of the name that does not exist, and of the one that went missing */
  missingSeries: number;
  gaugeSeries: number;
  up: number | undefined;
  names: string[];
  /** metric names that the exporter serves when asked by hand */
  served: string[];
  tsdb: TsdbStatus;
};

const measure = async (read: Reader, lab: Lab): Promise<Measured> => ({
  target: lab.target,
  scrapeSeconds: lab.scrapeSeconds,
  missingSeries: (await read.query(missing, lab.now)).length,
  gaugeSeries: (await read.query(gauge, lab.now)).length,
  up: (await read.query(up, lab.now))[0]?.samples[0]?.[1],
  names: await read.metricNames(),
  served: await read.exporterMetrics(),
  tsdb: await read.tsdb(),
});

export const verdict = (measured: Measured): Verdict => {
  const { target, served, names, tsdb } = measured;
  if (target?.health === 'up') {
    return { kind: 'elsewhere', reason: 'the target is up: nothing is broken', type: 'make exp-8' };
  }
  if (target === undefined || target.health === 'unknown' || measured.up !== 0) {
    return { kind: 'wait', seconds: measured.scrapeSeconds + 1, reason: 'the first scrape that fails' };
  }
  const near = nearestNames(missing, names);
  const biggest = tsdb.byMetric[0];
  return {
    kind: 'measured',
    findings: [
      {
        claim: `1. Is the name right? ${missing} has ${count(measured.missingSeries, 'series')}, and none of ${count(names.length, 'known name')} is it${near.length > 0 ? ` (nearest: ${near.join(', ')})` : ''}. An empty answer is no error`,
        holds: measured.missingSeries === 0 && !names.includes(missing),
        evidence: `${missing} and /api/v1/label/__name__/values`,
        expected: 'no series',
        measured: `${measured.missingSeries}`,
        look: '/api/v1/label/__name__/values',
      },
      {
        claim: `2. Is it there now? ${gauge} exists by name and has ${count(measured.gaugeSeries, 'series')} now`,
        holds: measured.gaugeSeries === 0 && names.includes(gauge),
        evidence: gauge,
        expected: 'a known name without a current series',
        measured: `${measured.gaugeSeries} series`,
        look: `${gauge}[15m] in the table view`,
      },
      {
        claim: `3. Is the target up? \`up\` is ${measured.up}: ${target.lastError}`,
        holds: target.lastError !== '',
        evidence: '/api/v1/targets, lastError',
        expected: 'a reason',
        measured: 'none',
        look: '/api/v1/targets',
      },
      {
        claim: `4. Does the exporter serve it? Asked by hand it serves ${count(served.length, 'metric')}, ${served.includes(gauge) ? '' : 'but not '}${gauge} among them`,
        holds: served.includes(gauge),
        evidence: 'the exporter, /metrics',
        expected: `${gauge} among them`,
        measured: served.length === 0 ? 'no answer' : 'not there',
        look: 'the log of the exporter',
      },
      {
        claim: `5. So the fault is in the scrape, ${target.scrapeUrl}: ${diagnose(target.lastError, target.scrapeUrl)}`,
        holds: !diagnose(target.lastError, target.scrapeUrl).startsWith('a cause that'),
        evidence: '/api/v1/targets, scrapeUrl',
        expected: 'a cause that the decision list knows',
        measured: target.lastError,
        look: '/api/v1/status/config',
      },
      {
        claim: `6. Is there room? The head block holds ${count(tsdb.series, 'series')}${biggest ? `, most of them ${biggest.name} (${biggest.value})` : ''}: no flood of labels`,
        holds: tsdb.series > 0,
        evidence: '/api/v1/status/tsdb',
        expected: 'a count of series',
        measured: `${tsdb.series}`,
        look: '/api/v1/status/tsdb',
      },
    ],
  };
};

export const debugging: Experiment = {
  number: 8,
  slug: 'debugging',
  command: 'exp-8',
  title: 'Debugging',
  question: 'Why is my metric missing?',
  overrides: ['broken-scrape'],
  layer: 'scraper',
  changes: 'one deliberate fault in the scrape of the exporter: find it before you look it up',
  matters: 'an empty graph has few causes, and Prometheus knows which one it is',
  todo: [
    'Ask for a name that does not exist: an empty answer, no error.',
    'Open Status → Target health: the reason stands beside the target.',
    'Open Status → TSDB status: how many series there are, and of what.',
    'Switch a graph to the table view: a value without its labels hides half of the answer.',
  ],
  queries: [
    { expr: missing, read: 'empty: Prometheus cannot tell a misspelt name from one that has no data yet' },
    { expr: gauge, read: 'empty as well, though this name is right: its target is down' },
    { expr: up, read: '0: the scrape fails, and Status → Target health says why' },
    { expr: 'scrape_samples_scraped{job="my_app"}', read: '0: not one sample came in' },
    {
      expr: 'topk(5, count by (__name__) ({__name__!=""}))',
      read: 'which metrics hold the most series: dear to run on a big server',
    },
    { expr: 'prometheus_tsdb_head_series', read: 'all series in memory: what TSDB status shows' },
  ],
  expect: 'Two empty answers with different causes: one name does not exist, the other has lost its target.',
  insight:
    'Ask in this order: is the name right, has it a sample now, is its target up, does the exporter serve it, does the scrape ask for the right thing, is there room?',
  undo: 'make up',
  dashboard: 'lab-08-debugging',
  panels: [
    {
      title: 'Is every target up? The one at 0 has a reason in Status → Target health',
      kind: 'timeline',
      targets: [{ expr: targetUp, legend: '{{job}}' }],
      unit: 'state',
      names: { '1': { text: 'up', colour: 'green' }, '0': { text: 'down', colour: 'red' } },
      width: 24,
      height: 6,
    },
    {
      title: 'Samples that each scrape brought: 0 means that nothing came in',
      kind: 'timeseries',
      targets: [{ expr: 'scrape_samples_scraped{job="my_app"}', legend: 'samples' }],
      unit: 'count',
      width: 12,
      height: 8,
    },
    {
      title: 'The metric that went missing',
      kind: 'timeseries',
      targets: [{ expr: gauge, legend: 'CPU' }],
      unit: 'percent',
      range: [0, 100],
      width: 12,
      height: 8,
    },
    {
      title: 'Which metrics hold the most series? TSDB status as a query',
      kind: 'table',
      targets: [{ expr: 'topk(8, count by (__name__) ({__name__!=""}))', legend: '{{__name__}}' }],
      unit: 'count',
      width: 12,
      height: 9,
    },
    {
      title: 'Series in memory',
      kind: 'timeseries',
      targets: [{ expr: 'prometheus_tsdb_head_series', legend: 'series' }],
      unit: 'count',
      width: 12,
      height: 9,
    },
  ],
  inForce: (lab) => lab.exporter !== undefined && lab.target?.health === 'down',
  check: async (read, lab) => verdict(await measure(read, lab)),
};
