/**
 * One measurement for everybody who asks: while it runs all wait for the same one, and its result
 * serves whoever comes soon after. However many pages are open, the lab is measured once a second.
 * @param clock  milliseconds
 */
export const shared = <Result>(
  measure: () => Promise<Result>,
  clock: () => number,
  milliseconds = 900,
): (() => Promise<Result>) => {
  let begun = Number.NEGATIVE_INFINITY;
  let isRunning = false;
  let result: Promise<Result> | undefined;
  return () => {
    if (result !== undefined && (isRunning || clock() - begun < milliseconds)) return result;
    begun = clock();
    isRunning = true;
    result = measure().finally(() => {
      isRunning = false;
    });
    return result;
  };
};
