import { instancesIn } from '../../lab/evidence/fleet.ts';
import { awaited, latestStretch, observe, truthAbout } from '../../lab/evidence/observed.ts';
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
    (each) => each.job === job && each.plays.includes('latency') && each.plays.includes('errors'),
  );
  const now = Math.floor(lab.now);
  const observed = await observe(read, lab, instances, [buckets, routed, errors, requests]);
  const told = await Promise.all(instances.map(({ number }) => read.truth(now, now, { instance: number })));
  const members = observed.flatMap((each, index): Member[] => {
    const { shares, buckets: edges } = told[index]!.latency!;
    return shares.length === 1 ? [{ ...each, takesSeconds: shares[0]!.seconds, edges }] : [];
  });
  const stretch = latestStretch(members, lab);
  if (members.length === 0 || 'seconds' in stretch) return { lab, members };
  const asked = Object.entries(questions).map(async ([name, question]) => [
    name,
    await read.query(question(duration(stretch.windowSeconds)), stretch.at),
  ]);
  const truths = await Promise.all(members.map(({ number }) => truthAbout(read, lab, stretch, number)));
  return {
    lab,
    members: members.map((each, index) => ({ ...each, truth: truths[index]! })),
    answers: Object.fromEntries(await Promise.all(asked)) as Answers,
  };
};

export const verdict = ({ lab, members, answers }: Measured): Judgement => {
  if (members.length !== 2 || members[0]!.takesSeconds === members[1]!.takesSeconds) {
    return { kind: 'elsewhere', reason: 'there are no two instances with latencies and errors of their own' };
  }
  const stretch = latestStretch(members, lab);
  if ('seconds' in stretch || answers === undefined) {
    return { kind: 'wait', seconds: 'seconds' in stretch ? stretch.seconds : 1, reason: awaited(lab) };
  }
  return {
    kind: 'measured',
    findings: [
      whatHappened(members, stretch),
      whatWasStored(members, stretch),
      averageOfPercentiles(members, answers, stretch),
      pooledPercentile(members, answers, stretch),
      averageOfRatios(members, answers, stretch),
      pooledRatio(members, answers, stretch),
      simpsonsTurn(members, answers, stretch),
    ],
  };
};

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
