import { couldBeNewest } from '../../lab/evidence/evaluation.ts';
import type { Target } from '../../lab/evidence/fleet.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { milliseconds } from '../../lab/promql/window.ts';

/** An instance that shows its version, and what is stored of it. */
export type Member = Target & {
  /** samples of build_info, by version */
  versions: Record<string, Sample[]>;
};

const has = (samples: readonly Sample[], time: number): boolean =>
  samples.some(([each]) => milliseconds(each) === milliseconds(time));

/**
 * Whether an evaluation met more than one version of an instance. A version is there while the newest scrape had it.
 * @returns `maybe` where that depends on whether a scrape that was under way was stored in time
 */
export const metSeveral = ({ up, scrapeAt, versions }: Member, at: number): 'yes' | 'no' | 'maybe' => {
  const several = couldBeNewest(up, scrapeAt, at).map(
    (scrape) => scrape !== undefined && Object.values(versions).filter((samples) => has(samples, scrape[0])).length > 1,
  );
  return several.every(Boolean) ? 'yes' : several.some(Boolean) ? 'maybe' : 'no';
};

/** How many versions of an instance a query at an instant finds: those of the newest scrape. */
export const versionsAt = ({ up, versions }: Member, at: number): number => {
  const scrape = up.findLast(([time]) => time <= at);
  return scrape === undefined ? 0 : Object.values(versions).filter((samples) => has(samples, scrape[0])).length;
};

/** Whether an evaluation met more than one version of any instance of a fleet. */
export const anyMetSeveral = (fleet: readonly Member[], at: number): 'yes' | 'no' | 'maybe' => {
  const each = fleet.map((instance) => metSeveral(instance, at));
  return each.includes('yes') ? 'yes' : each.includes('maybe') ? 'maybe' : 'no';
};
