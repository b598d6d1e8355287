import { type Instance, instancesIn, seriesOf, storedSeries, targetsIn, withTruth } from '../../lab/evidence/fleet.ts';
import { whenItHappened } from '../../lab/evidence/happening.ts';
import { storedIsRight } from '../../lab/evidence/increase.ts';
import { activeSince } from '../../lab/evidence/samples.ts';
import { clock, seconds } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { requests as counter } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Series } from '../../lab/promql/sample.ts';
import { lookbackSeconds } from '../../lab/promql/window.ts';
import {
  type Answers,
  type Deploy,
  type Evaluations,
  theFix,
  theGap,
  theOldValue,
  theRefusal,
  whatHappened,
} from './findings.ts';
import { joined, matching, recorded, recordedCount, recordedUnique, unique, windowSeconds } from './join.ts';
import { anyMetSeveral, type Member } from './matches.ts';

export type Measured = {
  since: number;
  deploy: Deploy;
  /** every instance that shows its version */
  members: Member[];
  evaluations: Evaluations;
  answers: Answers;
};

/** Evaluations that are shown before the deploy, and after it: one that both joins have again. */
const around = { before: 3, after: 1 };

/** When the last of the evaluations that are measured is stored. */
const dueAt = ({ to }: Deploy, { scrapeSeconds, evaluationSeconds }: Lab): number =>
  to + scrapeSeconds + around.after * evaluationSeconds + 1;

const deployingIn = (lab: Lab): Instance[] => instancesIn(lab).filter(({ simulates }) => simulates.includes('deploy'));

/** The deploy that comes first. */
const deployIn = async (read: Reader, lab: Lab): Promise<Deploy | undefined> => {
  const reported = deployingIn(lab).map(async ({ instance, number }): Promise<Deploy[]> => {
    const { deploy } = await read.truth(lab.now, lab.now, { instance: number });
    return deploy ? [{ instance, from: deploy.from, to: deploy.to }] : [];
  });
  const deploys = (await Promise.all(reported)).flat();
  return deploys.sort((one, other) => one.from - other.from)[0];
};

const measure = async (deploy: Deploy, read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const since = activeSince(lab);
  // What comes later is another story, and may be hours long.
  const until = dueAt(deploy, lab);
  const from = deploy.from - around.before * lab.evaluationSeconds;
  const metrics = [counter, matching, recorded, recordedUnique, recordedCount];
  const window = { at: until, windowSeconds: until - from + lookbackSeconds };
  const stored = await storedSeries(read, { metrics }, window);
  const members = targetsIn(stored, deployingIn(lab)).map((target): Member => {
    const versions = seriesOf(target.series, matching).map(({ labels, samples }) => [labels.version ?? '', samples]);
    return { ...target, versions: Object.fromEntries(versions) };
  });
  const evaluations = evaluationsIn(stored, Math.max(since, from));
  const at = evaluations.all.findLast((each) => anyMetSeveral(members, each) === 'yes');
  if (at === undefined) return tooSlow(deploy, lab);
  return {
    since,
    deploy,
    evaluations,
    members: await withTruth(members, read, lab, Math.max(since, at - windowSeconds), at),
    answers: await answersAt(read, at, stored),
  };
};

const tooSlow = ({ instance, from, to }: Deploy, { scrapeSeconds, evaluationSeconds }: Lab): Judgement => ({
  kind: 'elsewhere',
  reason: `no evaluation met the two versions that ${instance} showed for ${seconds(to - from)}, at a scrape every ${seconds(scrapeSeconds)} and an evaluation every ${seconds(evaluationSeconds)}`,
  type: 'make exp-15 SCRAPE_INTERVAL=5s',
});

/** From the first that both joins had a result of. */
const evaluationsIn = (stored: readonly Series[], from: number): Evaluations => {
  const timesOf = (name: string) => {
    const times = seriesOf(stored, name).flatMap(({ samples }) => samples.map(([at]) => at).filter((at) => at >= from));
    return [...new Set(times)].sort((one, other) => one - other);
  };
  const [all, joined, fixed] = [recordedCount, recorded, recordedUnique].map(timesOf) as [number[], number[], number[]];
  const begun = Math.max(joined[0] ?? Number.POSITIVE_INFINITY, fixed[0] ?? Number.POSITIVE_INFINITY);
  return { all: all.filter((at) => at >= begun), joined, fixed };
};

const answersAt = async (read: Reader, at: number, stored: readonly Series[]): Promise<Answers> => {
  const results = seriesOf(stored, recorded);
  const lastAt = Math.max(
    ...results.flatMap(({ samples }) => samples.map(([time]) => time).filter((time) => time < at)),
  );
  const values = results.flatMap(({ labels, samples }) => {
    const last = samples.find(([time]) => time === lastAt);
    return last === undefined ? [] : [[labels.version ?? '', last[1]] as const];
  });
  const shown = await read.query(recorded, at);
  const whole = await read.query(joined(unique), at);
  return {
    at,
    join: await read.ask(joined(matching), at),
    shown: Object.fromEntries(
      shown.map(({ labels, samples }) => [labels.version ?? '', samples[0]?.[1] ?? Number.NaN]),
    ),
    last: { at: lastAt, values: Object.fromEntries(values) },
    fixed: whole.reduce((sum, { samples }) => sum + (samples[0]?.[1] ?? Number.NaN), 0),
  };
};

export const verdict = ({ since, deploy, members, evaluations, answers }: Measured): Judgement => {
  return {
    kind: 'measured',
    findings: [
      whatHappened(deploy, members),
      storedIsRight(members, Math.max(since, answers.at - windowSeconds), answers.at),
      theGap(evaluations, members, deploy),
      theOldValue(answers),
      theRefusal(answers),
      theFix(evaluations, members, answers),
    ],
  };
};

export const { look, check } = whenItHappened({
  what: (lab, read) => deployIn(read, lab),
  none: 'no instance is deployed',
  began: ({ instance, from }) => ({ at: from, was: `${instance} was deployed at ${clock(from)}` }),
  waits: (deploy, lab) => ({
    until: dueAt(deploy, lab),
    reason: `the deploy of ${deploy.instance}, and for the evaluations after it`,
  }),
  leftovers: ({ from }) => ({ what: 'versions', selector: matching, at: from }),
  measure,
  verdict,
});
