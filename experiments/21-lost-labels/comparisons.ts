import { ofInstance } from '../../lab/evidence/comparison.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { connections, type Job } from './scrapes.ts';

/** What is lost is lost before anything is stored: a backend that is sent the samples has as few of them. */
const summed = (inJob: Job): Comparison =>
  ofInstance({
    scenario: 'pods',
    inJob,
    none: `no instance with pods is in the job ${inJob}`,
    shows: `sum(${connections}{job="${inJob}"})`,
    asks: (series) => `sum(${series})`,
    metric: connections,
    reads: 'newest',
    combined: (parts) => parts.reduce((sum, { value }) => sum + value, 0),
    truth: ({ pods }) => pods?.total.at(-1),
  });

export const comparisons: readonly Comparison[] = [summed('my_app'), summed('my_app_labeldrop')];
