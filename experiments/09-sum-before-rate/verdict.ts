import { type Instance, instancesIn, withTruth } from '../../lab/evidence/fleet.ts';
import { inForceSince, only } from '../../lab/evidence/samples.ts';
import { scrapesIn } from '../../lab/evidence/scrape.ts';
import { hasLeftover, leftover, leftoverSeconds } from '../../lab/evidence/stale.ts';
import { clock, duration, seconds } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { requests as counter, scrapeDuration, targetUp } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Series } from '../../lab/promql/sample.ts';
import { inWindow } from '../../lab/promql/window.ts';
import { type Fall, fallAfter, wholeSince, windowSecondsFor } from './fall.ts';
import {
  increaseOfSum,
  type Measured,
  type Member,
  neverFell,
  recordedSum,
  sumOfIncreases,
  theCure,
  theFall,
  theFault,
  whatHappened,
  whatWasStored,
} from './findings.ts';

/** Once an instance has left, its absence takes a scrape that fails, and an evaluation, to show. */
const showsWithin = ({ scrapeSeconds, evaluationSeconds }: Lab): number => scrapeSeconds + evaluationSeconds + 5;

export const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const since = inForceSince(lab);
  const leaver = leaverIn(lab);
  if (leaver?.leavesAt === undefined) return { lab, since, members: [], recorded: [] };
  const { job, leavesAt } = leaver;
  // What comes later is another story, and may be hours long.
  const until = Math.min(lab.now, leavesAt + showsWithin(lab) + windowSecondsFor(lab));
  const stored = await read.samples(
    `{__name__=~"${[counter, targetUp, scrapeDuration, recordedSum].join('|')}",job="${job}"}`,
    Math.max(1, until - since) + leftoverSeconds,
    until,
  );
  const of = (name: string, instance?: string) =>
    only(stored.filter(({ labels }) => labels.__name__ === name && labels.instance === instance)).filter(
      ([at]) => at >= since,
    );
  const members = instancesIn(lab)
    .filter((each) => each.job === job)
    .map(
      ({ instance, leavesAt }): Member => ({
        instance,
        ...(leavesAt && { leavesAt }),
        requests: of(counter, instance),
        up: of(targetUp, instance),
        scrapeAt: scrapesIn(of(scrapeDuration, instance)),
      }),
    );
  const measured = { lab, since, members, recorded: of(recordedSum) };
  const fall = fallIn(measured);
  if (fall === undefined || lab.now < fall.until) return measured;
  const counters = stored.filter(({ labels }) => labels.__name__ === counter);
  const answer = async (expr: string) => ofJob(await read.query(expr, fall.until), job);
  const window = duration(fall.windowSeconds);
  return {
    ...measured,
    isShadowed: hasLeftover(counters, lab, fall.until),
    members: await withTruth(members, read, lab, fall.until - fall.windowSeconds, fall.until),
    increaseOfSum: await answer(increaseOfSum(window)),
    sumOfIncreases: await answer(sumOfIncreases(window)),
  };
};

const leaverIn = (lab: Lab): Instance | undefined => instancesIn(lab).find(({ leavesAt }) => leavesAt !== undefined);

const ofJob = (series: readonly Series[], job: string): number =>
  only(series.filter(({ labels }) => labels.job === job))[0]?.[1] ?? Number.NaN;

export const fallIn = ({ recorded, members, lab }: Measured): Fall | undefined => {
  const whole = wholeSince(recorded, members);
  const leavesAt = members.find((each) => each.leavesAt !== undefined)?.leavesAt;
  return whole === undefined || leavesAt === undefined ? undefined : fallAfter(recorded, whole, leavesAt, lab);
};

export const verdict = (measured: Measured): Judgement => {
  const { lab, since, members, recorded } = measured;
  const leaver = members.find(({ leavesAt }) => leavesAt !== undefined);
  if (leaver?.leavesAt === undefined) return { kind: 'elsewhere', reason: 'no instance of a fleet leaves' };
  const { instance, leavesAt } = leaver;
  if (since >= leavesAt) {
    return { kind: 'elsewhere', reason: `${instance} had left at ${clock(leavesAt)}, before this Prometheus began` };
  }
  const windowSeconds = windowSecondsFor(lab);
  const due = leavesAt + showsWithin(lab) + windowSeconds / 2;
  const fall = fallIn(measured);
  const until = fall?.until ?? due;
  if (lab.now < until) {
    const reason = `${instance} to leave, and for ${seconds(windowSeconds)} around that`;
    return { kind: 'wait', seconds: Math.max(1, Math.ceil(until - lab.now + 1)), reason };
  }
  if (measured.isShadowed) return leftover('counters', 'make exp-9');
  if (fall === undefined) {
    if ((wholeSince(recorded, members) ?? leavesAt) < leavesAt) {
      return { kind: 'measured', findings: [neverFell(instance)] };
    }
    const reason = `${instance} left before the sum had held all ${members.length}, at a scrape every ${seconds(lab.scrapeSeconds)}`;
    return { kind: 'elsewhere', reason, type: 'make exp-9 SCRAPE_INTERVAL=5s' };
  }
  const stay = members.filter((each) => each !== leaver);
  const failed = stay.find(({ up }) => inWindow(up, fall.until, windowSeconds).some(([, value]) => value !== 1));
  if (failed) return { kind: 'elsewhere', reason: `a scrape of ${failed.instance} failed while ${instance} left` };
  return {
    kind: 'measured',
    findings: [
      whatHappened(members, fall, leavesAt),
      whatWasStored(stay, fall),
      theFall(measured, stay, leaver, fall),
      theFault(measured, fall),
      theCure(measured, fall),
    ],
  };
};

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
