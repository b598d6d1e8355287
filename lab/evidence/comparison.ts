import type { Comparison, Question } from '../model/comparison.ts';
import type { Lab, Truth } from '../model/lab.ts';
import { instanceName, job } from '../model/metrics.ts';
import { type Instance, instancesIn, matchersOf } from './fleet.ts';
import { activeSince } from './samples.ts';

/** The exporter that is always there. */
const first = { number: 1, job, instance: instanceName() };

/** The first instance under the exporter's own job that simulates something. */
export const instanceSimulating = (lab: Lab, scenario: Instance['simulates'][number]): Instance | undefined =>
  instancesIn(lab).find(({ simulates, job: own }) => own === job && simulates.includes(scenario));

/** The exporter, its target and a whole window of both have to be there; the backend has what came before the window. */
export const wholeFrom = (lab: Lab, windowSeconds: number): number =>
  Math.ceil(activeSince(lab) + windowSeconds + 3 * lab.scrapeSeconds);

/** What happened at an instance in the whole seconds of a window: the truth from its start to its end. */
export const truthOver =
  (windowSeconds: number, figure: (truth: Truth) => number, instance = 1): Question['truth'] =>
  async (read, at) =>
    figure(await read.truth(at - windowSeconds, at, { instance }));

export const requestsIn = ({ totals }: Truth): number => totals.requests;

type OfOne = Pick<Question, 'reads' | 'truth'> & {
  /** the function around it, such as `rate`; none where it is asked as it is */
  asks?: string;
  metric: string;
  matchers?: string;
  window: string;
  windowSeconds: number;
};

/** A window function on one series of the exporter that is always there: any state of the lab has it. */
export const ofTheExporter = ({ asks, metric, matchers, window, windowSeconds, reads, truth }: OfOne): Comparison => {
  const range = asks === undefined ? '' : `[${window}]`;
  const written = (labels: string) => {
    const series = `${metric}${labels && `{${labels}}`}${range}`;
    return asks === undefined ? series : `${asks}(${series})`;
  };
  const all = [matchers, matchersOf(first)].filter(Boolean).join(',');
  return {
    shows: written(matchers ?? ''),
    question: async (lab) => ({
      expr: written(all),
      selector: `${metric}{${all}}`,
      windowSeconds,
      reads,
      truth,
      from: wholeFrom(lab, windowSeconds),
    }),
  };
};
