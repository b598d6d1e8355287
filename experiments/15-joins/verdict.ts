import { type Instance, instancesIn, storedIsRight, withTruth } from '../../lab/evidence/fleet.ts';
import { inForceSince, only } from '../../lab/evidence/samples.ts';
import { scrapesIn } from '../../lab/evidence/scrape.ts';
import { hasLeftover, leftover, leftoverSeconds } from '../../lab/evidence/stale.ts';
import { clock, seconds } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { requests as counter, scrapeDuration, targetUp } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Series } from '../../lab/promql/sample.ts';
import {
  type Answers,
  type Deploy,
  type Evaluations,
  type Member,
  theCure,
  theHole,
  theOldValue,
  theRefusal,
  whatHappened,
} from './findings.ts';
import { joined, matching, recorded, recordedCount, recordedUnique, unique, windowSeconds } from './join.ts';
import { anyMetSeveral } from './matches.ts';

export type Measured = {
  lab: Lab;
  since: number;
  /** undefined where no instance is deployed */
  deploy: Deploy | undefined;
  /** every instance that shows its version */
  members: Member[];
  evaluations: Evaluations;
  /** undefined where no evaluation surely met two versions */
  answers: Answers | undefined;
  /** whether a version of before this Prometheus is still shown */
  isShadowed: boolean;
};

/** Evaluations that are shown before the deploy and after it. */
const around = 3;

/** When the last of the evaluations that are measured is stored. */
const dueAt = ({ to }: Deploy, { scrapeSeconds, evaluationSeconds }: Lab): number =>
  to + scrapeSeconds + around * evaluationSeconds;

const deployingIn = (lab: Lab): Instance[] => instancesIn(lab).filter(({ plays }) => plays.includes('deploy'));

/** The deploy that comes first. */
const deployIn = async (read: Reader, lab: Lab): Promise<Deploy | undefined> => {
  const told = deployingIn(lab).map(async ({ instance, number }): Promise<Deploy[]> => {
    const { deploy } = await read.truth(lab.now, lab.now, { instance: number });
    return deploy ? [{ instance, from: deploy.from, to: deploy.to }] : [];
  });
  const deploys = (await Promise.all(told)).flat();
  return deploys.sort((one, other) => one.from - other.from)[0];
};

export const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const since = inForceSince(lab);
  const deploy = await deployIn(read, lab);
  const evaluations = { all: [], joined: [], healed: [] };
  const nothing = { lab, since, deploy, members: [], evaluations, answers: undefined, isShadowed: false };
  // What comes later is another story, and may be hours long.
  if (deploy === undefined || lab.now < dueAt(deploy, lab)) return nothing;
  const until = dueAt(deploy, lab);
  const from = deploy.from - around * lab.evaluationSeconds;
  const names = [counter, targetUp, scrapeDuration, matching, recorded, recordedUnique, recordedCount];
  const stored = await read.samples(`{__name__=~"${names.join('|')}"}`, until - from + leftoverSeconds, until);
  const measured = {
    ...nothing,
    members: deployingIn(lab).map((instance) => memberFrom(stored, instance)),
    evaluations: evaluationsIn(stored, Math.max(since, from)),
    isShadowed: hasLeftover(
      stored.filter(({ labels }) => labels.__name__ === matching),
      lab,
      deploy.from,
    ),
  };
  const at = measured.evaluations.all.findLast((each) => anyMetSeveral(measured.members, each) === 'yes');
  if (at === undefined) return measured;
  return {
    ...measured,
    members: await withTruth(measured.members, read, lab, Math.max(since, at - windowSeconds), at),
    answers: await answersAt(read, at, stored),
  };
};

const memberFrom = (stored: readonly Series[], { instance, job }: Instance): Member => {
  const own = stored.filter(({ labels }) => labels.instance === instance && labels.job === job);
  const of = (name: string) => own.filter(({ labels }) => labels.__name__ === name);
  return {
    instance,
    requests: only(of(counter)),
    up: only(of(targetUp)),
    scrapeAt: scrapesIn(only(of(scrapeDuration))),
    versions: Object.fromEntries(of(matching).map(({ labels, samples }) => [labels.version ?? '', samples])),
  };
};

/** From the first that both joins had a result of. */
const evaluationsIn = (stored: readonly Series[], from: number): Evaluations => {
  const timesOf = (name: string) => {
    const times = stored
      .filter(({ labels }) => labels.__name__ === name)
      .flatMap(({ samples }) => samples.map(([at]) => at).filter((at) => at >= from));
    return [...new Set(times)].sort((one, other) => one - other);
  };
  const [all, joined, healed] = [recordedCount, recorded, recordedUnique].map(timesOf) as [
    number[],
    number[],
    number[],
  ];
  const begun = Math.max(joined[0] ?? Number.POSITIVE_INFINITY, healed[0] ?? Number.POSITIVE_INFINITY);
  return { all: all.filter((at) => at >= begun), joined, healed };
};

const answersAt = async (read: Reader, at: number, stored: readonly Series[]): Promise<Answers> => {
  const results = stored.filter(({ labels }) => labels.__name__ === recorded);
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
    healed: whole.reduce((sum, { samples }) => sum + (samples[0]?.[1] ?? Number.NaN), 0),
  };
};

export const verdict = (measured: Measured): Judgement => {
  const { lab, since, deploy, members, evaluations, answers, isShadowed } = measured;
  if (deploy === undefined) return { kind: 'elsewhere', reason: 'no instance is deployed' };
  const { instance, from, to } = deploy;
  const due = dueAt(deploy, lab);
  if (since >= from) {
    const reason = `${instance} was deployed at ${clock(from)}, before this Prometheus began`;
    return { kind: 'elsewhere', reason };
  }
  if (lab.now < due) {
    const reason = `the deploy of ${instance}, and for the evaluations after it`;
    return { kind: 'wait', seconds: Math.max(1, Math.ceil(due - lab.now)), reason };
  }
  if (isShadowed) return leftover('versions', 'make exp-15');
  if (answers === undefined) {
    const reason = `no evaluation met the two versions that ${instance} showed for ${seconds(to - from)}, at a scrape every ${seconds(lab.scrapeSeconds)} and an evaluation every ${seconds(lab.evaluationSeconds)}`;
    return { kind: 'elsewhere', reason, type: 'make exp-15 SCRAPE_INTERVAL=5s' };
  }
  return {
    kind: 'measured',
    findings: [
      whatHappened(deploy, members),
      storedIsRight(members, Math.max(since, answers.at - windowSeconds), answers.at),
      theHole(evaluations, members, deploy),
      theOldValue(answers),
      theRefusal(answers),
      theCure(evaluations, members, answers),
    ],
  };
};

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
