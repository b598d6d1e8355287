import { type AlertRule, BacktestError, evaluated, type Span } from '../backtest/evaluate.ts';
import { type Moment, worstMoments } from '../backtest/moments.ts';
import { beginOf, practiceSeeds, scoreSeeds, seeds } from '../backtest/scenarios.ts';
import { beats, best, judged, type Score, type ShiftScore, scoreOf } from '../backtest/score.ts';
import { type Scenario, type Shift, type ShiftEvent, shiftSeconds } from '../backtest/shift.ts';
import type { Reader } from '../model/reader.ts';
import { ServiceError } from './service.ts';

/** What rules did in a shift, and what that is worth. */
export type PlayedShift = ShiftScore & { spans: readonly Span[]; events: readonly ShiftEvent[] };

/** What rules are worth in the shifts of a scenario. */
export type Played = {
  /** of the shifts that count */
  score: Score;
  /** of the shifts to practise on */
  practice: Score;
  /** of the shifts to practise on */
  worst: readonly Moment[];
  /** those to practise on */
  shifts: readonly PlayedShift[];
};

/** What else there is to be reached in the shifts of a scenario that count. */
export type Reachable = {
  /** the most that any rule could save */
  best: number;
  references: readonly { name: string; score: Score }[];
};

/** @returns the names of the references that are better in both: what is saved, and pages that save nothing */
export const betterThan = (score: Score, references: Reachable['references']): string[] =>
  references.filter((each) => beats(each.score, score)).map(({ name }) => name);

/**
 * What alerting rules are worth in every shift of a scenario.
 * @param read  asks whoever holds the shifts
 * @throws BacktestError where the rules are none that can be judged
 */
export const playedBy = async (
  read: Pick<Reader, 'range' | 'ask'>,
  scenario: Scenario,
  alerts: readonly AlertRule[],
): Promise<Played> => {
  for (const { alert, expr } of alerts) await requireVector(read, scenario, alert, expr);
  // While one answer is read the other one is computed.
  const [shifts, counted] = (await Promise.all(
    [practiceSeeds, scoreSeeds].map((own) => scoresOf(read, scenario, alerts, own)),
  )) as [PlayedShift[], PlayedShift[]];
  return {
    score: scoreOf(counted),
    practice: scoreOf(shifts),
    worst: worstMoments(scenario, shifts),
    shifts,
  };
};

/** @param read  asks whoever holds the shifts */
export const reachableIn = async (read: Pick<Reader, 'range'>, scenario: Scenario): Promise<Reachable> => {
  const references = await Promise.all(
    scenario.references.map(async ({ name, ...reference }) => {
      const scores = await scoresOf(read, scenario, [{ alert: 'Reference', ...reference }], scoreSeeds);
      return { name, score: scoreOf(scores) };
    }),
  );
  return { best: best(scenario, scoreSeeds.map(scenario.shift)), references };
};

/** @returns what rules are worth in the shifts with these seeds, one by one */
export const scoresOf = async (
  read: Pick<Reader, 'range'>,
  scenario: Scenario,
  rules: readonly AlertRule[],
  seeds: readonly number[],
): Promise<PlayedShift[]> => {
  const scores: PlayedShift[] = [];
  for (const seed of seeds) {
    const { pages, spans } = await inWords(evaluated(read, rules, scenario, seed));
    const shift = shiftOf(scenario, seed);
    scores.push({ ...judged(scenario, shift, pages), spans, events: shift.events });
  }
  return scores;
};

/** A shift is the same whenever it is asked for, and is asked for by every rule. */
const shiftOf = (scenario: Scenario, seed: number): Shift => {
  const made = shiftsMade.get(scenario) ?? new Map<number, Shift>();
  shiftsMade.set(scenario, made);
  const known = made.get(seed);
  if (known !== undefined) return known;
  // Its samples are what Prometheus holds: events are all that is judged by.
  const shift = { ...scenario.shift(seed), series: [] };
  made.set(seed, shift);
  return shift;
};
const shiftsMade = new WeakMap<Scenario, Map<number, Shift>>();

/** A refusal of Prometheus is the rule's. */
export const inWords = async <Result>(asked: Promise<Result>): Promise<Result> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ServiceError && error.kind === 'refused') {
      throw new BacktestError(`Prometheus refuses the expression: ${error.words}`);
    }
    if (error instanceof ServiceError && error.kind === 'slow') {
      throw new BacktestError('the expression takes too long: each shift has to be evaluated within 5 s');
    }
    throw error;
  }
};

/** @throws BacktestError where a rule needs another expression */
export const requireVector = async (
  read: Pick<Reader, 'ask'>,
  scenario: Scenario,
  name: string,
  expr: string,
): Promise<void> => {
  // In the middle of the first shift.
  const answer = await inWords(read.ask(expr, beginOf(scenario, seeds[0]!) + shiftSeconds / 2));
  if ('refused' in answer) throw new BacktestError(`Prometheus refuses the expression: ${answer.refused}`);
  if (answer.type === 'vector') return;
  throw new BacktestError(
    `${name} is a ${answer.type}: a rule needs an expression that returns series, such as a comparison of a metric, up == 0`,
  );
};
