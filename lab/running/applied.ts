import type { Lab } from '../model/lab.ts';
import { fetchDirect } from './fetch.ts';
import type { Places } from './places.ts';

/** The step that was applied last, and the time range in which that was done, unix seconds. */
export type Applied = NonNullable<Lab['applied']>;

/**
 * @param text  `STEP FROM TO`, as the commands write it down; one that did not succeed has no end, and was not applied
 */
export const appliedFrom = (text = ''): Applied | undefined => {
  const [step, from, to] = text.split(' ');
  // The end is a whole second that was still under way.
  return step && from && to ? { step, from: Number(from), to: Number(to) + 1 } : undefined;
};

/**
 * Reports the step that was applied last to the guide, which cannot see one that changes no service. A guide that does
 * not answer is left alone: it is the page that lacks it, not the step.
 */
export const reportApplied = async ({ guide }: Pick<Places, 'guide'>, applied: Applied | undefined): Promise<void> => {
  if (applied === undefined) return;
  const options = {
    method: 'POST',
    body: JSON.stringify(applied),
    headers: { 'Content-Type': 'application/json' },
  };
  await fetchDirect(`${guide}/api/applied`, 2_000, options).catch(() => {});
};
