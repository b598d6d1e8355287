import type { Range } from '../model/exercise.ts';
import { clock, listed, seconds } from '../model/format.ts';
import type { Query } from '../model/lesson.ts';
import type { Notification } from '../model/reader.ts';
import type { Happening } from './fault.ts';
import type { Around, Evidence, SeenAlert } from './judge.ts';
import type { Shown } from './shown.ts';

/** What is said of an incident once it may be said. */
export type Debrief = {
  title: string;
  /** the truth, what was seen of it, and which alerts fired and did not: a line each */
  facts: readonly string[];
  picture?: DebriefPicture;
  queries?: readonly Query[];
  /** the experiments behind it */
  behind?: string;
};

/** What happened, what was stored and what alerted, on one axis of time. Unix seconds. */
export type DebriefPicture = {
  from: number;
  to: number;
  happened: Range;
  /** what the stored samples prove of it; not there where its end is not stored yet */
  proved?: Range;
  shown?: Shown;
  alerts: readonly SeenAlert[];
  /** when the guide was notified */
  notified: readonly number[];
};

type Known = {
  startedAt: number;
  evidence: readonly Evidence[];
  around: Around;
  /** undefined where the guide's inbox is not known */
  notifications: readonly Notification[] | undefined;
  now: number;
};

/** Every alert that a learner could have had: a rule of the lab that fires in this fleet. */
const alertsToExpect = ['HighCPU', 'TargetDown', 'ErrorsFromZero', 'ErrorsLazy', 'ErrorsDated'];

export const debriefOf = (known: Known): Required<Debrief>[] => known.evidence.map((one) => debrief(one, known));

const debrief = (evidence: Evidence, known: Known): Required<Debrief> => {
  const { happening, bounds } = evidence;
  const { fault, chosen, from, to } = happening;
  const active = known.around.alerts.filter(({ pendingAt }) => pendingAt >= from - 1 && pendingAt <= to + 120);
  const fired = active.filter(({ firedAt }) => firedAt !== undefined);
  const quiet = alertsToExpect.filter((name) => !fired.some((alert) => alert.name === name));
  const lost =
    bounds.lost === undefined || bounds.lost[1] === 0
      ? []
      : [`lost: ${range(bounds.lost)} requests, as far as the samples show`];
  return {
    title: `${fault.cause}: ${fault.who(chosen)[0]}, ${fault.says}`,
    facts: [
      `truth: from ${clock(from)} to ${clock(to)}, ${seconds(to - from)}`,
      `seen: ${seen('began', bounds.since)}; ${seen('ended', bounds.until)}`,
      ...lost,
      `alerts that fired: ${fired.length === 0 ? 'none' : fired.map(({ name, firedAt }) => `${name}, ${seconds(firedAt! - from)} after it began`).join('; ')}`,
      `alerts that did not: ${listed(quiet)}`,
    ],
    picture: pictureOf(evidence, known),
    queries: fault.queries(chosen),
    behind: listed(fault.experiments.map((folder) => `make exp-${Number(folder.slice(0, 2))} (${folder.slice(3)})`)),
  };
};

const range = ([low, high]: Range): string => (low === high ? `${low}` : `${low} to ${high}`);
const seen = (what: string, bounds: Range | undefined): string =>
  bounds === undefined
    ? `not yet whether it ${what}`
    : `it ${what} between ${clock(bounds[0])} and ${clock(bounds[1])}`;

const pictureOf = ({ happening, bounds: { since, until }, shown }: Evidence, known: Known): DebriefPicture => {
  const { startedAt, around, now, notifications } = known;
  const [from, to] = windowOf(happening, startedAt, now);
  return {
    from,
    to,
    happened: [happening.from, happening.to],
    ...(since && until && { proved: [since[1], Math.max(since[1] + 1, until[0])] }),
    ...(shown && { shown: { ...shown, samples: shown.samples.filter(([at]) => at >= from && at <= to) } }),
    alerts: around.alerts.filter(({ pendingAt }) => pendingAt >= from && pendingAt <= to),
    notified: (notifications ?? [])
      .filter(({ status, receivedAt }) => status === 'firing' && receivedAt >= from && receivedAt <= to)
      .map(({ receivedAt }) => receivedAt)
      .sort((one, other) => one - other),
  };
};

/** From a little before to long enough after it for its alerts. */
const windowOf = ({ from, to }: Happening, startedAt: number, now: number): Range => [
  Math.max(startedAt, from - Math.max(20, (to - from) / 2)),
  Math.min(now, to + Math.max(60, to - from)),
];

/** A debrief as lines of text, for a terminal. */
export const linesOf = ({ facts, picture, queries, behind }: Debrief): string[] => [
  ...facts,
  ...(picture ? rowsOf(picture) : []),
  ...(queries ? ['three queries that show it:'] : []),
  ...(queries ?? []).flatMap(({ expr, read }) => [`  ${expr}`, `      ${read}`]),
  ...(behind ? [`behind it: ${behind}`] : []),
];

const columns = 60;

/** The truth, what the samples prove of it, each alert and the notifications, one below the other. */
const rowsOf = ({ from, to, happened, proved, alerts, notified }: DebriefPicture): string[] => {
  const row = (name: string, marks: (from: number, to: number) => string) =>
    `  ${name.padEnd(14)} ${Array.from({ length: columns }, (_, column) => {
      const at = from + ((to - from) * column) / columns;
      return marks(at, at + (to - from) / columns);
    }).join('')}`;
  const covers =
    ([one, other]: Range) =>
    (begin: number, end: number) =>
      end > one && begin < other ? '█' : '·';
  const alert =
    ({ pendingAt, firedAt = Number.POSITIVE_INFINITY, endedAt = Number.POSITIVE_INFINITY }: SeenAlert) =>
    (begin: number, end: number) =>
      end <= pendingAt || begin >= endedAt ? '·' : end <= firedAt ? '░' : '█';
  return [
    row('what happened', covers(happened)),
    ...(proved ? [row('proved', covers(proved))] : []),
    ...alerts.map((each) => row(each.name, alert(each))),
    ...(notified.length === 0
      ? []
      : [row('notifications', (begin, end) => (notified.some((at) => at >= begin && at < end) ? '!' : '·'))]),
    `  ${''.padEnd(14)} ${clock(from)}${clock(to).padStart(columns - 8)}`,
  ];
};
