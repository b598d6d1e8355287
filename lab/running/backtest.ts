import { type AlertRule, BacktestError, evaluated } from '../backtest/evaluate.ts';
import { type Moment, worstMoments } from '../backtest/moments.ts';
import type { RecordRule, Rules } from '../backtest/rules.ts';
import { beginOf, practiceSeeds, scoreSeeds } from '../backtest/scenarios.ts';
import { beats, best, judged, type Score, type ShiftScore, scoreOf } from '../backtest/score.ts';
import { evaluationOffset, evaluationSeconds, leadSeconds, type Scenario, shiftSeconds } from '../backtest/shift.ts';
import type { Reader } from '../model/reader.ts';
import { createReader } from './api.ts';
import { placesFrom } from './places.ts';
import { remoteWrite, type WrittenSeries } from './remote-write.ts';
import { type Service, ServiceError } from './service.ts';

/** The Prometheus of prometheus/shifts.sh. */
const shiftsPrometheus: Service = { name: 'the Prometheus of the shifts', of: 'step' };

/** What the rules of a learner are worth in a scenario. */
export type Backtest = {
  scenario: Scenario;
  /** of the shifts that count */
  score: Score;
  /** of the shifts to practise on */
  practice: Score;
  /** the most that any rule could save of the shifts that count */
  best: number;
  references: readonly { name: string; score: Score }[];
  /** references that save as much with no more useless pages, and are better in one of both */
  beatenBy: readonly string[];
  /** of the shifts to practise on */
  worst: readonly Moment[];
};

const seeds = [...practiceSeeds, ...scoreSeeds];

/** Stores every shift of a scenario in a Prometheus that is empty. @param address  `host:port` */
export const storeShifts = async (address: string, scenario: Scenario): Promise<void> => {
  for (const seed of seeds) {
    const begin = beginOf(seed);
    const series = scenario.shift(seed).series.map(({ labels, samples, staleAt }) => ({
      labels,
      samples: samples.map(([at, value]) => [begin + at, value] as const),
      staleAt: staleAt.map((at) => begin + at),
    }));
    await remoteWrite(shiftsPrometheus, `http://${address}`, series);
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
    await requireVector(read, `record: ${rule.record}`, rule.expr);
    await record(address, read, rule);
  }
  for (const { alert, expr } of rules.alerts) await requireVector(read, alert, expr);
  const practice = await scoresOf(read, scenario, rules.alerts, practiceSeeds);
  const score = scoreOf(await scoresOf(read, scenario, rules.alerts, scoreSeeds));
  const references = [];
  for (const { name, ...reference } of scenario.references) {
    const scores = await scoresOf(read, scenario, [{ alert: 'Reference', ...reference }], scoreSeeds);
    references.push({ name, score: scoreOf(scores) });
  }
  return {
    scenario,
    score,
    practice: scoreOf(practice),
    best: best(scenario, scoreSeeds.map(scenario.shift)),
    references,
    beatenBy: references.filter((each) => beats(each.score, score)).map(({ name }) => name),
    worst: worstMoments(scenario, practice),
  };
};

/** @returns what rules are worth in the shifts with these seeds, one by one */
export const scoresOf = async (
  read: Pick<Reader, 'range'>,
  scenario: Scenario,
  rules: readonly AlertRule[],
  seeds: readonly number[],
): Promise<ShiftScore[]> => {
  const scores: ShiftScore[] = [];
  for (const seed of seeds) {
    const { pages } = await inWords(evaluated(read, rules, seed));
    scores.push(judged(scenario, scenario.shift(seed), pages));
  }
  return scores;
};

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

/** In the middle of the first shift. */
const tried = beginOf(practiceSeeds[0]!) + shiftSeconds / 2;

const requireVector = async (read: Reader, name: string, expr: string): Promise<void> => {
  const answer = await inWords(read.ask(expr, tried));
  if ('refused' in answer) throw new BacktestError(`Prometheus refuses the expression: ${answer.refused}`);
  if (answer.type === 'vector') return;
  throw new BacktestError(
    `${name} is a ${answer.type}: a rule needs an expression that returns series, such as a comparison of a metric, up == 0`,
  );
};

/** Stores what a recording rule would have stored in each shift, and when its series would have ended. */
const record = async (address: string, read: Reader, rule: RecordRule): Promise<void> => {
  for (const seed of seeds) {
    const from = beginOf(seed) - leadSeconds + evaluationOffset;
    const to = beginOf(seed) + shiftSeconds - evaluationSeconds + evaluationOffset;
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
