import { ofInstance, wholeFrom } from '../../lab/evidence/comparison.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { lazy, type Twin, zeroed } from './twins.ts';

const windowSeconds = 60;

/** Both twins over a window that the first error lies in. */
const ofTwin = ({ metric }: Twin): Comparison =>
  ofInstance(
    {
      scenario: 'burst',
      none: 'no instance has errors that come all at once',
      asks: (series) => `increase(${series}[1m])`,
      metric,
      windowSeconds,
      reads: 'increase',
      truth: ({ errors }) => errors?.burst?.count,
    },
    ({ errors }, lab) =>
      errors?.burst && {
        from: Math.max(wholeFrom(lab, windowSeconds), errors.burst.at + 4 * lab.scrapeSeconds),
        until: errors.burst.at + windowSeconds - lab.scrapeSeconds,
      },
  );

export const comparisons: readonly Comparison[] = [lazy, zeroed].map(ofTwin);
