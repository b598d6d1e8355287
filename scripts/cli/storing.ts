import { lookbackSeconds } from '../../lab/promql/window.ts';
import { createReader, observe } from '../../lab/running/api.ts';
import type { Places } from '../../lab/running/places.ts';
import { ServiceError } from '../../lab/running/service.ts';

/** How many scrapes may be missing before something is wrong: one can fail, and one can be under way. */
const patience = 3;

/**
 * Prometheus goes on where its disk is full: it answers, it scrapes, and keeps nothing of it.
 * @param ageSeconds      of the newest stored sample of `up`, which every scrape writes; undefined where there is none
 * @param runningSeconds  since Prometheus started
 * @returns what is wrong, in words for the learner; undefined where new samples come in
 */
export const storingProblem = (
  ageSeconds: number | undefined,
  scrapeSeconds: number,
  runningSeconds: number,
): string | undefined => {
  const limitSeconds = patience * scrapeSeconds + 5;
  if (Math.min(ageSeconds ?? lookbackSeconds, runningSeconds) <= limitSeconds) return undefined;
  const since = ageSeconds === undefined ? 'nothing for over 5 minutes' : `nothing for ${Math.round(ageSeconds)} s`;
  return `Prometheus runs, but has stored ${since}. Is its disk full? make logs says more`;
};

/** As storingProblem(), of the running lab; undefined, too, where Prometheus does not answer: make status says so. */
export const whetherStoring = async (places: Places): Promise<string | undefined> => {
  try {
    const { scrapeSeconds, prometheusStartedAt, now } = await observe(places);
    const [age] = await createReader(places).query('min(time() - timestamp(up))');
    return storingProblem(age?.samples[0]?.[1], scrapeSeconds, now - prometheusStartedAt);
  } catch (error) {
    if (error instanceof ServiceError) return error.kind === 'clock' ? error.message : undefined;
    throw error;
  }
};
