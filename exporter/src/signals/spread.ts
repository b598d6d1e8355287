const cycle = 1_000;
/** Without a common divisor with the cycle, and near its golden section: neighbours fall far apart. */
const stride = 617;

/**
 * Shares things out evenly by their number: of any thousand in a row each class gets exactly its share,
 * and of a few nearly so. Nothing is left to chance.
 * @param perMilles  share of each class in thousandths, 1000 together
 * @returns a function of a count: how many of the first so many are of each class
 */
export const spread = (perMilles: readonly number[]): ((count: number) => number[]) => {
  const ends = perMilles.map((_, index) => perMilles.slice(0, index + 1).reduce((sum, share) => sum + share, 0));
  const classes = Array.from({ length: cycle }, (_, index) => ends.findIndex((end) => (index * stride) % cycle < end));
  const before = perMilles.map((_, which) => {
    let met = 0;
    return classes.map((one) => (one === which ? met++ : met));
  });
  return (count) => {
    const rest = count % cycle;
    const cycles = (count - rest) / cycle;
    return perMilles.map((share, which) => cycles * share + before[which]![rest]!);
  };
};
