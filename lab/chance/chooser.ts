import { noise } from './noise.ts';

/** What a seed decides, one draw after the other: the same on every machine. */
export const chooserOf = (seed: number, stream: number) => {
  let drawn = 0;
  /** 0 to 1, without 1 */
  const chance = (): number => noise(seed, stream, drawn++);
  const upTo = (count: number): number => Math.floor(chance() * count);
  return { chance, upTo, of: <Each>(list: readonly Each[]): Each => list[upTo(list.length)]! };
};

/** The seed of whoever names none. */
export const anySeed = (below: number, random: () => number = Math.random): number => Math.floor(random() * below);
