import { type JudgedPart, judgeCause, type Suspect } from '../judging/cause.ts';
import type { Range } from '../model/exercise.ts';
import { seconds } from '../model/format.ts';
import { type Answer, type Part, parts } from './answer.ts';
import type { Bounds, Chosen, Fault, Happening } from './fault.ts';
import { faults } from './faults.ts';
import type { Shown } from './shown.ts';

/** A happening with what its stored samples leave open, and the samples that show it best. */
export type Evidence = { happening: Happening; bounds: Bounds; shown?: Shown };

/** When an alert was pending first, when it fired and when it was over: unix seconds. */
export type SeenAlert = { name: string; pendingAt: number; firedAt?: number; endedAt?: number };

/** What else is known of an incident; from it follows why a wrong answer is wrong. */
export type Around = {
  scrapeSeconds: number;
  alerts: readonly SeenAlert[];
  /** an instance at which something harmless happened, and what */
  herring?: { instance: string; says: string };
};

/** `fault` is the place of the happening that the answer was held against. */
export type Judged = { fault: number; parts: readonly JudgedPart<Part>[] };

/**
 * Judges an answer part by part: within what the stored samples leave open, and against what happened. Where there are
 * two faults, it is held against the one of which most is right.
 */
export const judge = (answer: Answer, evidence: readonly Evidence[], around: Around): Judged => {
  const each = evidence.map((one, fault) => ({ fault, parts: partsOf(answer, one, around) }));
  const right = ({ parts: judged }: Judged) =>
    judged.filter(({ isRight }) => isRight).length +
    (judged.some(({ part, isRight }) => part === 'CAUSE' && isRight) ? 0.5 : 0);
  return each.reduce((best, other) => (right(other) > right(best) ? other : best));
};

const partsOf = (answer: Answer, evidence: Evidence, around: Around): JudgedPart<Part>[] =>
  parts.flatMap((part) => (answer[part] === undefined ? [] : [judgePart(part, answer, evidence, around)]));

const judgePart = (part: Part, answer: Answer, { happening, bounds }: Evidence, around: Around): JudgedPart<Part> => {
  const { fault, chosen } = happening;
  // Before a sample shows it nobody can know, and a guess is no answer.
  if (bounds.since === undefined) return { part, says: notYet };
  switch (part) {
    case 'INSTANCE': {
      const isRight = fault.who(chosen).includes(answer.INSTANCE!);
      return { part, isRight, says: isRight ? `${answer.INSTANCE}, yes` : notThere(answer.INSTANCE!, around) };
    }
    case 'CAUSE': {
      const named = faults.find(({ cause }) => cause === answer.CAUSE)!;
      return judgeCause(suspectOf(named, chosen), suspectOf(fault, chosen));
    }
    case 'SINCE':
      return judgeTime(part, answer.SINCE!, bounds.since, around);
    case 'UNTIL':
      return judgeTime(part, answer.UNTIL!, bounds.until, around);
    case 'LOST':
      return judgeLost(answer.LOST!, bounds.lost);
  }
};

const suspectOf = ({ cause, says, queries }: Fault, chosen: Chosen): Suspect => {
  const [{ expr, read }] = queries(chosen);
  return { name: cause, cause: says, sign: `${expr} would show it: ${read}` };
};

const notYet = 'the stored samples do not show it yet: ask again later';

const notThere = (instance: string, { herring }: Around): string =>
  herring?.instance === instance
    ? `something did happen there, and it is not what broke: ${herring.says}`
    : 'it was held against what every instance, every route and the monitoring itself did: what broke is not there';

/** Whoever types a time types whole seconds. */
const isWithin = (value: number, [low, high]: Range): boolean => value >= Math.floor(low) && value <= Math.ceil(high);

const judgeTime = (part: 'SINCE' | 'UNTIL', at: number, range: Range | undefined, around: Around): JudgedPart<Part> => {
  if (range === undefined) return { part, says: notYet };
  const open = `the samples leave ${seconds(range[1] - range[0])} open`;
  if (isWithin(at, range)) return { part, isRight: true, says: `yes: ${open}` };
  const alert = around.alerts.find(({ pendingAt, firedAt = pendingAt }) =>
    [pendingAt, firedAt].some((time) => Math.abs(time - at) <= 1),
  );
  if (part === 'SINCE' && alert !== undefined && at > range[1]) {
    const says = `that is when the alert ${alert.name} began: an alert waits for samples, for an evaluation and for its \`for\``;
    return { part, isRight: false, says };
  }
  const which =
    part === 'SINCE'
      ? 'the last sample without it and the first one with it'
      : 'the last sample with it and the first one without it';
  return {
    part,
    isRight: false,
    says: `it is not between ${which}: ${open} (a scrape every ${seconds(around.scrapeSeconds)})`,
  };
};

const judgeLost = (lost: number, range: Range | undefined): JudgedPart<Part> => {
  if (range === undefined) return { part: 'LOST', says: notYet };
  if (lost >= range[0] && lost <= range[1])
    return { part: 'LOST', isRight: true, says: 'yes, as the counters have it' };
  const says = Number.isInteger(lost)
    ? 'it is not what counters of failed or slow requests grew by meanwhile: of each series the last sample minus the first'
    : 'requests are whole: increase() extrapolates to the ends of its window; count last − first';
  return { part: 'LOST', isRight: false, says };
};
