import { isRight, isSame } from '../judging/answer.ts';
import { judgeCounts } from '../judging/counts.ts';
import { type Given, judge } from '../judging/judge.ts';
import { selectorsOf } from '../judging/selector.ts';
import { longestWindowIn, unknownNameIn, windowsIn, withWindow } from '../judging/slip.ts';
import { askedIn, expectedIn, timeIn } from '../judging/world.ts';
import type { Exercise, Expected, Solution, World } from '../model/exercise.ts';
import type { Lab } from '../model/lab.ts';
import type { Answer, Reader } from '../model/reader.ts';
import { checkQuery } from './exercises.ts';
import { readRouting } from './written-routing.ts';

/** What is said of an answer, and whether it was kept that it was right; `unknown` where the lab gave no answer. */
export type Judged = (Solution & { isKept?: boolean }) | Unknown;

/** Why nothing can be judged, and what the reader can look at. */
export type Unknown = { kind: 'unknown'; reason: string; look?: string };

/** An exercise of the list that the guide keeps; `solved` once it is, with the learner's own query. */
export type ListedExercise = { experiment: number; number: number; solved?: { answer: string; at: number } };

/**
 * Runs a learner's query on the lab and in the exercise's worlds, beside the answer and the typical mistakes, and judges
 * it by value.
 * @throws AnswerError where there is no query in it, and ServiceError where the lab does not answer
 */
export const solve = async (exercise: Exercise, query: string, read: Reader, lab: Lab): Promise<Solution> => {
  checkQuery(query);
  if (exercise.counts) return solveRouting({ ...exercise, counts: exercise.counts }, query, read, lab);
  // A query that cannot be read is refused whatever the lab has stored.
  const first = await read.ask(query, lab.now);
  if ('refused' in first)
    return judge(exercise, [], { query, learner: [first], answer: [], mistakes: [] }, lab.scrapeSeconds);
  const expectation = await exercise.expected(read, lab);
  if (expectation.kind !== 'known') return expectation;
  const solution = await judgedAt(exercise, expectation.instants, query, read, lab);
  if (solution.kind !== 'wrong') return solution;
  return (await whereStored(exercise, expectation.instants, query, read, lab)) ?? solution;
};

/** Judges a route, and what inhibits, by the notifications that come of it. */
const solveRouting = async (
  exercise: Exercise & Required<Pick<Exercise, 'counts'>>,
  text: string,
  read: Reader,
  lab: Lab,
): Promise<Solution> => {
  const written = await readRouting(text);
  if ('refused' in written) return { kind: 'refused', by: 'Alertmanager', message: written.refused };
  const expectation = await exercise.expected(read, lab);
  if (expectation.kind !== 'known') return expectation;
  const mistakes = exercise.mistakes.map(async (mistake) => {
    const own = await readRouting(mistake.query);
    return { mistake, counts: 'refused' in own ? [] : await exercise.counts(own, read, lab) };
  });
  const counts = await exercise.counts(written, read, lab);
  return judgeCounts(exercise, expectation.instants, counts, await Promise.all(mistakes));
};

/** Judges a query at given instants of the lab, and in the worlds. */
const judgedAt = async (exercise: Exercise, here: Expected[], query: string, read: Reader, lab: Lab) => {
  const { asks, expected } = await inPlaces(exercise, here, query, read);
  const mistakes = exercise.mistakes.map((mistake) => mistake.query);
  const [learner, answer, ...others] = await Promise.all([query, exercise.answer, ...mistakes].map(asks));
  const given: Given = {
    query,
    learner: learner!,
    answer: answer!,
    mistakes: exercise.mistakes.map((mistake, index) => ({
      mistake,
      answers: others[index]!,
      isJudgedElsewhere: (exercise.worlds ?? []).some(
        (world) => askedIn(world, query) === undefined && askedIn(world, mistake.query) !== undefined,
      ),
    })),
  };
  const solution = judge(exercise, expected, given, lab.scrapeSeconds);
  if (solution.kind !== 'wrong') return solution;
  const unknownName = await unknownNameIn(query, read, lab.now);
  if (unknownName !== undefined) return judge(exercise, expected, { ...given, unknownName }, lab.scrapeSeconds);
  if (solution.mistakes.length > 0) return solution;
  const isRightEverywhere = (answers: Answer[]) =>
    expected.every((each, index) => isRight(each, answers[index]!, exercise.mayBeRounded));
  const isLearners = (answers: Answer[]) => answers.every((each, index) => isSame(each, learner![index]!));
  const reason = await otherWindow(exercise.answer, query, asks, isRightEverywhere, isLearners);
  return reason === undefined ? solution : { ...solution, reason };
};

/** Where a query is asked: at the instants of the lab, and in each world that it can be asked in. */
const inPlaces = async (exercise: Exercise, here: Expected[], query: string, read: Reader) => {
  const places: { world: World; second: number }[] = (exercise.worlds ?? [])
    .filter((world) => askedIn(world, query) !== undefined)
    .flatMap((world) => world.at.map((second) => ({ world, second })));
  const askIn = async (expr: string, { world, second }: (typeof places)[0]): Promise<Answer> => {
    const asked = askedIn(world, expr);
    return asked === undefined ? { refused: 'it cannot be asked there' } : read.ask(asked, timeIn(second));
  };
  const right = await Promise.all(places.map((place) => askIn(exercise.answer, place)));
  const known = places.flatMap((place, index) => {
    const expected = expectedIn(place.world, place.second, right[index]!);
    return expected === undefined ? [] : [{ ...place, expected }];
  });
  return {
    expected: [...here, ...known.map(({ expected }) => expected)],
    asks: (expr: string): Promise<Answer[]> =>
      Promise.all([...here.map(({ at }) => read.ask(expr, at)), ...known.map((place) => askIn(expr, place))]),
  };
};

/** Whether the query would be right with the answer's window, or is the answer with another one. */
const otherWindow = async (
  answer: string,
  query: string,
  asks: (expr: string) => Promise<Answer[]>,
  isRightEverywhere: (answers: Answer[]) => boolean,
  isLearners: (answers: Answer[]) => boolean,
): Promise<string | undefined> => {
  const [[right, ...more], own] = [windowsIn(answer), windowsIn(query)];
  const mended = right !== undefined && more.length === 0 ? withWindow(query, right) : undefined;
  if (mended === undefined || own.length === 0) return undefined;
  const isOnlyThat =
    isRightEverywhere(await asks(mended)) ||
    (own.length === 1 && isLearners(await asks(withWindow(answer, own[0]!) ?? answer)));
  return isOnlyThat ? `it would be right with a window of ${right}: yours is ${own.join(' and ')}` : undefined;
};

/**
 * A query may ask for what is stored for less long than what the task is about, such as a recorded series: it is judged
 * where there is something of it.
 * @returns undefined where it asks for nothing that is younger
 */
const whereStored = async (
  exercise: Exercise,
  here: Expected[],
  query: string,
  read: Reader,
  lab: Lab,
): Promise<Solution | undefined> => {
  if (here.some((each) => 'fires' in each)) return undefined;
  const known = new Set(namesIn(exercise.answer));
  const others = namesIn(query).filter((name) => !known.has(name));
  const stored = await Promise.all(others.map((name) => read.samples(name, youngestSeconds, lab.now)));
  const since = Math.max(
    ...stored.flatMap((series) => {
      const times = series.flatMap(({ samples }) => samples.slice(0, 1)).map(([at]) => at);
      return times.length === 0 ? [] : [Math.min(...times)];
    }),
  );
  if (!(since > Math.min(...here.map(({ at }) => at)))) return undefined;
  const later = await exercise.expected({ ...read, samples: samplesSince(since, read) }, lab);
  if (later.kind === 'known') {
    const judged = await judgedAt(exercise, later.instants, query, read, lab);
    if (judged.kind !== 'wait') return judged;
    return { ...judged, seconds: Math.max(judged.seconds, untilTheyDiffer(exercise.answer, later.instants)) };
  }
  const reason = `more of ${others.join(' and ')}, which is stored for ${Math.round(lab.now - since)} s so far`;
  return { kind: 'wait', seconds: later.kind === 'wait' ? later.seconds : lab.scrapeSeconds, reason };
};

/** Instants that lie closer together than the answer's window share most of its samples, and so their values. */
const untilTheyDiffer = (answer: string, instants: readonly Expected[]): number => {
  const times = instants.map(({ at }) => at);
  return longestWindowIn(answer) - (Math.max(...times) - Math.min(...times));
};

/** Longer than the longest that an exercise reads. */
const youngestSeconds = 4_500;

const namesIn = (query: string): string[] => [
  ...new Set(
    selectorsOf(query).flatMap(({ matchers }) =>
      matchers.filter(({ label, operator }) => label === '__name__' && operator === '=').map(({ value }) => value),
    ),
  ),
];

const samplesSince =
  (since: number, read: Reader): Reader['samples'] =>
  async (...question) =>
    (await read.samples(...question))
      .map(({ labels, samples }) => ({ labels, samples: samples.filter(([at]) => at >= since) }))
      .filter(({ samples }) => samples.length > 0);
