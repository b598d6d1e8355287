import { type Instance, instancesIn, seriesOf, storedSeries, targetsIn, withTruth } from '../../lab/evidence/fleet.ts';
import { waitUntil, whenItHappened } from '../../lab/evidence/happening.ts';
import { activeSince, only } from '../../lab/evidence/samples.ts';
import { clock, duration, seconds } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { requests as counter } from '../../lab/model/metrics.ts';
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
  theFall,
  theFault,
  theFix,
  whatHappened,
  whatWasStored,
} from './findings.ts';

/** Once an instance has left, its absence takes a scrape that fails, and an evaluation, to show. */
const showsWithin = ({ scrapeSeconds, evaluationSeconds }: Lab): number => scrapeSeconds + evaluationSeconds + 5;

type Leaver = Instance & { leavesAt: number };

/** Until when it is surely seen that it left, and the window around that is over. */
const dueAt = ({ leavesAt }: Leaver, lab: Lab): number => leavesAt + showsWithin(lab) + windowSecondsFor(lab) / 2;

const awaited = ({ instance }: Leaver, lab: Lab): string =>
  `${instance} to leave, and for ${seconds(windowSecondsFor(lab))} around that`;

const measure = async (leaver: Leaver, read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const since = activeSince(lab);
  const { job, leavesAt } = leaver;
  // What comes later is another story, and may be hours long.
  const until = Math.min(lab.now, leavesAt + showsWithin(lab) + windowSecondsFor(lab));
  const window = { at: until, windowSeconds: Math.max(1, until - since) };
  const stored = await storedSeries(read, { metrics: [counter, recordedSum], jobs: [job] }, window);
  const instances = instancesIn(lab).filter((each) => each.job === job);
  const members = targetsIn(stored, instances).map((target, index): Member => {
    const { leavesAt } = instances[index]!;
    return { ...target, ...(leavesAt && { leavesAt }) };
  });
  const recorded = only(seriesOf(stored, recordedSum));
  const fall = fallIn({ lab, members, recorded });
  const end = fall?.at ?? dueAt(leaver, lab);
  if (lab.now < end) return waitUntil(end + 1, lab, awaited(leaver, lab));
  if (fall === undefined) {
    const isWhole = (wholeSince(recorded, members) ?? leavesAt) < leavesAt;
    return isWhole ? { kind: 'measured', findings: [neverFell(leaver.instance)] } : tooSlow(leaver, members, lab);
  }
  const answer = async (expr: string) => ofJob(await read.query(expr, fall.at), job);
  const range = duration(fall.windowSeconds);
  return {
    lab,
    recorded,
    fall,
    members: await withTruth(members, read, lab, fall.at - fall.windowSeconds, fall.at),
    increaseOfSum: await answer(increaseOfSum(range)),
    sumOfIncreases: await answer(sumOfIncreases(range)),
  };
};

const tooSlow = ({ instance }: Leaver, members: readonly Member[], { scrapeSeconds }: Lab): Judgement => ({
  kind: 'elsewhere',
  reason: `${instance} left before the sum had held all ${members.length}, at a scrape every ${seconds(scrapeSeconds)}`,
  type: 'make exp-9 SCRAPE_INTERVAL=5s',
});

const leaverIn = (lab: Lab): Leaver | undefined =>
  instancesIn(lab).find((each): each is Leaver => each.leavesAt !== undefined);

const ofJob = (series: readonly Series[], job: string): number =>
  only(series.filter(({ labels }) => labels.job === job))[0]?.[1] ?? Number.NaN;

export const fallIn = ({
  recorded,
  members,
  lab,
}: Pick<Measured, 'recorded' | 'members' | 'lab'>): Fall | undefined => {
  const whole = wholeSince(recorded, members);
  const leavesAt = members.find((each) => each.leavesAt !== undefined)?.leavesAt;
  return whole === undefined || leavesAt === undefined ? undefined : fallAfter(recorded, whole, leavesAt, lab);
};

export const verdict = (measured: Measured): Judgement => {
  const { members, fall } = measured;
  const leaver = members.find((each) => each.leavesAt !== undefined)!;
  const stay = members.filter((each) => each !== leaver);
  const failed = stay.find(({ up }) => inWindow(up, fall.at, fall.windowSeconds).some(([, value]) => value !== 1));
  if (failed)
    return { kind: 'elsewhere', reason: `a scrape of ${failed.instance} failed while ${leaver.instance} left` };
  return {
    kind: 'measured',
    findings: [
      whatHappened(members, fall, leaver.leavesAt!),
      whatWasStored(stay, fall),
      theFall(measured, stay, leaver, fall),
      theFault(measured, fall),
      theFix(measured, fall),
    ],
  };
};

export const { look, check } = whenItHappened({
  what: leaverIn,
  none: 'no instance of a fleet leaves',
  began: ({ instance, leavesAt }) => ({ at: leavesAt, was: `${instance} had left at ${clock(leavesAt)}` }),
  waits: (leaver, lab) => ({ until: leaver.leavesAt, due: dueAt(leaver, lab) + 1, reason: awaited(leaver, lab) }),
  leftovers: ({ job, leavesAt }) => ({ what: 'counters', selector: `${counter}{job="${job}"}`, at: leavesAt }),
  measure,
  verdict,
});
