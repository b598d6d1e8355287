import { durationSeconds } from '../settings/duration.ts';
import { quoted } from '../settings/quoted.ts';
import { faults } from './faults.ts';
import { instanceNames, monitoring, routes } from './fleet.ts';

/** The parts of an answer, as they are typed. */
export const parts = ['INSTANCE', 'CAUSE', 'SINCE', 'UNTIL', 'LOST'] as const;
export type Part = (typeof parts)[number];

/** What a learner says of an incident; any part may be left out. Times are unix seconds. */
export type Answer = { INSTANCE?: string; CAUSE?: string; SINCE?: number; UNTIL?: number; LOST?: number };

/** An answer that cannot be read; the message names each part, its value and the choices. */
export class UnreadableAnswer extends Error {}

export const places: readonly string[] = [...instanceNames, ...Object.keys(routes), monitoring];
export const causes: readonly string[] = faults.map(({ cause }) => cause);

/**
 * Reads what was typed; an empty text counts as not typed.
 * @param now  unix seconds: "2m ago" counts from here, and a time of day is the last one before it
 * @throws UnreadableAnswer
 */
export const answerFrom = (typed: Readonly<Partial<Record<Part, unknown>>>, now: number): Answer => {
  const problems: string[] = [];
  const read = <Value>(part: Part, expected: string, parse: (text: string) => Value | undefined): Value | undefined => {
    const text = typed[part];
    if (text === undefined || text === '') return undefined;
    const value = typeof text === 'string' ? parse(text.trim()) : undefined;
    if (value === undefined) problems.push(`${part} must be ${expected}, got ${quoted(text)}`);
    return value;
  };
  const oneOf = (part: 'INSTANCE' | 'CAUSE', names: readonly string[]) =>
    read(part, `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`, (text) => names.find((name) => name === text));
  const time = (part: 'SINCE' | 'UNTIL') =>
    read(part, 'a time of day in UTC such as 14:05:10, or one such as "2m ago"', (text) => timeFrom(text, now));
  const found = {
    INSTANCE: oneOf('INSTANCE', places),
    CAUSE: oneOf('CAUSE', causes),
    SINCE: time('SINCE'),
    UNTIL: time('UNTIL'),
    LOST: read('LOST', 'a number of requests, 0 or more', (text) =>
      /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined,
    ),
  };
  if (problems.length === 0 && found.SINCE !== undefined && found.UNTIL !== undefined && found.UNTIL < found.SINCE) {
    problems.push('UNTIL must not be before SINCE');
  }
  if (problems.length > 0) throw new UnreadableAnswer(problems.join('\n'));
  const answer = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as Answer;
  if (Object.keys(answer).length === 0) throw new UnreadableAnswer(`an answer has at least one of ${parts.join(', ')}`);
  return answer;
};

const daySeconds = 86_400;

/** @returns unix seconds; undefined where it is no time */
export const timeFrom = (text: string, now: number): number | undefined => {
  const [, ago] = /^(\S+) ago$/.exec(text) ?? [];
  if (ago !== undefined) {
    const seconds = durationSeconds(ago);
    return seconds === undefined ? undefined : now - seconds;
  }
  const [, hours, minutes, seconds = '0'] =
    /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d(?:\.\d{1,3})?))?$/.exec(text) ?? [];
  if (hours !== undefined) {
    const ofDay = 3_600 * Number(hours) + 60 * Number(minutes) + Number(seconds);
    const today = Math.floor(now / daySeconds) * daySeconds + ofDay;
    return today > now ? today - daySeconds : today;
  }
  return /^\d{10}(\.\d{1,3})?$/.test(text) ? Number(text) : undefined;
};
