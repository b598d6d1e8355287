import { experiments } from '../../experiments/catalogue.ts';
import type { Said } from '../../lab/incidents/said.ts';
import type { Compared } from '../../lab/model/exercise.ts';
import { capital, clock, rightAt } from '../../lab/model/format.ts';
import type { Fault } from '../../lab/model/lesson.ts';
import type { SearchState } from '../../lab/running/diagnosis.ts';
import { type PlacedExercise, placedExercises } from '../../lab/running/exercises.ts';
import type { Judged, ListedExercise, Unknown } from '../../lab/running/solve.ts';
import { saidText } from './answer.ts';
import type { Colours } from './terminal.ts';

/** What `make solve-N` and `make progress` print. */

/** What is typed for an exercise, with what it is given. */
const typed = ({ experiment, number }: { experiment: number; number: number }, given = ''): string =>
  ['make', `solve-${experiment}`, ...(number === 1 ? [] : [`NUMBER=${number}`]), ...(given === '' ? [] : [given])].join(
    ' ',
  );

/** A query as a shell takes it whole. */
const quoted = (query: string): string => `QUERY='${query.replaceAll("'", "'\\''")}'`;

/** The task, and how to go on. */
export const taskText = (placed: PlacedExercise, solved: ListedExercise['solved'], colours: Colours): string => {
  const { experiment, title, number, exercise } = placed;
  const others = placedExercises().filter((each) => each.experiment === experiment && each !== placed);
  return [
    colours.bold(`Exercise ${experiment}.${number} · ${title}`) + (solved ? colours.green('  ✓ solved') : ''),
    `  ${exercise.task}`,
    '',
    `  Begin with:  ${typed(placed, quoted(exercise.start))}`,
    `  A hint:      ${typed(placed, 'HINT=1')}${exercise.hints.length > 1 ? ` to HINT=${exercise.hints.length}` : ''}`,
    `  The answer:  ${typed(placed, 'ANSWER=1')}`,
    ...searchLines(experiment),
    ...others.map((other) => `  Exercise ${other.experiment}.${other.number}: ${typed(other)}`),
  ].join('\n');
};

/** Of a search: how the fault is named. */
const searchLines = (experiment: number): string[] => {
  const faults = experiments.find(({ number }) => number === experiment)?.faults ?? [];
  const names = faults.map(({ name }) => name).join(', ');
  return faults.length === 0 ? [] : [`  The fault:   make solve-${experiment} CAUSE=… (${names})`];
};

/** The hints up to one of them. */
export const hintText = ({ exercise }: PlacedExercise, last: number): string =>
  exercise.hints
    .slice(0, last)
    .map((hint, index) => `  Hint ${index + 1}: ${hint}`)
    .join('\n');

export const answerText = ({ exercise }: PlacedExercise, colours: Colours): string =>
  [colours.bold(exercise.answer.replaceAll(/^/gm, '  ')), `  ${exercise.why}`].join('\n');

/** What is said of an answer. */
export const solutionText = (placed: PlacedExercise, query: string, judged: Judged, colours: Colours): string => {
  const wrong = colours.red('✗');
  switch (judged.kind) {
    case 'right': {
      const all = placedExercises();
      const next = all[all.indexOf(placed) + 1];
      return [
        `${colours.green('✓')} right ${rightAt(judged.compared)}`,
        ...table(judged.compared, colours),
        `  ${colours.bold('Insight:')} ${judged.why}`,
        ...(judged.isKept === false ? [lost] : []),
        ...(next ? [`  ${colours.bold('Next:')} ${typed(next)}`] : []),
      ].join('\n');
    }
    case 'wrong':
      return [
        `${wrong} not yet: ${judged.reason}`,
        ...table(judged.compared, colours),
        ...judged.mistakes.map((mistake) => `  ${sameAs(mistake, colours.bold)}: ${mistake.why}.`),
        `  ${colours.dim(`${typed(placed, 'HINT=1')} helps`)}`,
      ].join('\n');
    case 'refused':
      return [
        `${wrong} ${judged.by ?? 'Prometheus'} refuses it: ${judged.message}`,
        ...pointedAt(query, judged.place, colours),
      ].join('\n');
    case 'wait':
      return `It cannot be judged yet: waited for ${judged.reason}. Try again in a while.`;
    case 'elsewhere':
      return `The lab cannot show it now: ${judged.reason}.\n  Type: ${judged.type}`;
    case 'unknown':
      return unknown(judged);
  }
};

/** A query is named; what takes several lines is not. */
const sameAs = ({ query }: { query: string }, bold: Colours['bold']): string =>
  query.includes('\n') ? 'The same counts as of a typical mistake' : `The same values as ${bold(query)}`;

const table = (compared: readonly Compared[], colours: Colours): string[] => {
  const width = (column: 'expected' | 'given') => Math.max(...compared.map((row) => row[column].length));
  const [expected, given] = [width('expected'), width('given')];
  const places = compared.map(({ where, at }) => where ?? clock(at));
  const widest = Math.max(...places.map(({ length }) => length));
  return compared.map((row, index) => {
    const mark = row.isRight ? colours.green('✓') : colours.red('✗');
    return `  ${places[index]!.padEnd(widest)}  right ${row.expected.padEnd(expected)}  yours ${row.given.padEnd(given)}  ${mark}`;
  });
};

/** The line of the query at which Prometheus stopped reading, and a mark under the place. */
const pointedAt = (query: string, place: { line: number; column: number } | undefined, colours: Colours): string[] => {
  const line = place && query.split('\n')[place.line - 1];
  return line === undefined ? [] : [`    ${line}`, `    ${blank(line.slice(0, place!.column - 1))}${colours.red('^')}`];
};

/** Spaces as wide as a text is in a terminal. */
const blank = (text: string): string =>
  [...new Intl.Segmenter().segment(text)]
    .map(({ segment }) => (segment === '\t' ? '\t' : ' '.repeat(wide.test(segment) ? 2 : 1)))
    .join('');

/** Emoji, and the scripts of East Asia. */
const wide = /\p{Emoji_Presentation}|\p{sc=Han}|\p{sc=Hiragana}|\p{sc=Katakana}|\p{sc=Hangul}|[\uFF01-\uFF60]|\uFE0F/u;

/** What is said of a cause that was named. */
export const namedText = (
  experiment: number,
  { name, cause, sign }: Fault,
  said: Said | Unknown,
  colours: Colours,
): string => {
  if (said.kind !== 'judged') return saidText(said, colours, 'There is no fault to be found');
  const [part] = said.parts;
  if (!part?.isRight) return `${colours.red('✗')} not ${name}: ${part?.says}`;
  return [
    `${colours.green('✓')} right: ${cause}`,
    `  ${capital(sign)}.`,
    ...(said.isKept ? [] : [lost]),
    `  ${colours.bold('Next:')} make check-${experiment}, or make exp-${experiment} for another fault`,
  ].join('\n');
};

const lost = '  It could not be written down: make logs says why.';
const unknown = ({ reason, look = 'make status' }: Unknown): string =>
  `Nothing can be judged: ${reason}.\n  Look at: ${look}`;

/** A query in a table: its lines joined by a sign. */
const onOneLine = (query: string): string =>
  query
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ↵ ')
    .replaceAll('\t', ' ');

/** What `--json` prints: for each exercise when and how it was solved, and which faults were found. */
export const progressIn = (exercises: readonly ListedExercise[], searches: SearchState['searches']) => ({
  solved: exercises.filter(({ solved }) => solved !== undefined).length,
  of: exercises.length,
  exercises: exercises.map(({ experiment, number, solved }) => ({
    exercise: `${experiment}.${number}`,
    solvedAt: solved === undefined ? null : new Date(1_000 * solved.at).toISOString(),
    answer: solved?.answer ?? null,
  })),
  faults: searches.map(({ experiment, causes, found }) => ({ experiment, found, of: causes.length })),
});

/** Every exercise, solved or not, and the faults that were found. */
export const progressText = (
  solved: readonly ListedExercise[],
  searches: SearchState['searches'],
  colours: Colours,
): string => {
  const has = (placed: PlacedExercise) =>
    solved.find(({ experiment, number }) => experiment === placed.experiment && number === placed.number)?.solved;
  const all = placedExercises();
  const rows = all.map((placed) => {
    const answer = has(placed);
    const mark = answer ? colours.green('✓') : '·';
    return `  ${mark} ${`${placed.experiment}.${placed.number}`.padEnd(5)} ${placed.title.padEnd(20)} ${answer ? colours.dim(onOneLine(answer.answer)) : typed(placed)}`;
  });
  const found = searches.map(
    ({ experiment, causes, found: names }) =>
      `  ${names.length} of ${causes.length} faults of experiment ${experiment} found${names.length > 0 ? `: ${names.join(', ')}` : ''}`,
  );
  return [...rows, `  ${all.filter(has).length} of ${all.length} solved`, ...found].join('\n');
};
