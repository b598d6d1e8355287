import type { Range } from '../model/exercise.ts';
import { clock, listed, seconds } from '../model/format.ts';
import type { Notification } from '../model/reader.ts';
import type { Happening } from './fault.ts';
import type { Incident } from './incident.ts';
import type { Around, Evidence } from './judge.ts';

/** What is said of an incident once it may be said, as lines of text. */
export type Debrief = { title: string; lines: readonly string[] };

type Known = {
  incident: Incident;
  startedAt: number;
  evidence: readonly Evidence[];
  around: Around;
  /** undefined where the guide's inbox is not known */
  notifications: readonly Notification[] | undefined;
  now: number;
};

/** Every alert that a learner could have had: a rule of the lab that fires in this fleet. */
const alertsToExpect = ['HighCPU', 'TargetDown', 'ErrorsFromZero', 'ErrorsLazy', 'ErrorsDated'];

export const debriefOf = (known: Known): Debrief[] => known.evidence.map((one) => debrief(one, known));

const debrief = ({ happening, bounds }: Evidence, known: Known): Debrief => {
  const { fault, chosen, from, to } = happening;
  const { alerts } = known.around;
  const active = alerts.filter(({ pendingAt }) => pendingAt >= from - 1 && pendingAt <= to + 120);
  const fired = active.filter(({ firedAt }) => firedAt !== undefined);
  const quiet = alertsToExpect.filter((name) => !fired.some((alert) => alert.name === name));
  const lost =
    bounds.lost === undefined || bounds.lost[1] === 0
      ? []
      : [`lost: ${range(bounds.lost)} requests, as far as the samples show`];
  return {
    title: `${fault.cause}: ${fault.who(chosen)[0]}, ${fault.says}`,
    lines: [
      `truth: from ${clock(from)} to ${clock(to)}, ${seconds(to - from)}`,
      `seen: ${seen('began', bounds.since)}; ${seen('ended', bounds.until)}`,
      ...lost,
      ...picture(happening, bounds, known),
      `alerts that fired: ${fired.length === 0 ? 'none' : fired.map(({ name, firedAt }) => `${name}, ${seconds(firedAt! - from)} after it began`).join('; ')}`,
      `alerts that did not: ${listed(quiet)}`,
      'three queries that show it:',
      ...fault.queries(chosen).flatMap(({ expr, read }) => [`  ${expr}`, `      ${read}`]),
      `behind it: ${listed(fault.experiments.map((folder) => `make exp-${Number(folder.slice(0, 2))} (${folder.slice(3)})`))}`,
    ],
  };
};

const range = ([low, high]: Range): string => (low === high ? `${low}` : `${low} to ${high}`);
const seen = (what: string, bounds: Range | undefined): string =>
  bounds === undefined
    ? `not yet whether it ${what}`
    : `it ${what} between ${clock(bounds[0])} and ${clock(bounds[1])}`;

const columns = 60;

/** The truth, what the samples prove of it, each alert and the notifications, one below the other. */
const picture = (happening: Happening, { since, until }: Evidence['bounds'], known: Known): string[] => {
  const { startedAt, around, now, notifications } = known;
  const end = Math.min(now, happening.to + Math.max(60, happening.to - happening.from));
  const begin = Math.max(startedAt, happening.from - Math.max(20, (happening.to - happening.from) / 2));
  const row = (name: string, marks: (from: number, to: number) => string) =>
    `  ${name.padEnd(14)} ${Array.from({ length: columns }, (_, column) => {
      const at = begin + ((end - begin) * column) / columns;
      return marks(at, at + (end - begin) / columns);
    }).join('')}`;
  const covers = (one: number, other: number) => (from: number, to: number) => (to > one && from < other ? '█' : '·');
  const alerts = around.alerts
    .filter(({ pendingAt }) => pendingAt >= begin && pendingAt <= end)
    .map(({ name, pendingAt, firedAt = Number.POSITIVE_INFINITY }) =>
      row(name, (_, to) => (to <= pendingAt ? '·' : to <= firedAt ? '░' : '█')),
    );
  const received = (notifications ?? []).filter(
    ({ status, receivedAt }) => status === 'firing' && receivedAt >= begin && receivedAt <= end,
  );
  return [
    row('what happened', covers(happening.from, happening.to)),
    ...(since && until ? [row('proved', covers(since[1], Math.max(since[1] + 1, until[0])))] : []),
    ...alerts,
    ...(received.length === 0
      ? []
      : [
          row('notifications', (from, to) =>
            received.some(({ receivedAt }) => receivedAt >= from && receivedAt < to) ? '!' : '·',
          ),
        ]),
    `  ${''.padEnd(14)} ${clock(begin)}${clock(end).padStart(columns - 8)}`,
  ];
};
