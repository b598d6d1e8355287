import { parseArgs } from 'node:util';
import { AnswerError, checkQuery, findExercise, findFault, type PlacedExercise } from '../../lab/running/exercises.ts';
import type { Places } from '../../lab/running/places.ts';
import type { Judged, ListedExercise } from '../../lab/running/solve.ts';
import { exitCode, incidentsIn, incidentsText } from './answer.ts';
import { type Guide, guideAt } from './guide.ts';
import { createProgress } from './progress.ts';
import { answerText, hintText, namedText, progressIn, progressText, solutionText, taskText } from './solution.ts';
import { print, terminalFrom } from './terminal.ts';

/** Longer than this is waited for nothing beyond what the judge itself asked. */
const patienceSeconds = 60;

const colours = () => terminalFrom(process.env, process.stdout.isTTY).colours;

/**
 * `solve N`: shows the task, a hint or the answer, or has a query judged, or a cause.
 * @returns 0 where it is right, or where something was only shown; 1 where it is wrong; 2 where it cannot be judged
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
      cause: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const guide = guideAt(places);
  const experiment = wholeNumber(positionals[0] ?? '');
  if (values.cause !== undefined) return name(guide, experiment, values.cause, values.json);
  const placed = findExercise(experiment, wholeNumber(values.number));
  if (values.query !== undefined) return judge(guide, placed, checkQuery(values.query), values.json);
  if (values.answer) {
    if (values.answer !== '1') throw new AnswerError(`ANSWER must be 1, got ${JSON.stringify(values.answer)}`);
    print(answerText(placed, colours()));
  } else if (values.hint) {
    print(hintText(placed, hintNumber(placed, values.hint)));
  } else {
    const listed = (await guide.exercises().catch(() => [])).find(isOf(placed));
    print(taskText(placed, listed?.solved, colours()));
  }
  return 0;
};

/** `progress [--json]`: what has been solved. */
export const progressCommand = async (places: Places, words: string[]): Promise<number> => {
  const { values } = parseArgs({ args: words, options: { json: { type: 'boolean', default: false } } });
  const guide = guideAt(places);
  const [{ searches }, exercises] = [await guide.search(), await guide.exercises()];
  const incidents = await guide.incidents();
  print(
    values.json
      ? JSON.stringify({ ...progressIn(exercises, searches), incidents: incidentsIn(incidents) }, null, 2)
      : [progressText(exercises, searches, colours()), ...incidentsText(incidents)].join('\n'),
  );
  return 0;
};

const wholeNumber = (text: string): number | string => (/^\d{1,6}$/.test(text) ? Number(text) : text);

const hintNumber = ({ exercise: { hints } }: PlacedExercise, text: string): number => {
  const hint = wholeNumber(text);
  if (typeof hint === 'number' && hint >= 1 && hint <= hints.length) return hint;
  throw new AnswerError(`HINT must be a whole number from 1 to ${hints.length}, got ${JSON.stringify(text)}`);
};

const isOf = (placed: PlacedExercise) => (listed: ListedExercise) =>
  listed.experiment === placed.experiment && listed.number === placed.number;

const name = async (guide: Guide, number: unknown, cause: string, json: boolean): Promise<number> => {
  const [{ number: experiment }, fault] = findFault('CAUSE', number, cause);
  const named = await guide.name({ experiment, cause });
  print(json ? JSON.stringify(named, null, 2) : namedText(experiment, fault, named, colours()));
  return exitCode(named);
};

const judge = async (guide: Guide, placed: PlacedExercise, query: string, json: boolean): Promise<number> => {
  const { moves } = terminalFrom(process.env, process.stdout.isTTY, json);
  const progress = createProgress(moves, json ? () => {} : print);
  const judged = await judgedInTime(guide, placed, query, progress.wait).finally(progress.stop);
  print(json ? JSON.stringify(judged, null, 2) : solutionText(placed, query, judged, colours()));
  return { right: 0, wrong: 1, refused: 1, wait: 2, elsewhere: 2, unknown: 2 }[judged.kind];
};

const judgedInTime = async (
  guide: Guide,
  { experiment, number }: PlacedExercise,
  query: string,
  wait: ReturnType<typeof createProgress>['wait'],
): Promise<Judged> => {
  let deadline: number | undefined;
  for (;;) {
    const judged = await guide.solve({ experiment, number, query });
    if (judged.kind !== 'wait') return judged;
    deadline ??= Date.now() + 1_000 * (judged.seconds + patienceSeconds);
    if (Date.now() > deadline) return judged;
    for (let left = Math.max(1, Math.ceil(judged.seconds)); left > 0; left -= 1) {
      await wait({ reason: judged.reason, secondsLeft: left });
    }
  }
};
