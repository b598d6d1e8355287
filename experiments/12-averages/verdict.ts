import { instancesIn, storedSeries, targetsIn, withTruth } from '../../lab/evidence/fleet.ts';
import { awaited, latestWindow, recentWindow } from '../../lab/evidence/latest-window.ts';
import { duration } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { job, requests } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
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
  lab: Lab;
  /** the instances with latencies and errors, the one with most of the requests first */
  members: Member[];
  answers?: Answers;
};

export const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
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
  const window = latestWindow(members, lab);
  if (members.length === 0 || 'seconds' in window) return { lab, members };
  const asked = Object.entries(questions).map(async ([name, question]) => [
    name,
    await read.query(question(duration(window.windowSeconds)), window.at),
  ]);
  return {
    lab,
    members: await withTruth(members, read, lab, window.at - window.windowSeconds, window.at),
    answers: Object.fromEntries(await Promise.all(asked)) as Answers,
  };
};

export const verdict = ({ lab, members, answers }: Measured): Judgement => {
  if (members.length !== 2 || members[0]!.takesSeconds === members[1]!.takesSeconds) {
    return { kind: 'elsewhere', reason: 'there are no two instances with latencies and errors of their own' };
  }
  const window = latestWindow(members, lab);
  if ('seconds' in window || answers === undefined) {
    return { kind: 'wait', seconds: 'seconds' in window ? window.seconds : 1, reason: awaited(lab) };
  }
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

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
