import { wholeFrom } from '../../lab/evidence/comparison.ts';
import { instancesIn, matchersOf } from '../../lab/evidence/fleet.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { lookbackSeconds } from '../../lab/promql/window.ts';
import { connections, type Job } from './scrapes.ts';

/** What is lost is lost before anything is stored: a backend that is sent the samples has as few of them. */
const summed = (job: Job): Comparison => ({
  shows: `sum(${connections}{job="${job}"})`,
  question: async (lab) => {
    const target = instancesIn(lab).find((each) => each.simulates.includes('pods') && each.job === job);
    if (target === undefined) return `no instance with pods is in the job ${job}`;
    const selector = `${connections}{${matchersOf(target)}}`;
    return {
      expr: `sum(${selector})`,
      selector,
      windowSeconds: lookbackSeconds,
      reads: 'newest',
      combined: (parts) => parts.reduce((sum, { value }) => sum + value, 0),
      truth: async (read, at) => (await read.truth(at, at, { instance: target.number })).pods?.total[0],
      from: wholeFrom(lab, 0),
    };
  },
});

const compared: readonly Job[] = ['my_app', 'my_app_labeldrop'];
export const comparisons = compared.map(summed);
