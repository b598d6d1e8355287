import { instanceSimulating } from '../../lab/evidence/comparison.ts';
import { matchersOf } from '../../lab/evidence/fleet.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { plainGauge, stampedGauge } from './findings.ts';

/** So long after its last sample a gauge that is gone is asked for: an instant query may be asked for a future time. */
const afterSeconds = 200;

const afterItsEnd = (metric: string): Comparison => ({
  shows: `${metric}, ${afterSeconds} s after it stopped`,
  question: async (lab, read) => {
    const instance = instanceSimulating(lab, 'timestamps');
    const reported = instance && (await read.truth(lab.now, lab.now, { instance: instance.number })).timestamps;
    if (instance === undefined || reported === undefined) return 'no instance has gauges that stop';
    const selector = `${metric}{${matchersOf(instance)}}`;
    return {
      expr: selector,
      selector,
      windowSeconds: 300,
      reads: 'newest',
      truth: async () => undefined,
      at: reported.stopsAt + afterSeconds,
      from: reported.stopsAt + 4 * lab.scrapeSeconds,
    };
  },
});

export const comparisons: readonly Comparison[] = [plainGauge, stampedGauge].map(afterItsEnd);
