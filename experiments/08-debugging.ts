import { diagnose, nearestNames } from './diagnosis.ts';
import { cpu as gauge, targetUp } from './metrics.ts';
import { only } from './samples.ts';
import type { Experiment, Finding, Lab, Reader, Sample, Target, TsdbStatus, Verdict } from './types.ts';
import { count, seconds } from './words.ts';

const missing = 'fake_metric';
const up = 'up{job="my_app"}';
const lookBackSeconds = 900;

export type Measured = {
  target: Target | undefined;
  scrapeSeconds: number;
  /** series of the name that does not exist, and of the one that went missing */
  missingSeries: number;
  /** stored samples of the gauge and of `up`, last quarter of an hour */
  gauge: Sample[];
  up: Sample[];
  now: number;
  names: string[];
  /** metric names that the exporter serves when asked by hand */
  served: string[];
  tsdb: TsdbStatus;
};

const measure = async (read: Reader, lab: Lab): Promise<Measured> => ({
  target: lab.target,
  scrapeSeconds: lab.scrapeSeconds,
  missingSeries: (await read.query(missing, lab.now)).length,
  gauge: only(await read.samples(gauge, lookBackSeconds, lab.now)),
  up: only(await read.samples(up, lookBackSeconds, lab.now)),
  now: lab.now,
  names: await read.metricNames(),
  served: await read.exporterMetrics(),
  tsdb: await read.tsdb(),
});

export const verdict = (measured: Measured): Verdict => {
  const { target, served, names, tsdb } = measured;
  if (target?.health === 'up') {
    return { kind: 'elsewhere', reason: 'the target is up: nothing is broken', type: 'make exp-8' };
  }
  const lastUp = measured.up.at(-1)?.[1];
  if (target === undefined || target.health === 'unknown' || lastUp !== 0) {
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
      freshness(measured),
      {
        claim: `3. Is the target up? \`up\` is ${lastUp}: ${target.lastError}`,
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

/** A value is shown for up to five minutes after its sample, unless a failed scrape could mark it stale. */
const freshness = ({ gauge: samples, up: ups, names, now }: Measured): Finding => {
  const newest = samples.at(-1)?.[0];
  const failedSince = ups[ups.findLastIndex(([, value]) => value === 1) + 1]?.[0] ?? now;
  return {
    claim: `2. Has it a fresh sample? ${gauge} exists by name, ${newest === undefined ? 'and has none in 15 minutes' : `its newest sample is ${seconds(now - newest)} old`}`,
    holds: names.includes(gauge) && (newest === undefined || newest < failedSince),
    evidence: `time() - timestamp(${gauge})`,
    expected: 'a known name, and no sample since the scrape fails',
    measured: names.includes(gauge) ? 'newer samples' : 'an unknown name',
    look: `${gauge}[15m] in the table view`,
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
    {
      expr: gauge,
      read: 'this name is right, yet no new sample comes: a flat old value for five minutes, then nothing',
    },
    { expr: `time() - timestamp(${gauge})`, read: 'the age of that value: it grows by a second every second' },
    { expr: up, read: '0: the scrape fails, and Status → Target health says why' },
    { expr: 'scrape_samples_scraped{job="my_app"}', read: '0: not one sample came in' },
    {
      expr: 'topk(5, count by (__name__) ({__name__!=""}))',
      read: 'which metrics hold the most series: dear to run on a big server',
    },
    { expr: 'prometheus_tsdb_head_series', read: 'all series in memory: what TSDB status shows' },
  ],
  expect: 'One name that does not exist, and one that does but gets no new samples: its target is down.',
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
