import { cpu as gauge } from '../metrics.ts';
import { only } from '../samples.ts';
import type { Finding, Judgement, Lab, Reader, Sample, Target, TsdbStatus } from '../types.ts';
import { count, seconds } from '../words.ts';
import { diagnose, nearestNames } from './diagnosis.ts';

export const missing = 'fake_metric';
export const up = 'up{job="my_app"}';
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

export const verdict = (measured: Measured): Judgement => {
  const { target, served, names, tsdb } = measured;
  if (target?.health === 'up') {
    return { kind: 'elsewhere', reason: 'the target is up: nothing is broken' };
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

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
