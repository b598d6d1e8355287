import type { Picture } from '../../lab/model/picture.ts';
import type { Rule } from '../../lab/model/plan.ts';
import { lookbackSeconds } from '../../lab/promql/window.ts';
import { durationSeconds } from '../../lab/settings/duration.ts';
import type { Knobs } from './knobs.ts';

/**
 * What of a lesson has to be simulated for its picture, and for what is asked beside it. Unix seconds; negative infinity
 * where it is needed from its beginning on.
 */
export type Excerpt = {
  /** what was stored earlier is not asked for */
  since: number;
  /** the rules that are asked for, and those that they ask for */
  rules: readonly Rule[];
  /** from when on they are evaluated, so that they have come to the same */
  evaluatedFrom: number;
};

/** What is asked at once. */
export type Asked = {
  queries: readonly string[];
  /** the alerts whose notifications are read */
  notifiedBy?: readonly string[] | undefined;
};

/** What a picture asks of Prometheus and Alertmanager. */
export const askedBy = ({ layers, reads = {}, notifiedBy }: Picture): Asked => ({
  queries: [
    ...layers.flatMap((layer) =>
      layer.kind === 'query' ? [layer.expr] : layer.kind === 'samples' ? [layer.selector] : [],
    ),
    ...Object.values(reads),
  ],
  notifiedBy,
});

/** All durations that a query says, seconds: it asks for nothing that is older by more, lookback aside. */
const secondsIn = (query: string): number => {
  const durations = query.match(/(?<![\w:])(\d+(ms|[smhdwy]))+(?!\w)/g) ?? [];
  return durations.reduce((sum, each) => sum + (durationSeconds(each) ?? 0), 0);
};

/** Whether a query asks for what a rule stores. */
const isAsked = (rule: Rule, query: string): boolean => {
  if ('record' in rule) return query.includes(rule.record);
  const named = [...query.matchAll(/ALERTS(?:_FOR_STATE)?\{[^}]*\balertname="([^"]*)"/g)].map(([, name]) => name);
  return query.split('ALERTS').length - 1 > named.length || named.includes(rule.alert);
};

/** A Prometheus that begins stores no states of alerts at its first evaluations. */
const unstored = 2;

/**
 * Whatever the state of an alert was, after its `for` it is the same: where its condition held all the time it fires,
 * else it began anew. With `keep_firing_for` it may have been kept since its beginning, and so are what
 * `ALERTS_FOR_STATE` says and when its group is notified.
 */
const isKept = (rule: Rule, query: string): boolean =>
  'alert' in rule && (rule.keepFiringForSeconds !== undefined || query.includes('ALERTS_FOR_STATE'));

/**
 * @param rules  of the lesson
 * @param from   what is drawn begins there, unix seconds
 * @param knobs  how often rules are evaluated, and `for` of every alert where it is not the rule's own
 */
export const excerptOf = (
  rules: readonly Rule[],
  { queries, notifiedBy = [] }: Asked,
  from: number,
  { evaluationSeconds, forSeconds }: Pick<Knobs, 'evaluationSeconds' | 'forSeconds'>,
): Excerpt => {
  const evaluated = new Map<Rule, number>();
  let since = from;
  /** @param path  the rules that ask for it, one for the other */
  const ask = (query: string, from: number, path: readonly Rule[]) => {
    const first = from - lookbackSeconds - secondsIn(query);
    since = Math.min(since, first);
    for (const rule of rules.filter((each) => isAsked(each, query)))
      evaluate(rule, isKept(rule, query) || path.includes(rule) ? Number.NEGATIVE_INFINITY : first, path);
  };
  const evaluate = (rule: Rule, from: number, path: readonly Rule[]) => {
    const hold = 'alert' in rule ? (forSeconds ?? rule.forSeconds ?? 0) : 0;
    const first = from - hold - (unstored + 1) * evaluationSeconds;
    evaluated.set(rule, Math.min(first, evaluated.get(rule) ?? first));
    if (path.includes(rule)) since = Number.NEGATIVE_INFINITY;
    else ask(rule.expr, first, [...path, rule]);
  };
  for (const query of queries) ask(query, from, []);
  for (const rule of rules)
    if ('alert' in rule && notifiedBy.includes(rule.alert)) evaluate(rule, Number.NEGATIVE_INFINITY, []);
  return {
    since,
    rules: rules.filter((rule) => evaluated.has(rule)),
    evaluatedFrom: Math.min(from, ...evaluated.values()),
  };
};

/** Whether all of the other one is in it. */
export const covers = (one: Excerpt, other: Excerpt): boolean =>
  one.since <= other.since &&
  other.rules.every((rule) => one.rules.includes(rule)) &&
  (other.rules.length === 0 || one.evaluatedFrom <= other.evaluatedFrom);
