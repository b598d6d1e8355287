import { checkOf } from '../../lab/evidence/happening.ts';
import { only, storedBetween, surelySince, untilScrapes } from '../../lab/evidence/samples.ts';
import { couldHaveSeen, cpuOf, marginSeconds, scrapesIn } from '../../lab/evidence/scrape.ts';
import { clock, count, seconds, truthBetween } from '../../lab/model/format.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import { cpu as gauge, ofExporter, scrapeDuration, startTime, targetUp } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Claim, Fact, Finding, Judgement } from '../../lab/model/verdict.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { lastOutage, type Outage } from './outage.ts';

export const up = `${targetUp}{job="my_app"}`;
const lookBackSeconds = 3_600;

export type Measured = {
  lab: Lab;
  /** samples of `up` and of the gauge, last hour */
  up: Sample[];
  gauge: Sample[];
  outage: Outage | undefined;
  /** since when they are of the process that the outage ended: an earlier one may have exposed other metrics */
  since: number;
  /** series in an instant query of the gauge, at the last good scrape and at the first failed one */
  seriesAtGood: number;
  seriesAtFailed: number;
  /** of the first good scrape after the outage: how it lasted, what really was, and which process it met */
  back: { durations: Sample[]; truth: Truth; startedAt: number | undefined } | undefined;
};

const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const stored = (metric: string) => storedBetween(read, ofExporter(metric), lab.now - lookBackSeconds, lab.now);
  const samples = await stored(targetUp);
  const last = samples.at(-1)?.[0] ?? lab.now;
  const outage = lastOutage(samples);
  const seriesAt = async (at: number | undefined) =>
    at === undefined ? 0 : (await read.query(ofExporter(gauge), at)).length;
  const back = outage?.back;
  const startedAt = outage && only(await read.query(ofExporter(startTime), outage.good))[0]?.[1];
  return {
    lab,
    up: samples,
    gauge: await storedBetween(read, ofExporter(gauge), lab.now - lookBackSeconds, last),
    outage,
    since: Math.max(surelySince(startedAt ?? lab.now), ofThisPrometheus(lab, outage)),
    seriesAtGood: await seriesAt(outage?.good),
    seriesAtFailed: await seriesAt(outage?.failed),
    back:
      back === undefined || lab.exporter === undefined
        ? undefined
        : {
            durations: await storedBetween(read, ofExporter(scrapeDuration), back, back),
            truth: await read.truth(back - 1, back + marginSeconds),
            startedAt: only(await read.query(ofExporter(startTime), back))[0]?.[1],
          },
  };
};

/** The Prometheus before this one may have dropped or renamed what it scraped. */
const ofThisPrometheus = ({ prometheusStartedAt }: Lab, outage: Outage | undefined): number =>
  outage !== undefined && prometheusStartedAt <= outage.good ? prometheusStartedAt : 0;

export const verdict = (measured: Measured): Judgement => {
  const { lab, outage, up: ups } = measured;
  const answers = lab.exporter !== undefined;
  if (outage === undefined || (!answers && outage.back !== undefined)) {
    if (answers) return { kind: 'elsewhere', reason: 'the exporter answers and `up` has been 1 throughout' };
    const last = ups.at(-1);
    if (last?.[1] === 0) {
      const reason = 'the exporter has been down for longer than the hour that the check reads';
      return { kind: 'elsewhere', reason, type: 'make up, then make exp-1' };
    }
    return { kind: 'wait', seconds: untilScrapes(1, last?.[0], lab), reason: 'the first scrape that fails' };
  }
  const { good, failed, back } = outage;
  if (lab.prometheusStartedAt > good && lab.prometheusStartedAt < failed) {
    return {
      kind: 'elsewhere',
      reason:
        'Prometheus itself restarted between the last good scrape and the first failed one, so it knows no series that could go stale',
      type: 'make up, then make exp-1',
    };
  }
  if (answers && back === undefined) {
    const last = ups.at(-1)?.[0];
    return {
      kind: 'wait',
      seconds: untilScrapes(1, last, lab),
      reason: 'the first scrape after the exporter is up again',
    };
  }
  const findings = [
    fall(lab, outage, ups),
    staleness(measured, outage),
    nothingMadeUp(measured, outage),
    ...(back === undefined ? reason(lab) : returned(measured, outage, back)),
  ];
  return back === undefined ? { kind: 'measured', findings, afterUndo: 'the return' } : { kind: 'measured', findings };
};

/** Every scrape that began after the stop has to have failed, and every one from before it to have gone well. */
const fall = ({ applied, scrapeSeconds }: Lab, { good, failed, back }: Outage, ups: Sample[]): Finding => {
  const fell = `\`up\` dropped from 1 to 0 at ${clock(failed)}, ${seconds(failed - good)} after the last good scrape (one is due every ${seconds(scrapeSeconds)})`;
  const evidence = `${up}[15m]`;
  if (applied?.step !== 'exp-1' || failed < applied.from) return { fact: fell, evidence };
  const after = ups.filter(([at]) => at > applied.to && at < (back ?? Number.POSITIVE_INFINITY));
  const stillUp =
    good > applied.to ? [good, ...after.filter(([, value]) => value !== 0)] : after.filter(([, value]) => value !== 0);
  const latest = Math.max(0, failed - Math.max(good, applied.from));
  return {
    claim: `${fell}, at most ${seconds(latest)} after the exporter stopped`,
    holds: stillUp.length === 0,
    evidence,
    expected: `0 in every scrape since the stop, which was done by ${clock(applied.to)}`,
    measured: `${stillUp.length} later scrapes that succeeded`,
    look: 'whether a second exporter answers on the same address',
  };
};

const staleness = ({ seriesAtGood, seriesAtFailed }: Measured, { good, failed }: Outage): Claim => ({
  claim: `the gauge is stale at once: ${count(seriesAtGood, 'series')} in an instant query at ${clock(good)}, ${seriesAtFailed} at ${clock(failed)}`,
  holds: seriesAtGood === 1 && seriesAtFailed === 0,
  evidence: `${gauge} at ${clock(good)} and at ${clock(failed)}`,
  expected: '1 and 0: a failed scrape marks every series of its target stale',
  measured: `${seriesAtGood} and ${seriesAtFailed}`,
  look: `${gauge}[1m] in the table view`,
});

/** A sample of the gauge for each scrape that went well, at its time, and none for one that failed. */
const nothingMadeUp = ({ gauge: stored, up: scrapes, since }: Measured, { good }: Outage): Claim => {
  const ups = scrapes.filter(([at]) => at >= since);
  const samples = stored.filter(([at]) => at >= since);
  const times = new Set(samples.map(([at]) => at));
  const well = ups.filter(([, value]) => value === 1);
  const failed = ups.filter(([, value]) => value !== 1);
  const missing = well.filter(([at]) => !times.has(at)).length;
  const invented = failed.filter(([at]) => times.has(at)).length;
  const scraped = new Set(ups.map(([at]) => at));
  const between = samples.filter(([at]) => !scraped.has(at)).length;
  return {
    claim: `the past stays and nothing is made up: ${count(well.filter(([at]) => at <= good).length, 'scrape')} before the outage left a sample each, ${count(failed.length, 'failed scrape')} left none`,
    holds: missing + invented + between === 0,
    evidence: `${gauge}[1h] beside ${up}[1h]`,
    expected: 'a sample of the gauge at the time of each scrape that went well, and no other',
    measured: `${missing} missing, ${invented} of failed scrapes, ${between} of no scrape`,
    look: `${gauge}[15m] in the table view`,
  };
};

const reason = ({ target }: Lab): Fact[] => [
  { fact: `Prometheus says why: ${target?.lastError || 'nothing yet'}`, evidence: '/api/v1/targets, lastError' },
];

const returned = ({ gauge: samples, back: met, lab }: Measured, { good, failed }: Outage, back: number): Finding[] => {
  const outage = `the outage lasted ${seconds(back - failed)} in \`up\``;
  const startedAt = lab.exporter?.startedAt;
  // The truth of an exporter that has been started again since is another one.
  if (met === undefined || startedAt === undefined || startedAt > back) {
    return [{ fact: outage, evidence: `${up}[15m]` }];
  }
  // One that was only frozen, or out of reach, is still the process of before.
  const isNew = startedAt > good - 1;
  const start = isNew
    ? `; \`up\` was 1 again ${seconds(Math.max(0, back - startedAt))} after the exporter started`
    : '';
  const value = samples.find(([at]) => at === back)?.[1];
  const could = couldHaveSeen(cpuOf(met.truth), scrapesIn(met.durations)(back));
  const isItsProcess = Math.abs((met.startedAt ?? Number.NaN) - met.truth.startedAt) <= 1;
  return [
    { fact: `${outage}${start}`, evidence: `${up}[15m]` },
    {
      claim: `the first sample after it is a true one: ${value} %, from the process that started at ${clock(met.truth.startedAt)}`,
      holds: value !== undefined && could.includes(value) && isItsProcess,
      evidence: `${gauge} and ${startTime} at ${clock(back)} against ${truthBetween(back, back + 1)}`,
      expected: `${could.join(' or ')} %, from the process of ${clock(met.truth.startedAt)}`,
      measured: `${value} %, from the process of ${met.startedAt === undefined ? 'an unknown time' : clock(met.startedAt)}`,
      look: 'the log of the exporter',
    },
  ];
};

export const check = checkOf(measure, verdict);
