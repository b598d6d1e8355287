import { instanceSimulating, wholeFrom } from '../../lab/evidence/comparison.ts';
import { matchersOf } from '../../lab/evidence/fleet.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { lazy, type Twin, zeroed } from './twins.ts';

const windowSeconds = 60;

/** Both twins over a window that the first error lies in. */
const ofTwin = ({ metric }: Twin): Comparison => ({
  shows: `increase(${metric}[1m])`,
  question: async (lab, read) => {
    const instance = instanceSimulating(lab, 'burst');
    const burst = instance && (await read.truth(lab.now, lab.now, { instance: instance.number })).errors?.burst;
    if (instance === undefined || burst === undefined) return 'no instance has errors that come all at once';
    const selector = `${metric}{${matchersOf(instance)}}`;
    return {
      expr: `increase(${selector}[1m])`,
      selector,
      windowSeconds,
      reads: 'increase',
      truth: async () => burst.count,
      from: Math.max(wholeFrom(lab, windowSeconds), burst.at + 4 * lab.scrapeSeconds),
      until: burst.at + windowSeconds - lab.scrapeSeconds,
    };
  },
});

export const comparisons: readonly Comparison[] = [lazy, zeroed].map(ofTwin);
