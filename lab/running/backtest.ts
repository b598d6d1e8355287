import type { RecordRule, Rules } from '../backtest/rules.ts';
import { beginOf, scenarios, seeds } from '../backtest/scenarios.ts';
import { evaluationOffset, evaluationSeconds, leadSeconds, type Scenario, shiftSeconds } from '../backtest/shift.ts';
import type { Reader } from '../model/reader.ts';
import { createReader } from './api.ts';
import { placesFrom } from './places.ts';
import { betterThan, inWords, type Played, playedBy, type Reachable, reachableIn, requireVector } from './played.ts';
import { remoteWrite, type WrittenSeries } from './remote-write.ts';
import type { Service } from './service.ts';

/** The Prometheus of prometheus/shifts.sh. */
const shiftsPrometheus: Service = { name: 'the Prometheus of the shifts', of: 'step' };

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
