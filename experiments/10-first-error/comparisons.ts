import { type Comparison, matchersOf, playing } from '../comparison.ts';
import { lazy, type Twin, zeroed } from './twins.ts';

const windowSeconds = 120;

/** Both twins over a window that the first error lies in. */
const ofTwin = ({ metric }: Twin): Comparison => ({
  shows: `increase(${metric}[2m])`,
  question: async (lab, read) => {
    const instance = playing(lab, 'burst');
    const burst = instance && (await read.truth(lab.now, lab.now, { instance: instance.number })).errors?.burst;
    if (instance === undefined || burst === undefined) return 'no instance has errors that come all at once';
    const selector = `${metric}{${matchersOf(instance)}}`;
    return {
      expr: `increase(${selector}[2m])`,
      selector,
      windowSeconds,
      reads: 'increase',
      truth: async () => burst.count,
      from: burst.at + 4 * lab.scrapeSeconds,
      until: burst.at + windowSeconds - lab.scrapeSeconds,
    };
  },
});

export const comparisons: readonly Comparison[] = [lazy, zeroed].map(ofTwin);
