import { clock, count, listed, round, seconds, truthBetween } from '../../lab/model/format.ts';
import type { Claim, Fact } from '../../lab/model/verdict.ts';
import { blip, budget, burning, hard, longSeconds, type Watch, type watches } from './burn.ts';

/** When a service was down: the first second of it and the first one after it, unix seconds. */
export type Down = { service: string; from: number; to: number };
/** The evaluations at which an alert fired for a service, and at which it has to and may, by the stored samples. */
export type Firing = { firing: number[]; must: number[]; may: number[] };
/** What one alert did; `evaluations` are all that are stored. */
export type Row = { watch: Watch; evaluations: readonly number[]; blip: Firing; hard: Firing };
export type Story = { blip: Down; hard: Down };
export type Rows = Record<keyof typeof watches, Row>;

/** The evaluations at which it begins to fire. */
export const pagesOf = ({ evaluations }: Pick<Row, 'evaluations'>, firing: readonly number[]): number[] =>
  firing.filter((at) => !firing.includes(evaluations[evaluations.indexOf(at) - 1]!));

/** The evaluations after the last at which it fired for the longer downtime. */
export const afterEnd = ({ evaluations, hard: { firing } }: Row): number[] =>
  evaluations.filter((at) => at > (firing.at(-1) ?? Number.POSITIVE_INFINITY));

const times = (each: readonly number[]) => (each.length === 0 ? 'none' : listed(each.map(clock)));
const lasted = ({ from, to }: Down) => `${seconds(to - from)} from ${clock(from)} on`;

export const whatHappened = ({ blip: short, hard: long }: Story): Fact => ({
  fact: `what happened: ${short.service} was down for ${lasted(short)}, ${long.service} for ${lasted(long)}. Of ${longSeconds} s an objective of ${100 * (1 - budget)} % leaves ${seconds(budget * longSeconds)}; a page is worth it from ${seconds(burning * longSeconds)} on`,
  evidence: `${truthBetween(long.from, Math.max(long.to, short.to))}, downtime`,
});

/** The evaluations at which it fired and should not, or did not and should, by the stored samples. */
const wrongOf = ({ firing, must, may }: Firing): number[] => [
  ...firing.filter((at) => !may.includes(at)),
  ...must.filter((at) => !firing.includes(at)),
];

/** When it paged for the longer downtime, and how much of that was over then. */
const pagedIn = (row: Row, { from, to }: Down): string => {
  const [page] = pagesOf(row, row.hard.firing);
  if (page === undefined) return `never for the ${seconds(to - from)} of ${hard}`;
  const burnt = Math.min(to, Math.floor(page)) - from;
  return `for ${hard} after ${round(page - from, 1)} s, when ${burnt} of ${seconds(to - from)} were burnt`;
};

/** An alert fired at the evaluations that the stored samples make true, and what they are worth. */
const claimOf = (row: Row, words: string, holds: boolean, expected: string): Claim => {
  const { watch, evaluations } = row;
  const wrong = [...wrongOf(row.blip), ...wrongOf(row.hard)];
  return {
    claim: `${watch.alert}${watch.forSeconds ? ` (for: ${watch.forSeconds}s)` : ''} ${words}`,
    holds: wrong.length === 0 && holds,
    evidence: `ALERTS{alertname="${watch.alert}",alertstate="firing"} at ${count(evaluations.length, 'evaluation')}, beside ${watch.expr} on the raw samples`,
    expected: `firing where the stored samples make it true; ${expected}`,
    measured: `otherwise at ${times(wrong)}; for ${blip} from ${times(pagesOf(row, row.blip.firing))}, for ${hard} from ${times(pagesOf(row, row.hard.firing))} to ${times(row.hard.firing.slice(-1))}`,
    look: `ALERTS{alertname="${watch.alert}"} in the graph view`,
  };
};

const isQuiet = ({ blip: { firing } }: Row): boolean => firing.length === 0;

export const forNothing = ({ threshold }: Rows, { blip: short, hard: long }: Story): Claim =>
  claimOf(
    threshold,
    `pages at once, and for nothing: ${pagedIn(threshold, long)}, and for ${seconds(short.to - short.from)} of ${blip}`,
    threshold.blip.firing.length > 0 && threshold.hard.firing.length > 0,
    `pages for both`,
  );

export const tooLate = ({ waiting, threshold }: Rows, { hard: long }: Story): Claim => {
  const [page = Number.NaN] = pagesOf(waiting, waiting.hard.firing);
  const [first = Number.NaN] = pagesOf(threshold, threshold.hard.firing);
  return claimOf(
    waiting,
    `pages for nothing no more, and late: ${pagedIn(waiting, long)}`,
    isQuiet(waiting) && page - first >= waiting.watch.forSeconds! - 0.002,
    `none for ${blip}, and ${seconds(waiting.watch.forSeconds!)} after ${threshold.watch.alert}`,
  );
};

export const tooLong = ({ long: row }: Rows, { hard: long }: Story): Claim => {
  const since = row.hard.firing.filter((at) => at >= long.to);
  return claimOf(
    row,
    `pages for what is worth it, ${pagedIn(row, long)}, and does not end: ${count(since.length, 'evaluation')} after it`,
    isQuiet(row) && since.length > 0,
    `none for ${blip}, and some after ${clock(long.to)}`,
  );
};

export const theFix = ({ pair, long: row }: Rows, { hard: long }: Story): Claim => {
  const [page = Number.NaN] = pagesOf(pair, pair.hard.firing);
  const [first = Number.NaN] = pagesOf(row, row.hard.firing);
  const still = afterEnd(pair).filter((at) => row.hard.firing.includes(at));
  return claimOf(
    pair,
    `pages for the same, ${pagedIn(pair, long)}, and ends: after it ${row.watch.alert} alone goes on, at ${count(still.length, 'evaluation')}`,
    isQuiet(pair) && page >= first && still.length > 0,
    `none for ${blip}, not before ${row.watch.alert}, and an end before its end`,
  );
};
