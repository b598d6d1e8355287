import { wholeFrom } from '../../lab/evidence/comparison.ts';
import { instancesIn } from '../../lab/evidence/fleet.ts';
import { mean } from '../../lab/evidence/samples.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { job } from '../../lab/model/metrics.ts';
import { lookbackSeconds } from '../../lab/promql/window.ts';
import { diskFree } from './watch.ts';

/** One disk of two is read as NaN: is their average? */
export const comparisons: readonly Comparison[] = [
  {
    shows: `avg(${diskFree})`,
    question: async (lab) => {
      const disks = instancesIn(lab).filter(({ simulates }) => simulates.includes('disk'));
      if (disks.length === 0) return 'no instance has a disk that fills up';
      const selector = `${diskFree}{job="${job}",instance=~"${disks.map(({ instance }) => instance).join('|')}"}`;
      return {
        expr: `avg(${selector})`,
        selector,
        windowSeconds: lookbackSeconds,
        reads: 'newest',
        combined: (parts) => mean(parts.map(({ value }) => value)),
        truth: async (read, at) => {
          const each = disks.map(async ({ number }) => (await read.truth(at, at, { instance: number })).disk!.free[0]!);
          return mean(await Promise.all(each));
        },
        from: wholeFrom(lab, 0),
      };
    },
  },
];
