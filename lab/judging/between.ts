import { seriesOf } from '../evidence/fleet.ts';
import { only } from '../evidence/samples.ts';
import { job, targetUp } from '../model/metrics.ts';
import type { Reader } from '../model/reader.ts';
import type { Sample } from '../promql/sample.ts';
import { inWindow } from '../promql/window.ts';

/** An instant half-way between two scrapes of some instances, and what is stored of each by then. */
export type Between = {
  /** unix seconds */
  at: number;
  /** the newest value of a metric at an instance, stale or not; undefined before the first */
  newest: (metric: string, instance: string) => number | undefined;
  /** its samples in a window that ends there */
  within: (metric: string, instance: string, windowSeconds: number) => Sample[];
};

/** Closer together than this two scrapes leave milliseconds to decide what is stored between them. */
const leastSeconds = 0.1;

/** Every instant half-way between two scrapes of these instances, whichever of them is scraped, in their order. */
export const betweenScrapes = async (
  read: Pick<Reader, 'samples'>,
  metrics: readonly string[],
  instances: readonly string[],
  { from, until }: { from: number; until: number },
): Promise<Between[]> => {
  const selector = `{__name__=~"${[...metrics, targetUp].join('|')}",job="${job}"}`;
  const stored = await read.samples(selector, Math.max(1, until - from), until);
  const of = (metric: string, instance: string) => only(seriesOf(stored, metric, instance));
  const scrapes = instances.flatMap((instance) => of(targetUp, instance).map(([at]) => at)).sort((a, b) => a - b);
  return scrapes.slice(1).flatMap((next, index): Between[] => {
    if (next - scrapes[index]! <= leastSeconds) return [];
    const at = Math.round(500 * (scrapes[index]! + next)) / 1000;
    return [
      {
        at,
        newest: (metric, instance) => of(metric, instance).findLast(([time]) => time <= at)?.[1],
        within: (metric, instance, windowSeconds) => inWindow(of(metric, instance), at, windowSeconds),
      },
    ];
  });
};
