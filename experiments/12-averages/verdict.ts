import { instancesIn, storedSeries, targetsIn, withTruth } from '../../lab/evidence/fleet.ts';
import { checkOf, isJudgement } from '../../lab/evidence/happening.ts';
import { awaited, latestWindow, recentWindow } from '../../lab/evidence/latest-window.ts';
import { duration } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { job, requests } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Window } from '../../lab/promql/window.ts';
import {
  type Answers,
  averageOfPercentiles,
  averageOfRatios,
  buckets,
  errors,
  type Member,
  pooledPercentile,
  pooledRatio,
  questions,
  routed,
  simpsonsTurn,
  whatHappened,
  whatWasStored,
} from './findings.ts';

export type Measured = {
  /** the two instances with latencies and errors, the one with most of the requests first */
  members: Member[];
  /** in which both were scraped some times */
  window: Window;
  answers: Answers;
};

export const measure = async (read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const instances = instancesIn(lab).filter(
    (each) => each.job === job && each.simulates.includes('latency') && each.simulates.includes('errors'),
  );
  const now = Math.floor(lab.now);
  const metrics = [buckets, routed, errors, requests];
  const stored = instances.length === 0 ? [] : await storedSeries(read, { metrics, jobs: [job] }, recentWindow(lab));
  const truths = await Promise.all(instances.map(({ number }) => read.truth(now, now, { instance: number })));
  const members = targetsIn(stored, instances).flatMap((each, index): Member[] => {
    const { shares, buckets: edges } = truths[index]!.latency!;
    return shares.length === 1 ? [{ ...each, takesSeconds: shares[0]!.seconds, edges }] : [];
  });
  const window = windowOf(members, lab);
  if (isJudgement(window)) return window;
  const asked = Object.entries(questions).map(async ([name, question]) => [
    name,
    await read.query(question(duration(window.windowSeconds)), window.at),
  ]);
  return {
    window,
    members: await withTruth(members, read, lab, window.at - window.windowSeconds, window.at),
    answers: Object.fromEntries(await Promise.all(asked)) as Answers,
  };
};

/** The window in which both can be judged; where there is none, or there are no two, what is to be done. */
export const windowOf = (members: readonly Member[], lab: Lab): Window | Judgement => {
  if (members.length !== 2 || members[0]!.takesSeconds === members[1]!.takesSeconds) {
    return { kind: 'elsewhere', reason: 'there are no two instances with latencies and errors of their own' };
  }
  const window = latestWindow(members, lab);
  return 'seconds' in window ? { kind: 'wait', seconds: window.seconds, reason: awaited(lab) } : window;
};

export const verdict = ({ members, window, answers }: Measured): Judgement => {
  return {
    kind: 'measured',
    findings: [
      whatHappened(members, window),
      whatWasStored(members, window),
      averageOfPercentiles(members, answers, window),
      pooledPercentile(members, answers, window),
      averageOfRatios(members, answers, window),
      pooledRatio(members, answers, window),
      simpsonsTurn(members, answers, window),
    ],
  };
};

export const check = checkOf(measure, verdict);
