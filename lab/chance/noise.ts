/**
 * Repeatable noise: the same seed, stream and second give the same number on every machine.
 * A counter-based generator (the finaliser of MurmurHash3), so any second can be asked for directly.
 * @param seed    integer, chooses the world
 * @param stream  integer, one per signal, so signals do not follow each other
 * @param second  whole unix seconds
 * @returns uniform in [0, 1)
 */
export const noise = (seed: number, stream: number, second: number): number => {
  let h = scramble(seed ^ 0x9e3779b9);
  h = scramble(h ^ stream);
  h = scramble(h ^ second);
  h = scramble(h ^ Math.floor(second / 2 ** 32));
  return h / 2 ** 32;
};

/** @returns hundredths of a percent, a whole number from 0 to 9 999 */
export const noiseHundredths = (seed: number, stream: number, second: number): number =>
  Math.floor(10_000 * noise(seed, stream, second));

/** @returns percent, 0 to 99.99 in steps of 0.01, so that a value reads well on a page */
export const noisePercent = (seed: number, stream: number, second: number): number =>
  noiseHundredths(seed, stream, second) / 100;

const scramble = (value: number): number => {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};
