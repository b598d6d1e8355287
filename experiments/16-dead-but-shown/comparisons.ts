import { ofInstance } from '../../lab/evidence/comparison.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { plainGauge, stampedGauge } from './findings.ts';

/** So long after its last sample a gauge that is gone is asked for: an instant query may be asked for a future time. */
const afterSeconds = 200;

const afterItsEnd = (metric: string): Comparison =>
  ofInstance(
    {
      scenario: 'timestamps',
      none: 'no instance has gauges that stop',
      shows: `${metric}, ${afterSeconds} s after it stopped`,
      metric,
      reads: 'newest',
    },
    ({ timestamps }, { scrapeSeconds }) =>
      timestamps && { at: timestamps.stopsAt + afterSeconds, from: timestamps.stopsAt + 4 * scrapeSeconds },
  );

export const comparisons: readonly Comparison[] = [plainGauge, stampedGauge].map(afterItsEnd);
