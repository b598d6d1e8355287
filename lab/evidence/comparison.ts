import type { Comparison, Question } from '../model/comparison.ts';
import type { Lab, Truth } from '../model/lab.ts';
import { instanceName, job } from '../model/metrics.ts';
import { lookbackSeconds } from '../promql/window.ts';
import { type Instance, instancesIn, matchersOf } from './fleet.ts';
import { activeSince } from './samples.ts';

/** The exporter, its target and a whole window of both have to be there; the backend has what came before the window. */
export const wholeFrom = (lab: Lab, windowSeconds: number): number =>
  Math.ceil(activeSince(lab) + windowSeconds + 3 * lab.scrapeSeconds);

export const requestsIn = ({ totals }: Truth): number => totals.requests;

type Target = Pick<Instance, 'number' | 'job' | 'instance'>;

/** The exporter that is always there: any state of the lab has it. */
const first: Target = { number: 1, job, instance: instanceName() };

/** A question about one series, or one family of series, of one instance. */
type OfOne = Pick<Question, 'reads' | 'combined'> & {
  /** none where it asks for the newest samples */
  windowSeconds?: number;
  /** what is asked of the series, such as `rate(${series}[1m])`; as it is where nothing is said */
  asks?: (series: string) => string;
  metric: string;
  /** further label matchers, such as `core="core1"` */
  matchers?: string;
  /** in which row it is; by default the question itself, without the labels of the instance */
  shows?: string;
  /** what really happened there, from so many seconds before the instant on, the window by default; none where nothing is right */
  truth?: (truth: Truth) => number | undefined;
  truthSeconds?: number;
};

/** What it simulates, the scrape job that it is in, and what is said where there is none. */
type Which = { scenario: Instance['simulates'][number]; inJob?: Instance['job']; none: string };

/** A question about the exporter that is always there. */
export const ofTheExporter = (asked: OfOne): Comparison => ofTarget(asked, () => first, '');

/**
 * A question about the first instance that simulates something.
 * @param when  the instants at which it can be asked, where these are not all once its window is there; or why not
 */
export const ofInstance = (
  { scenario, inJob = job, none, ...asked }: OfOne & Which,
  when?: (truth: Truth, lab: Lab) => Pick<Question, 'at' | 'from' | 'until'> | undefined,
): Comparison =>
  ofTarget(
    asked,
    (lab) => instancesIn(lab).find((each) => each.job === inJob && each.simulates.includes(scenario)),
    none,
    when,
  );

const ofTarget = (
  {
    asks = (series) => series,
    metric,
    matchers,
    shows,
    windowSeconds = 0,
    truth,
    truthSeconds = windowSeconds,
    ...asked
  }: OfOne,
  find: (lab: Lab) => Target | undefined,
  none: string,
  when?: (truth: Truth, lab: Lab) => Pick<Question, 'at' | 'from' | 'until'> | undefined,
): Comparison => ({
  shows: shows ?? asks(matchers === undefined ? metric : `${metric}{${matchers}}`),
  question: async (lab, read) => {
    const target = find(lab);
    if (target === undefined) return none;
    const instance = target.number;
    const times = when?.(await read.truth(lab.now, lab.now, { instance }), lab);
    if (when !== undefined && times === undefined) return none;
    const selector = `${metric}{${[matchers, matchersOf(target)].filter(Boolean).join(',')}}`;
    return {
      ...asked,
      expr: asks(selector),
      selector,
      windowSeconds: windowSeconds || lookbackSeconds,
      truth: async (source, at) => truth?.(await source.truth(at - truthSeconds, at, { instance })),
      from: wholeFrom(lab, windowSeconds),
      ...times,
    };
  },
});
