import { sources } from '../../../experiments/catalogue.ts';
import type { Source } from '../../../lab/model/lesson.ts';
import { quoted } from '../../../lab/settings/quoted.ts';
import { RequestError } from '../errors.ts';
import { windowsSeconds } from '../windows.ts';

export type Question = {
  query: string;
  /** who is asked; the lab's own Prometheus where it is not given */
  source?: Source | undefined;
  /** each step of a range, one instant, the stored samples behind it, or its parts at that instant */
  as: 'graph' | 'table' | 'samples' | 'parts';
  /** the instant, or the end of the range; now where it is not given. Unix seconds */
  at: number | undefined;
  /** the length of the range */
  seconds: number;
  /** between two evaluations of a range; chosen to suit its length where it is not given */
  stepSeconds: number;
};

const mostCharacters = 4_000;
const kinds = ['graph', 'table', 'samples', 'parts'] as const;
const names = ['query', 'of', 'as', 'at', 'seconds', 'step'];

/**
 * Reads a question about the stored data.
 * @param parameters  parsed query string: a value given twice is an array
 * @throws RequestError that names the parameter and what would be right
 */
export const parseQuestion = (parameters: Record<string, unknown>): Question => {
  const unknown = Object.keys(parameters).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new RequestError(`unknown parameter ${quoted(unknown)}: use ${names.join(', ')}`);
  const refuse = (name: string, rule: string): never => {
    throw new RequestError(`${name} must be ${rule}, got ${quoted(parameters[name])}`);
  };
  const number = (name: string, lowest: number, highest: number): number | undefined => {
    const text = parameters[name];
    if (text === undefined) return undefined;
    const isNumber = typeof text === 'string' && /^\d{1,11}(\.\d{1,3})?$/.test(text);
    const value = isNumber ? Number(text) : Number.NaN;
    return value >= lowest && value <= highest ? value : refuse(name, `a number from ${lowest} to ${highest}`);
  };

  const { query, of, as = 'graph' } = parameters;
  if (typeof query !== 'string' || query.trim() === '' || query.length > mostCharacters) {
    return refuse('query', `PromQL of at most ${mostCharacters} characters`);
  }
  const kind = kinds.find((each) => each === as) ?? refuse('as', 'graph, table, samples or parts');
  const source = sources.find(({ name }) => name === of);
  if (of !== undefined && source === undefined) refuse('of', `one of ${sources.map(({ name }) => name).join('; ')}`);
  const seconds = number('seconds', 1, windowsSeconds.at(-1)!) ?? 120;
  const stepSeconds = number('step', 1, seconds) ?? stepFor(seconds);
  return { query, ...(source && { source }), as: kind, at: number('at', 0, 99_999_999_999), seconds, stepSeconds };
};

/** A step that is easy to read, with at most 240 of them in the range. */
export const stepFor = (seconds: number): number => [1, 2, 5, 10, 15, 30].find((step) => seconds / step <= 240) ?? 60;
