import { parseArgs } from 'node:util';
import { AnswerError, checkQuery, findExercise, type PlacedExercise } from '../../experiments/exercises.ts';
import type { Places } from '../../lab/places.ts';
import { askJson } from '../../lab/service.ts';
import type { Judged, ListedExercise } from '../../lab/solve.ts';
import { createProgress } from './progress.ts';
import { answerText, hintText, progressText, solutionText, taskText } from './solution.ts';
import { terminalFrom } from './terminal.ts';

/** The guide judges, and keeps what has been solved: so page and terminal say the same. */
const guide = 'the guide';

/** A judgement waits for the lab's answer to some dozens of queries. */
const judgeMilliseconds = 20_000;

/** Longer than this is waited for nothing beyond what the judge itself asked. */
const patienceSeconds = 60;

const colours = () => terminalFrom(process.env, process.stdout.isTTY).colours;

/**
 * `solve N`: shows the task, a hint or the answer, or has a query judged.
 * @returns 0 where the query is right, or where something was only shown; 1 where it is wrong; 2 where it cannot be judged
 * @throws AnswerError that names the setting, its value and the choices
 */
export const solveCommand = async (places: Places, args: string[]): Promise<number> => {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      number: { type: 'string', default: '1' },
      query: { type: 'string' },
      hint: { type: 'string' },
      answer: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const placed = findExercise(wholeNumber(positionals[0] ?? ''), wholeNumber(values.number));
  if (values.query !== undefined) return judge(places, placed, checkQuery(values.query), values.json);
  if (values.answer !== undefined && values.answer !== '') {
    if (values.answer !== '1') throw new AnswerError(`ANSWER must be 1, got ${JSON.stringify(values.answer)}`);
    console.log(answerText(placed, colours()));
  } else if (values.hint !== undefined && values.hint !== '') {
    const { length } = placed.exercise.hints;
    const hint = wholeNumber(values.hint);
    if (typeof hint !== 'number' || hint < 1 || hint > length) {
      throw new AnswerError(`HINT must be a whole number from 1 to ${length}, got ${JSON.stringify(values.hint)}`);
    }
    console.log(hintText(placed, hint));
  } else {
    const listed = (await listOf(places).catch(() => [])).find(isOf(placed));
    console.log(taskText(placed, listed?.solved, colours()));
  }
  return 0;
};

/** `progress`: what has been solved. */
export const progressCommand = async (places: Places): Promise<number> => {
  console.log(progressText(await listOf(places), colours()));
  return 0;
};

const wholeNumber = (text: string): number | string => (/^\d{1,6}$/.test(text) ? Number(text) : text);

const isOf = (placed: PlacedExercise) => (listed: ListedExercise) =>
  listed.experiment === placed.experiment && listed.number === placed.number;

const listOf = async ({ guide: base }: Places): Promise<ListedExercise[]> =>
  (await askJson(guide, `${base}/api/exercises`)) as ListedExercise[];

const judge = async (places: Places, placed: PlacedExercise, query: string, json: boolean): Promise<number> => {
  const { moves } = terminalFrom(process.env, process.stdout.isTTY, json);
  const progress = createProgress(moves, json ? () => {} : console.log);
  const judged = await judgedInTime(places, placed, query, progress.wait).finally(progress.stop);
  console.log(json ? JSON.stringify(judged, null, 2) : solutionText(placed, query, judged, colours()));
  return { right: 0, wrong: 1, refused: 1, wait: 2, elsewhere: 2, unknown: 2 }[judged.kind];
};

const judgedInTime = async (
  { guide: base }: Places,
  { experiment, number }: PlacedExercise,
  query: string,
  wait: ReturnType<typeof createProgress>['wait'],
): Promise<Judged> => {
  const body = JSON.stringify({ experiment, number, query });
  const post = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
  let deadline: number | undefined;
  for (;;) {
    const judged = (await askJson(guide, `${base}/api/solve`, judgeMilliseconds, undefined, post)) as Judged;
    if (judged.kind !== 'wait') return judged;
    deadline ??= Date.now() + 1_000 * (judged.seconds + patienceSeconds);
    if (Date.now() > deadline) return judged;
    for (let left = Math.max(1, Math.ceil(judged.seconds)); left > 0; left -= 1) {
      await wait({ reason: judged.reason, secondsLeft: left });
    }
  }
};
