import type { DrawnLayer } from '../src/picture.ts';

/** How the samples of a layer are drawn: the halo of dots that stand close together would wipe out the line. */
export type Dot = 'ringed' | 'small' | 'none';

/**
 * @param range  that is shown, unix seconds
 * @param width  of the plot, pixels
 */
export const dotOf = (
  { kind, samples = [] }: Pick<DrawnLayer, 'kind' | 'samples'>,
  [from, to]: [number, number],
  width: number,
): Dot => {
  const shown = samples.filter(([at]) => at >= from && at <= to).length;
  const pixels = width / Math.max(1, shown);
  if (kind !== 'samples' || pixels < 4) return 'none';
  return pixels < 13 ? 'small' : 'ringed';
};
