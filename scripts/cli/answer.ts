import { parseArgs } from 'node:util';
import { answerFrom, type Part, parts, UnreadableAnswer } from '../../lab/incidents/answer.ts';
import { type Debrief, linesOf } from '../../lab/incidents/debrief.ts';
import type { KeptIncident, Said } from '../../lab/incidents/said.ts';
import { AnswerError } from '../../lab/running/exercises.ts';
import type { Places } from '../../lab/running/places.ts';
import type { Unknown } from '../../lab/running/solve.ts';
import { guideAt } from './guide.ts';
import { type Colours, print, terminalFrom } from './terminal.ts';

/**
 * `answer`: has what the learner says of the incident judged, gives a hint, or says what it was.
 * @returns 0 where every part that was typed is right, or where something was only shown; 1 where one is wrong; 2 where
 * nothing can be judged
 * @throws AnswerError that names each part, its value and the choices
 */
export const answerCommand = async (places: Places, args: string[]): Promise<number> => {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      ...{ instance: text, cause: text, since: text, until: text, lost: text, hint: text, answer: text },
      json: { type: 'boolean', default: false },
    },
  });
  const { hint, answer, json, ...rest } = values;
  const said = await guideAt(places).incident(questionFrom(hint, answer, rest));
  print(json ? JSON.stringify(said, null, 2) : saidText(said, terminalFrom(process.env, process.stdout.isTTY).colours));
  return exitCode(said);
};

type Typed = Partial<Record<Lowercase<Part>, string>>;

/** @throws AnswerError */
export const questionFrom = (hint: string | undefined, give: string | undefined, typed: Typed): object => {
  if (give !== undefined) {
    if (give !== '1') throw new AnswerError(`ANSWER must be 1, got ${JSON.stringify(give)}`);
    return { give: true };
  }
  if (hint !== undefined) {
    if (!/^[123]$/.test(hint)) throw new AnswerError(`HINT must be 1, 2 or 3, got ${JSON.stringify(hint)}`);
    return { hint: Number(hint) };
  }
  const answer = Object.fromEntries(
    parts.flatMap((part) => {
      const value = typed[part.toLowerCase() as Lowercase<Part>];
      return value ? [[part, value]] : [];
    }),
  );
  try {
    answerFrom(answer, Date.now() / 1_000);
  } catch (error) {
    throw error instanceof UnreadableAnswer ? new AnswerError(error.message) : error;
  }
  return { answer };
};

export const exitCode = (said: Said | Unknown): number => {
  if (said.kind === 'judged') {
    if (said.parts.some(({ isRight }) => isRight === false)) return 1;
    return said.parts.some(({ isRight }) => isRight === undefined) ? 2 : 0;
  }
  return said.kind === 'hint' || said.kind === 'given' ? 0 : 2;
};

/** @param nothing  the sentence of where there is nothing to be found */
export const saidText = (said: Said | Unknown, colours: Colours, nothing = 'There is nothing to be found'): string => {
  switch (said.kind) {
    case 'judged': {
      const mark = { true: colours.green('✓'), false: colours.red('✗'), undefined: '·' };
      const lines = said.parts.map(({ part, isRight, says }) => `${mark[`${isRight}`]} ${part.padEnd(8)} ${says}`);
      const lost = said.isKept ? [] : ['  It could not be written down: make logs says why.'];
      if (said.solved === undefined) return [...lines, ...lost, ...missingOf(said.right)].join('\n');
      const { seconds, debrief } = said.solved;
      return [...lines, ...lost, '', colours.bold(`Solved in ${seconds} s.`), ...debriefText(debrief)].join('\n');
    }
    case 'hint':
      return said.hint;
    case 'given':
      return debriefText(said.debrief).join('\n');
    case 'elsewhere':
      return `${nothing}: ${said.reason}.\n  Type: ${said.type}`;
    case 'unknown':
      return `Nothing can be judged: ${said.reason}.\n  Look at: ${said.look ?? 'make status'}`;
  }
};

const missingOf = (right: readonly (readonly Part[])[]): string[] =>
  right.map((own, index) => {
    const missing = parts.filter((part) => !own.includes(part));
    const which = right.length === 1 ? '' : ` of fault ${index + 1}`;
    return missing.length === 0
      ? `  All of fault ${index + 1} is right.`
      : `  Still to find${which}: ${missing.join(', ')}`;
  });

const debriefText = (debriefs: readonly Debrief[]): string[] =>
  debriefs.flatMap((debrief) => ['', debrief.title, ...linesOf(debrief).map((line) => `  ${line}`)]);

/** What `make progress` adds. */
export const incidentsIn = (kept: readonly KeptIncident[]) =>
  kept.map(({ startedAt, ...rest }) => ({ ...rest, startedAt: new Date(1_000 * startedAt).toISOString() }));

export const incidentsText = (kept: readonly KeptIncident[]): string[] => {
  const solved = kept.filter(({ seconds }) => seconds !== null);
  return kept.length === 0 ? [] : [`  ${solved.length} of ${kept.length} incidents solved`];
};
