import { type AlertRule, BacktestError, evaluated, type Span } from '../backtest/evaluate.ts';
import { type Moment, worstMoments } from '../backtest/moments.ts';
import type { RecordRule, Rules } from '../backtest/rules.ts';
import { beginOf, practiceSeeds, scenarios, scoreSeeds, seeds } from '../backtest/scenarios.ts';
import { beats, best, judged, type Score, type ShiftScore, scoreOf } from '../backtest/score.ts';
import {
  evaluationOffset,
  evaluationSeconds,
  leadSeconds,
  type Scenario,
  type Shift,
  type ShiftEvent,
  shiftSeconds,
} from '../backtest/shift.ts';
import type { Reader } from '../model/reader.ts';
import { createReader } from './api.ts';
import { placesFrom } from './places.ts';
import { remoteWrite, type WrittenSeries } from './remote-write.ts';
import { type Service, ServiceError } from './service.ts';

/** The Prometheus of prometheus/shifts.sh. */
const shiftsPrometheus: Service = { name: 'the Prometheus of the shifts', of: 'step' };

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

/** What the rules of a learner are worth in a scenario. */
export type Backtest = Omit<Played, 'shifts'> &
  Reachable & {
    scenario: Scenario;
    /** references that save as much with no more useless pages, and are better in one of both */
    beatenBy: readonly string[];
  };

/** Stores every shift of a scenario in a Prometheus that is empty. @param address  `host:port` */
export const storeShifts = async (address: string, scenario: Scenario): Promise<void> => {
  for (const seed of seeds) await storeShift(address, scenario, seed);
};

const storeShift = async (address: string, scenario: Scenario, seed: number): Promise<void> => {
  const begin = beginOf(scenario, seed);
  const series = scenario.shift(seed).series.map(({ labels, samples, staleAt }) => ({
    labels,
    samples: samples.map(([at, value]) => [begin + at, value] as const),
    staleAt: staleAt.map((at) => begin + at),
  }));
  await remoteWrite(shiftsPrometheus, `http://${address}`, series);
};

/**
 * Stores the shifts of every scenario in a Prometheus that may hold some of them, in the order of their times: it takes
 * no sample that is older than the last one of the same series.
 * @param address  `host:port`
 */
export const storeMissingShifts = async (address: string): Promise<void> => {
  const read = shiftsReader(address);
  const isStored = async (scenario: Scenario, seed: number) =>
    (await read.query('group({__name__!=""})', beginOf(scenario, seed) + shiftSeconds / 2)).length > 0;
  // Of what is written in order the last tells of all.
  if (await isStored(scenarios.at(-1)!, seeds.at(-1)!)) return;
  for (const scenario of scenarios) {
    for (const seed of seeds) if (!(await isStored(scenario, seed))) await storeShift(address, scenario, seed);
  }
};

/** @returns a reader of that Prometheus */
export const shiftsReader = (address: string): Reader => createReader(placesFrom({ PROMETHEUS_ADDRESS: address }));

/**
 * Judges rules in every shift of a scenario.
 * @param address  of a Prometheus that holds the shifts, and nothing that such rules have recorded
 * @throws BacktestError where the rules are none that can be judged
 */
export const backtest = async (address: string, scenario: Scenario, rules: Rules): Promise<Backtest> => {
  const read = shiftsReader(address);
  for (const rule of rules.records) {
    await requireVector(read, scenario, `record: ${rule.record}`, rule.expr);
    await record(address, read, scenario, rule);
  }
  const { shifts: _, ...played } = await playedBy(read, scenario, rules.alerts);
  const reachable = await reachableIn(read, scenario);
  return { scenario, ...played, ...reachable, beatenBy: betterThan(played.score, reachable.references) };
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
const inWords = async <Result>(asked: Promise<Result>): Promise<Result> => {
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

const requireVector = async (
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

/** Stores what a recording rule would have stored in each shift, and when its series would have ended. */
const record = async (address: string, read: Reader, scenario: Scenario, rule: RecordRule): Promise<void> => {
  for (const seed of seeds) {
    const from = beginOf(scenario, seed) - leadSeconds + evaluationOffset;
    const to = beginOf(scenario, seed) + shiftSeconds - evaluationSeconds + evaluationOffset;
    const returned = await inWords(read.range(rule.expr, from, to, evaluationSeconds));
    const series = returned.map(({ labels, samples }): WrittenSeries => {
      const there = new Set(samples.map(([at]) => Math.round(at)));
      const staleAt = samples
        .map(([at]) => Math.round(at) + evaluationSeconds)
        .filter((at) => at <= to && !there.has(at));
      return { labels: { ...labels, ...rule.labels, __name__: rule.record }, samples, staleAt };
    });
    if (series.length > 0) await remoteWrite(shiftsPrometheus, `http://${address}`, series);
  }
};
