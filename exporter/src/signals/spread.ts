const cycle = 1_000;

/** How many of the first so many are of each class, up to a cycle; by the shares: who asks for the truth asks again. */
const cycles = new Map<string, readonly number[][]>();

const cycleOf = (perMilles: readonly number[]): readonly number[][] => {
  const upTo = [perMilles.map(() => 0)];
  for (let count = 1; count <= cycle; count += 1) {
    const before = upTo.at(-1)!;
    const behind = perMilles.map((share, index) => share * count - cycle * before[index]!);
    const next = behind.indexOf(Math.max(...behind));
    upTo.push(before.map((each, index) => (index === next ? each + 1 : each)));
  }
  return upTo;
};

/**
 * Shares things out evenly by their number: each goes to the class that is furthest behind its share, so that any
 * stretch of them holds nearly the shares, and any thousand exactly. Nothing is left to chance.
 * @param perMilles  share of each class in thousandths, 1000 together
 * @returns a function of a count: how many of the first so many are of each class
 */
export const spread = (perMilles: readonly number[]): ((count: number) => number[]) => {
  const key = perMilles.join();
  const upTo = cycles.get(key) ?? cycleOf(perMilles);
  cycles.set(key, upTo);
  return (count) => {
    const rest = count % cycle;
    const whole = (count - rest) / cycle;
    return perMilles.map((share, index) => whole * share + upTo[rest]![index]!);
  };
};

/**
 * Shares a growing count out, otherwise for a while.
 * @param countAt  what is shared out, by the instant (unix seconds)
 * @param usual    how it is shared out
 * @param other    how else, from one whole second to another; its classes come after the usual ones
 * @returns a function of the instant: how many are of each class by then; no class ever falls
 */
export const spreadWhile = (
  countAt: (unixSeconds: number) => number,
  usual: ReturnType<typeof spread>,
  other?: { split: ReturnType<typeof spread>; from: number; to: number },
): ((unixSeconds: number) => number[]) => {
  if (other === undefined) return (at) => usual(countAt(at));
  const { split, from, to } = other;
  const grown = (shares: ReturnType<typeof spread>, begin: number, end: number) => {
    const before = shares(countAt(Math.min(begin, end)));
    return shares(countAt(end)).map((count, index) => count - before[index]!);
  };
  return (at) => {
    const after = grown(usual, to, Math.max(at, to));
    const first = usual(countAt(Math.min(at, from))).map((count, index) => count + after[index]!);
    return [...first, ...grown(split, from, Math.min(Math.max(at, from), to))];
  };
};
