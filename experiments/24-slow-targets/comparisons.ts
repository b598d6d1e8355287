import { wholeFrom } from '../../lab/evidence/comparison.ts';
import { instancesIn, matchersOf } from '../../lab/evidence/fleet.ts';
import type { Comparison, Question } from '../../lab/model/comparison.ts';
import type { Truth } from '../../lab/model/lab.ts';
import { done, waiting } from './queue.ts';

const windowSeconds = 60;

/** Scrapes that failed left no sample, whoever is asked; what the counter did meanwhile is seen by the next one. */
const ofTheSlow = (
  asks: string,
  metric: string,
  reads: Question['reads'],
  figure: (jobs: NonNullable<Truth['jobs']>) => number,
): Comparison => ({
  shows: `${asks}(${metric}[1m])`,
  question: async (lab) => {
    const instance = instancesIn(lab).find(({ simulates }) => simulates.includes('slow'));
    if (instance === undefined) return 'no instance has a slow page';
    const selector = `${metric}{${matchersOf(instance)}}`;
    return {
      expr: `${asks}(${selector}[1m])`,
      selector,
      windowSeconds,
      reads,
      truth: async (read, at) => {
        const { jobs } = await read.truth(at - windowSeconds, at, { instance: instance.number });
        return jobs && figure(jobs);
      },
      from: wholeFrom(lab, windowSeconds),
    };
  },
});

export const comparisons: readonly Comparison[] = [
  ofTheSlow('max_over_time', waiting, 'max', (jobs) => Math.max(...jobs.waiting)),
  ofTheSlow('increase', done, 'increase', (jobs) => jobs.done.at(-1)! - jobs.done[0]!),
];
