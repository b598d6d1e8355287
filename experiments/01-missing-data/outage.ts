import type { Sample } from '../../lab/promql/sample.ts';

/** An outage in `up`, by the times of scrapes: the last good one, the first failed one, the first good one after it. */
export type Outage = { good: number; failed: number; back?: number };

/** @param samples  of `up`, in the order of time */
export const lastOutage = (samples: readonly Sample[]): Outage | undefined => {
  const index = samples.findLastIndex(([, value], at) => value === 0 && samples[at - 1]?.[1] === 1);
  if (index < 1) return undefined;
  const back = samples.slice(index).find(([, value]) => value === 1)?.[0];
  const outage = { good: samples[index - 1]![0], failed: samples[index]![0] };
  return back === undefined ? outage : { ...outage, back };
};
