import type { Sample } from '../promql/sample.ts';
import { storingSeconds } from './samples.ts';
import type { Scrape } from './scrape.ts';

/** So long after its end at the latest, a scrape's samples are in every answer: half of what is waited for. */
const settledSeconds = storingSeconds / 2;

/**
 * The sample of a series that a rule's evaluation took for the newest. One whose scrape was under way at that
 * instant may have been met or not.
 * @param samples  of one series that is not stale at the instant, in the order of time
 * @param at       the time that the evaluation's results carry, unix seconds
 * @returns every possible one, the oldest first; undefined among them where there may have been none yet
 */
export const couldBeNewest = (
  samples: readonly Sample[],
  scrapeAt: (at: number) => Scrape,
  at: number,
): (Sample | undefined)[] => {
  const isSurelyStored = ([time]: Sample) => time + scrapeAt(time).durationSeconds + settledSeconds <= at;
  const sure = samples.findLastIndex(isSurelyStored);
  return [samples[sure], ...samples.filter(([time], index) => index > sure && time <= at)];
};
