import { mean, values } from '../../lab/evidence/samples.ts';
import type { Rule as PrometheusRule } from '../../lab/model/plan.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { inWindow } from '../../lab/promql/window.ts';

/** What rules.yml records, the CPU that every alert of it has seen; a test ties the two. */
export const recordedCpu = 'instance:cpu_usage_square:percent';

/** One of the alerts in rules.yml. */
export type Rule = {
  alert: string;
  /** how it waits, in words */
  waits: string;
  thresholdPercent: number;
  forSeconds?: number;
  keepSeconds?: number;
  /** it looks at the average of so long, once there is so much */
  windowSeconds?: number;
};

/** For so long the CPU is high, and then for so long low. */
export const halfPeriodSeconds = 20;
const high = 80;

export const rules = {
  atOnce: { alert: 'FlapAtOnce', waits: 'without `for`', thresholdPercent: high },
  for10s: { alert: 'FlapFor10s', waits: 'with `for: 10s`', thresholdPercent: high, forSeconds: 10 },
  for30s: {
    alert: 'FlapFor30s',
    waits: 'with `for: 30s`, longer than it is high',
    thresholdPercent: high,
    forSeconds: 30,
  },
  kept: {
    alert: 'FlapKept',
    waits: 'with `keep_firing_for: 30s`, longer than it is low',
    thresholdPercent: high,
    keepSeconds: 30,
  },
  average: {
    alert: 'FlapAverage',
    waits: 'on the average of 40 s, a whole period',
    thresholdPercent: 30,
    windowSeconds: 2 * halfPeriodSeconds,
  },
} as const satisfies Record<string, Rule>;

const newest = `last_over_time(${recordedCpu}[1s])`;

/** What an alert of rules.yml asks; a test ties the two. */
const exprOf = ({ thresholdPercent, windowSeconds }: Rule): string =>
  windowSeconds === undefined
    ? `${newest} > ${thresholdPercent}`
    : `avg_over_time(${recordedCpu}[${windowSeconds}s]) > ${thresholdPercent} and ${newest} and last_over_time(${recordedCpu}[1m] offset ${windowSeconds}s)`;

/** All of rules.yml. */
export const written: readonly PrometheusRule[] = [
  {
    record: recordedCpu,
    expr: 'cpu_usage_simulated and on (job, instance) timestamp(cpu_usage_simulated) == on (job, instance) timestamp(lab_info{signal="square"})',
  },
  ...Object.values<Rule>(rules).map((rule) => ({
    alert: rule.alert,
    expr: exprOf(rule),
    labels: { severity: 'warning' },
    ...(rule.forSeconds && { forSeconds: rule.forSeconds }),
    ...(rule.keepSeconds && { keepFiringForSeconds: rule.keepSeconds }),
  })),
];

/** A whole period is there where something was recorded in so long before it. */
export const earlierSeconds = 60;

/** Prometheus stores milliseconds. */
const slack = 0.002;

/**
 * Goes through the evaluations as Prometheus does.
 * @param recorded    what the evaluations saw, in the order of time, also those before the first
 * @param from        time of the first evaluation
 * @param isFiring    whether it fired already at the first one
 * @returns the evaluations at which an episode of firing began
 */
export const episodesOf = (rule: Rule, recorded: readonly Sample[], from: number, isFiring = false): number[] => {
  const { thresholdPercent, forSeconds = 0, keepSeconds = 0, windowSeconds } = rule;
  const isOver = ([at, value]: Sample): boolean => {
    if (windowSeconds === undefined) return value > thresholdPercent;
    const isWhole = inWindow(recorded, at - windowSeconds, earlierSeconds).length > 0;
    return isWhole && mean(values(inWindow(recorded, at, windowSeconds))) > thresholdPercent;
  };
  const begun: number[] = [];
  let firing = false;
  let activeAt: number | undefined;
  let quietSince: number | undefined;
  for (const sample of recorded.filter(([at]) => at >= from)) {
    const [at] = sample;
    if (isOver(sample)) {
      quietSince = undefined;
      activeAt ??= at;
    } else {
      quietSince ??= at;
      const isKept = firing && at - quietSince < keepSeconds - slack;
      if (!isKept) activeAt = undefined;
    }
    if (at === from && isFiring) activeAt ??= at - forSeconds;
    const fires: boolean = activeAt !== undefined && (firing || at - activeAt >= forSeconds - slack);
    if (fires && !firing) begun.push(at);
    firing = fires;
  }
  return begun;
};

/** The same from what is stored of the alert itself: evaluations at which it fired and did not at the one before. */
export const storedEpisodes = (firing: readonly Sample[], recorded: readonly Sample[], from: number): number[] => {
  const fired = new Set(firing.map(([at]) => at));
  const evaluations = recorded.filter(([at]) => at >= from);
  return evaluations.flatMap(([at], index) =>
    fired.has(at) && !(index > 0 && fired.has(evaluations[index - 1]![0])) ? [at] : [],
  );
};
