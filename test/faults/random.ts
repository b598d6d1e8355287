/** A repeatable source of choices: the same seed gives the same choices on every machine. */
export type Random = {
  /** uniform in [0, 1) */
  number: () => number;
  /** a whole number, both ends included */
  whole: (lowest: number, highest: number) => number;
  pick: <T>(from: readonly T[]) => T;
  /** true in this share of cases */
  chance: (share: number) => boolean;
};

/** @param seed  a whole number; the generator is mulberry32 */
export const createRandom = (seed: number): Random => {
  let state = seed | 0;
  const number = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (lowest: number, highest: number) => lowest + Math.floor(number() * (highest - lowest + 1));
  return { number, whole, pick: (from) => from[whole(0, from.length - 1)]!, chance: (share) => number() < share };
};
