/** What Prometheus does with a pending alert's time when it starts: Group.RestoreForState in its rules/group.go. */

/** By its flags and by the rule, seconds. */
export type Restoring = { forSeconds: number; graceSeconds: number; toleranceSeconds: number };

/** The last sample of `ALERTS_FOR_STATE`: when it was stored, and its value, which is since when the alert was active. */
export type ForState = { at: number; activeAt: number };

/**
 * Since when an alert counts as active after a restart, where that is restored. It is where `for` is the grace period
 * or longer and the outage within the tolerance; an outage does not count as waited, and at least the grace period is
 * left to wait.
 * @param restoredAt  right after the second evaluation of the Prometheus that starts, unix seconds
 * @returns unix seconds; undefined where it begins anew, with the first evaluation
 */
export const restoredActiveAt = (
  { at, activeAt }: ForState,
  restoredAt: number,
  { forSeconds, graceSeconds, toleranceSeconds }: Restoring,
): number | undefined => {
  if (forSeconds < graceSeconds || at < restoredAt - toleranceSeconds) return undefined;
  const downAt = Math.floor(at);
  const left = forSeconds - (downAt - activeAt);
  if (left <= 0) return activeAt;
  return left < graceSeconds ? restoredAt + graceSeconds - forSeconds : activeAt + restoredAt - downAt;
};
