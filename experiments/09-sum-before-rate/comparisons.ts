import { requestsIn, wholeFrom } from '../../lab/evidence/comparison.ts';
import { instancesIn } from '../../lab/evidence/fleet.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { job, requests } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import { recordedSum } from './findings.ts';

const windowSeconds = 60;

/** What arrived at all of them, each for as long as it was there. */
const arrived =
  (lab: Lab) =>
  async (read: Reader, at: number): Promise<number> => {
    const each = instancesIn(lab)
      .filter((instance) => instance.job === job)
      .map(async ({ number, leavesAt }) =>
        requestsIn(await read.truth(at - windowSeconds, Math.min(at, leavesAt ?? at), { instance: number })),
      );
    return (await Promise.all(each)).reduce((sum, value) => sum + value, 0);
  };

export const comparisons: readonly Comparison[] = [
  {
    shows: `increase(${recordedSum}[1m])`,
    question: async (lab) => {
      const leaver = instancesIn(lab).find(({ leavesAt, job: own }) => leavesAt !== undefined && own === job);
      if (leaver?.leavesAt === undefined) return 'no instance of a fleet leaves';
      const selector = `${recordedSum}{job="${job}"}`;
      const from = wholeFrom(lab, windowSeconds);
      return {
        expr: `increase(${selector}[1m])`,
        selector,
        windowSeconds,
        reads: 'increase',
        truth: arrived(lab),
        from: Math.max(from, leaver.leavesAt + 4 * lab.scrapeSeconds),
        until: leaver.leavesAt + windowSeconds - lab.scrapeSeconds,
      };
    },
  },
  {
    shows: `sum(increase(${requests}[1m]))`,
    question: async (lab) => {
      const staying = instancesIn(lab).filter((each) => each.job === job && each.leavesAt === undefined);
      const selector = `${requests}{job="${job}",instance=~"${staying.map(({ instance }) => instance).join('|')}"}`;
      return {
        expr: `sum(increase(${selector}[1m]))`,
        selector,
        windowSeconds: 60,
        reads: 'increase',
        combined: (parts) => parts.reduce((sum, { value }) => sum + value, 0),
        truth: async (read, at) => {
          const each = await Promise.all(
            staying.map(async ({ number }) => requestsIn(await read.truth(at - 60, at, { instance: number }))),
          );
          return each.reduce((sum, value) => sum + value, 0);
        },
        from: wholeFrom(lab, 60),
      };
    },
  },
];
