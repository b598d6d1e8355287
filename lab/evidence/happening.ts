import { clock, seconds } from '../model/format.ts';
import type { Lab } from '../model/lab.ts';
import type { Lesson } from '../model/lesson.ts';
import type { Reader } from '../model/reader.ts';
import type { Judgement } from '../model/verdict.ts';
import { lookbackSeconds } from '../promql/window.ts';
import { activeSince } from './samples.ts';
import { hasLeftover } from './stale.ts';

/** What an earlier Prometheus may still show at an instant. */
type Leftover = { what: string; selector: string; at: number };

/** Something that happens once while a step is on: how its check finds it, and when it can be measured. */
export type Happening<Event, Measured> = {
  /** undefined where no instance simulates it */
  what: (lab: Lab, read: Reader) => Event | undefined | Promise<Event | undefined>;
  /** said then, a clause such as `no instance of a fleet leaves` */
  none: string;
  /** when it begins, unix seconds, and the clause for when that is over, such as `exporter:8002 left at 08:00:00` */
  began?: (event: Event) => { at: number; was: string };
  /** nothing is read before then, unix seconds; when all will be there, where that is later; and what is waited for */
  waits?: (event: Event, lab: Lab) => { until: number; due?: number; reason: string };
  /** what an earlier Prometheus may still show at an instant, by its series */
  leftovers?: (event: Event, lab: Lab) => Leftover;
  /** @returns all that was measured, or a judgement where something is missing */
  measure: (event: Event, read: Reader, lab: Lab) => Promise<Measured | Judgement>;
  verdict: (measured: Measured) => Judgement;
};

/** How a lesson looks at something that happens once; `look` is what its exercises know of it. */
export type Look<Measured> = {
  look: (read: Reader, lab: Lab) => Promise<Measured | Judgement>;
  check: Lesson['check'];
};

/** The check of a lesson about something that happens once: what such checks have in common stands here. */
export const whenItHappened = <Event, Measured extends object>(
  happening: Happening<Event, Measured>,
): Look<Measured> => {
  const { what, none, began, waits, leftovers, measure, verdict } = happening;
  const look: Look<Measured>['look'] = async (read, lab) => {
    const event = await what(lab, read);
    if (event === undefined) return { kind: 'elsewhere', reason: none };
    const beginning = began?.(event);
    if (beginning !== undefined && activeSince(lab) >= beginning.at) {
      return { kind: 'elsewhere', reason: `${beginning.was}, before this Prometheus began` };
    }
    const waiting = waits?.(event, lab);
    if (waiting !== undefined && lab.now < waiting.until) {
      return waitUntil(waiting.due ?? waiting.until, lab, waiting.reason);
    }
    const left = leftovers?.(event, lab);
    if (left !== undefined) {
      const found = await leftoverOf(left, read, lab);
      if (found !== undefined) return found;
    }
    return measure(event, read, lab);
  };
  return { look, check: checkOf(look, verdict) };
};

/** The check that judges what was measured, where all of that is there. */
export const checkOf =
  <Measured extends object>(
    measure: (read: Reader, lab: Lab) => Promise<Measured | Judgement>,
    verdict: (measured: Measured) => Judgement,
  ): Lesson['check'] =>
  async (read, lab) => {
    const measured = await measure(read, lab);
    return isJudgement(measured) ? measured : verdict(measured);
  };

/** A judgement has a kind; what was measured has none. */
export const isJudgement = (result: object): result is Judgement => 'kind' in result;

/** @param until  unix seconds */
export const waitUntil = (until: number, { now }: Pick<Lab, 'now'>, reason: string): Judgement => ({
  kind: 'wait',
  seconds: Math.max(1, Math.ceil(until - now)),
  reason,
});

/**
 * A Prometheus that was started again goes on showing what ended with the one before it.
 * @returns undefined where nothing is shown at that instant that is of before
 */
export const leftoverOf = async (
  { what, selector, at }: Leftover,
  read: Pick<Reader, 'samples'>,
  lab: Lab,
): Promise<Judgement | undefined> =>
  hasLeftover(await read.samples(selector, lookbackSeconds, at), lab, at) ? leftover(what, lab) : undefined;

/** @param what  is still shown, such as `versions` */
export const leftover = (
  what: string,
  { now, prometheusStartedAt }: Pick<Lab, 'now' | 'prometheusStartedAt'>,
): Judgement => {
  const until = prometheusStartedAt + lookbackSeconds;
  const left = Math.ceil(until - now);
  const [when, shows, then] = left > 0 ? [`, ${seconds(left)} from now,`, 'shows', ' after that'] : ['', 'showed', ''];
  const reason = `Prometheus was started again, and until ${clock(until)}${when} it ${shows} ${what} of before as if they were there: apply the step again${then}`;
  return { kind: 'elsewhere', reason };
};
