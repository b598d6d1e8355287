import { alertDuration } from '../backtest/duration.ts';
import { type AlertRule, BacktestError, type Span } from '../backtest/evaluate.ts';
import { momentText } from '../backtest/moments.ts';
import { beginOf, practiceSeeds, scenarios, scoreSeeds } from '../backtest/scenarios.ts';
import { best, type JudgedPage, type Score } from '../backtest/score.ts';
import { avoidable, reactionSeconds, type Scenario, shiftSeconds } from '../backtest/shift.ts';
import { placed } from '../judging/judge.ts';
import { duration } from '../model/format.ts';
import type { Reader } from '../model/reader.ts';
import { quoted } from '../settings/quoted.ts';
import { betterThan, playedBy, type Reachable, reachableIn } from './played.ts';

/** What the page On call shows, from whoever holds the shifts. Times within a shift are its seconds. */

/** An experiment that shows why. */
export type ShownExperiment = { number: number; title: string };
type ExperimentOf = (slug: string) => ShownExperiment;

/** Something that was under way in a shift. */
export type ShownEvent = {
  what: string;
  /** what it happened to, where that is not everything, such as `host-3:9100` */
  whom?: string;
  from: number;
  until: number;
  /** of its damage, in the unit of the scenario */
  avoidable: number;
  isWorth: boolean;
  experiment: ShownExperiment;
};

/** A rule as it is typed; what it leaves out is empty. */
export type TypedRule = { expr: string; for: string; keep: string };

/** A scenario, before anything is typed. */
export type ShownScenario = {
  name: string;
  title: string;
  /** all that there are */
  choices: readonly { name: string; title: string }[];
  deserves: string;
  metrics: readonly string[];
  unit: string;
  reactionSeconds: number;
  shiftSeconds: number;
  references: readonly (TypedRule & { name: string })[];
  /** the most that any rule could save, 0 to 1 */
  best: number;
  /** of every series that a rule can ask, for completion */
  series: readonly Readonly<Record<string, string>>[];
  /** the shifts to practise on */
  shifts: readonly { seed: number; begin: number; events: readonly ShownEvent[] }[];
};

/** A page that went out in a shift. */
export type ShownPage = {
  at: number;
  kind: JudgedPage['kind'];
  /** what was under way, by its place among the events of the shift */
  event?: number;
};

/** What a rule did in a shift to practise on. */
export type ShownShift = {
  seed: number;
  spans: readonly Span[];
  pages: readonly ShownPage[];
  /** what was saved of the events that do damage, by their place among the events of the shift */
  saved: readonly { event: number; saved: number; detectedAfter?: number }[];
};

/** What went wrong in the shifts to practise on. */
export type ShownMoment = { seed: number; second: number; text: string; experiment: ShownExperiment };

/** The reference rules, or a rule of the learner's, in the shifts that count; or why there is no answer. */
export type OnCall =
  | { kind: 'references'; references: Reachable['references'] }
  | {
      kind: 'judged';
      score: Score;
      /** of the shifts to practise on */
      practice: Score;
      /** reference rules that are better in both */
      beatenBy: readonly string[];
      worst: readonly ShownMoment[];
      shifts: readonly ShownShift[];
    }
  | { kind: 'refused'; reason: string; place?: { line: number; column: number } }
  /** nobody holds the shifts; `type` brings who does */
  | { kind: 'absent'; type: string }
  /** nobody here can evaluate a rule, however long anybody waits */
  | { kind: 'lacking'; reason: string };

const byName = (name: string): Scenario => {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario === undefined) throw new BacktestError(`there is no scenario ${quoted(name)}`);
  return scenario;
};

/** The names by which a scenario is asked for. */
export const scenarioNames: readonly string[] = scenarios.map(({ name }) => name);

/** @throws BacktestError where there is no such scenario */
export const shownScenario = (name: string, experimentOf: ExperimentOf): ShownScenario => {
  const scenario = byName(name);
  const { title, deserves, metrics, unit, worth, references } = scenario;
  const shifts = practiceSeeds.map(scenario.shift);
  const series = new Map(
    shifts.flatMap((shift) => shift.series).map(({ labels }) => [JSON.stringify(labels), labels] as const),
  );
  const text = (seconds = 0) => (seconds === 0 ? '' : duration(seconds));
  return {
    name,
    title,
    choices: scenarios.map((each) => ({ name: each.name, title: each.title })),
    deserves,
    metrics,
    unit,
    reactionSeconds,
    shiftSeconds,
    references: references.map(({ name: own, expr, forSeconds, keepFiringForSeconds }) => ({
      name: own,
      expr,
      for: text(forSeconds),
      keep: text(keepFiringForSeconds),
    })),
    best: best(scenario, scoreSeeds.map(scenario.shift)),
    series: [...series.values()],
    shifts: shifts.map(({ seed, events }) => ({
      seed,
      begin: beginOf(scenario, seed),
      events: events.map((event) => ({
        what: event.what,
        ...(event.labels.instance !== undefined && { whom: event.labels.instance }),
        from: event.from,
        until: event.until,
        avoidable: avoidable(event),
        isWorth: avoidable(event) >= worth,
        experiment: experimentOf(event.shownBy),
      })),
    })),
  };
};

/** @param read  asks whoever holds the shifts */
export const references = async (read: Pick<Reader, 'range'>, name: string): Promise<OnCall> => ({
  kind: 'references',
  references: (await reachableIn(read, byName(name))).references,
});

/**
 * Judges a rule as it was typed.
 * @param read   asks whoever holds the shifts
 * @param known  what the reference rules are worth
 */
export const judgeTyped = async (
  read: Pick<Reader, 'range' | 'ask'>,
  name: string,
  typed: TypedRule,
  known: Reachable['references'],
  experimentOf: ExperimentOf,
): Promise<OnCall> => {
  try {
    const scenario = byName(name);
    const { shifts, worst, ...scores } = await playedBy(read, scenario, [ruleOf(typed)]);
    return {
      kind: 'judged',
      ...scores,
      beatenBy: betterThan(scores.score, known),
      worst: worst.map((moment) => ({
        seed: moment.seed,
        second: moment.at - beginOf(scenario, moment.seed),
        text: momentText(moment),
        experiment: experimentOf(moment.shownBy),
      })),
      shifts: shifts.map(({ seed, spans, pages, incidents, events }) => ({
        seed,
        spans,
        pages: pages.map(({ page, kind, event }) => ({
          at: page.at,
          kind,
          ...(event !== undefined && { event: events.indexOf(event) }),
        })),
        saved: incidents.map(({ event, saved, detectedAfter }) => ({
          event: events.indexOf(event),
          saved,
          ...(detectedAfter !== undefined && { detectedAfter }),
        })),
      })),
    };
  } catch (error) {
    if (!(error instanceof BacktestError)) throw error;
    const { place } = placed(error.message, typed.expr);
    return { kind: 'refused', reason: error.message, ...(place !== undefined && { place }) };
  }
};

/** @throws BacktestError for a duration that is none */
const ruleOf = ({ expr, for: pending, keep }: TypedRule): AlertRule => ({
  alert: 'The expression',
  expr,
  forSeconds: alertDuration('for', pending.trim()),
  keepFiringForSeconds: alertDuration('keep_firing_for', keep.trim()),
});
