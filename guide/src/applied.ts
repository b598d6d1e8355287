import { steps } from '../../experiments/catalogue.ts';
import type { Applied } from '../../lab/running/applied.ts';
import { quoted } from '../../lab/settings/quoted.ts';
import { RequestError } from './errors.ts';
import { readKept, writeKept } from './kept.ts';

/** Keeps which steps were applied: where one changes no service, nothing else shows it. */
export type AppliedStore = {
  /** in the order in which they were applied, the newest of them */
  list: () => readonly Applied[];
  /** undefined where no command has reported one */
  last: () => Applied | undefined;
  set: (applied: Applied) => void;
};

const what = 'which steps were applied';
const mostKept = 50;

/**
 * @param file  a JSON file, which need not exist; without one it is kept in memory
 * @param warn  is called where the file cannot be read or written
 */
export const createAppliedStore = (file: string | undefined, warn: (message: string) => void): AppliedStore => {
  let kept = (file !== undefined && readKept(file, isAppliedList, what, warn)) || [];
  return {
    list: () => kept,
    last: () => kept.at(-1),
    set: (applied) => {
      // A check reports it again.
      if (kept.at(-1)?.from === applied.from && kept.at(-1)?.step === applied.step) return;
      kept = [...kept, applied].slice(-mostKept);
      if (file !== undefined) writeKept(file, kept, what, warn);
    },
  };
};

/**
 * @param body  of a request: `{ step, from, to }`
 * @throws RequestError that names what is wrong with it
 */
export const appliedIn = (body: unknown): Applied => {
  if (isApplied(body)) return { step: body.step, from: body.from, to: body.to };
  const { step } = (typeof body === 'object' ? (body ?? {}) : {}) as Record<string, unknown>;
  const rule = 'an object with step, the command of a step, and from and to, unix seconds in rising order';
  throw new RequestError(`the body must be ${rule}, got ${isCommand(step) ? quoted(body) : `step ${quoted(step)}`}`);
};

const isAppliedList = (content: unknown): content is readonly Applied[] =>
  Array.isArray(content) && content.every(isApplied);

const isCommand = (step: unknown) => steps.some(({ command }) => command === step);

const isApplied = (content: unknown): content is Applied => {
  const { step, from, to } = (content ?? {}) as Record<string, unknown>;
  return isCommand(step) && Number.isFinite(from) && Number.isFinite(to) && Number(from) <= Number(to);
};
