const blockSeconds = 300;

/**
 * Adds up what happens in each whole second since a start. The furthest sum is kept, and one of every 300
 * seconds, so that any instant can be asked for at little cost; the order of adding is always the same.
 * @param inSecond  what happens in one second, 0 or more
 * @returns a function of the instant (unix seconds): the sum over the seconds that have passed; 0 before the start
 */
export const tally = (startSecond: number, inSecond: (second: number) => number): ((unixSeconds: number) => number) => {
  const start = Math.floor(startSecond);
  const blocks = [0];
  let reached = start;
  let furthest = 0;
  return (unixSeconds) => {
    const now = Math.floor(unixSeconds);
    for (; reached < now; reached += 1) {
      if ((reached - start) % blockSeconds === 0) blocks[(reached - start) / blockSeconds] = furthest;
      furthest += inSecond(reached);
    }
    if (now === reached) return furthest;
    if (now <= start) return 0;
    const block = Math.floor((now - start) / blockSeconds);
    let total = blocks[block]!;
    for (let second = start + block * blockSeconds; second < now; second += 1) total += inSecond(second);
    return total;
  };
};
