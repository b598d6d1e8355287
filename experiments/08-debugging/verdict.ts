import { cpu as gauge, ofExporter, targetUp } from '../metrics.ts';
import { storedBetween, untilScrapes } from '../samples.ts';
import type { Claim, Fact, Judgement, Lab, Reader, Sample, TsdbStatus } from '../types.ts';
import { clock, count, seconds } from '../words.ts';
import { diagnose, nearestNames } from './diagnosis.ts';

export const missing = 'fake_metric';
export const up = `${targetUp}{job="my_app"}`;
const lookBackSeconds = 3_600;

export type Measured = {
  lab: Lab;
  /** series of the name that does not exist */
  missingSeries: number;
  /** stored samples of `up`, and of the gauge up to the last of these, last hour */
  up: Sample[];
  gauge: Sample[];
  names: string[];
  /** metric names that the exporter serves when asked by hand */
  served: string[];
  tsdb: TsdbStatus;
};

const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const from = lab.now - lookBackSeconds;
  const ups = await storedBetween(read, ofExporter(targetUp), from, lab.now);
  return {
    lab,
    missingSeries: (await read.query(missing, lab.now)).length,
    up: ups,
    gauge: await storedBetween(read, ofExporter(gauge), from, ups.at(-1)?.[0] ?? lab.now),
    names: await read.metricNames(),
    served: await read.exporterMetrics(),
    tsdb: await read.tsdb(),
  };
};

export const verdict = (measured: Measured): Judgement => {
  const { lab, up: ups } = measured;
  const { target } = lab;
  if (target?.health === 'up') return { kind: 'elsewhere', reason: 'the target is up: nothing is broken' };
  if (lab.exporter === undefined) {
    return { kind: 'elsewhere', reason: 'the exporter itself does not answer: this is not a fault of the scrape' };
  }
  const last = ups.at(-1);
  if (target === undefined || target.health === 'unknown' || last?.[1] !== 0) {
    const own = last && last[0] >= lab.prometheusStartedAt ? last[0] : undefined;
    return { kind: 'wait', seconds: untilScrapes(1, own, lab), reason: 'the first scrape that fails' };
  }
  const { lastError, scrapeUrl } = target;
  return {
    kind: 'measured',
    findings: [
      nameClaim(measured),
      freshnessClaim(measured),
      { fact: `3. Is the target up? \`up\` is 0: ${lastError}`, evidence: '/api/v1/targets, lastError' },
      servedClaim(measured),
      faultClaim(lastError, scrapeUrl),
      roomFact(measured),
    ],
  };
};

const nameClaim = ({ missingSeries, names }: Measured): Claim => {
  const near = nearestNames(missing, names);
  const nearest = near.length > 0 ? ` (nearest: ${near.join(', ')})` : '';
  return {
    claim: `1. Is the name right? ${missing} has ${count(missingSeries, 'series')}, and none of ${count(names.length, 'known name')} is it${nearest}. An empty answer is no error`,
    holds: missingSeries === 0 && !names.includes(missing),
    evidence: `${missing} and /api/v1/label/__name__/values`,
    expected: 'no series, and no such name',
    measured: `${count(missingSeries, 'series')}, the name is ${names.includes(missing) ? 'known' : 'unknown'}`,
    look: '/api/v1/label/__name__/values',
  };
};

/** No scrape that failed has left a sample, so the newest is not newer than the last one that went well. */
const freshnessClaim = ({ gauge: samples, up: ups, names, lab }: Measured): Claim => {
  const newest = samples.at(-1)?.[0];
  const firstFailed = ups[ups.findLastIndex(([, value]) => value === 1) + 1]![0];
  const isFresh = newest !== undefined && newest >= firstFailed;
  const age =
    newest === undefined ? 'and has none in the last hour' : `its newest sample is ${seconds(lab.now - newest)} old`;
  return {
    claim: `2. Has it a fresh sample? ${gauge} exists by name, ${age}; scrapes have failed since ${clock(firstFailed)}`,
    holds: names.includes(gauge) && !isFresh,
    evidence: `time() - timestamp(${gauge}) beside ${up}[1h]`,
    expected: 'a known name, and no sample since the scrape fails',
    measured: names.includes(gauge) ? `a sample at ${clock(newest ?? 0)}` : 'an unknown name',
    look: `${gauge}[15m] in the table view`,
  };
};

const servedClaim = ({ served }: Measured): Claim => ({
  claim: `4. Does the exporter serve it? Asked by hand it serves ${count(served.length, 'metric')}, ${gauge} ${served.includes(gauge) ? 'among' : 'not among'} them`,
  holds: served.includes(gauge),
  evidence: 'the exporter, /metrics',
  expected: `${gauge} among them`,
  measured: served.length === 0 ? 'no answer' : 'not there',
  look: 'the log of the exporter',
});

const faultClaim = (lastError: string, scrapeUrl: string): Claim => {
  const cause = diagnose(lastError, scrapeUrl);
  return {
    claim: `5. So the fault is in the scrape, ${scrapeUrl}: ${cause ?? 'a cause that this list does not know'}`,
    holds: cause !== undefined,
    evidence: '/api/v1/targets, scrapeUrl',
    expected: 'a cause that the decision list knows',
    measured: lastError || 'no reason at all',
    look: '/api/v1/status/config',
  };
};

const roomFact = ({ tsdb }: Measured): Fact => {
  const biggest = tsdb.byMetric[0];
  const most = biggest ? `; the name with the most is ${biggest.name}, ${biggest.value}` : '';
  return {
    fact: `6. Is there room? The head block holds ${count(tsdb.series, 'series')}${most}. A label with ever new values would show here`,
    evidence: '/api/v1/status/tsdb',
  };
};

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
