import type { Absence } from '../absences.ts';
import type { Stretch } from '../delivery.ts';
import { batchSeconds } from '../remote-write.ts';

/** What a restart of Prometheus can cost: what waits to be sent is kept in memory alone. */
export type Loss = {
  /** when Prometheus began again, unix seconds */
  restartedAt: number;
  /** the samples of this stretch are lost: the store was away all the time; undefined where that is not known */
  surely?: Stretch;
  /** no others can be */
  perhaps: Stretch;
};

/** A sample waits for its batch, and for the answer to the one before. */
const unsentSeconds = 2 * batchSeconds;

/** A process tells when it began from the machine's own start, which is known to a second. */
export const startErrorSeconds = 1;

/** So soon after an absence what waited in it may not have been sent yet. */
const drainSeconds = 60;

/** How soon what waited has to have arrived, once the store is back: a try that failed is repeated within 5 s. */
export const caughtUpSeconds = 60;

/**
 * @param starts    when each Prometheus began that sent to the store, in order
 * @param lastSeen  the last scrape that each of them stored, but for the one that runs
 */
export const lossesOf = (
  absences: readonly Absence[],
  starts: readonly number[],
  lastSeen: readonly number[],
): Loss[] =>
  starts.slice(1).map((restartedAt, index) => {
    const place = absences.findIndex(
      (each) => each.lastSeen < restartedAt && (each.seenAgain ?? Number.POSITIVE_INFINITY) > restartedAt,
    );
    const absence = absences[place];
    const from = unsentSince(absences, place) ?? lastSeen[index]! - unsentSeconds;
    const perhaps = { from, to: restartedAt + startErrorSeconds };
    const { firstMissed, lastMissed } = absence ?? {};
    const wasAway = firstMissed !== undefined && firstMissed < restartedAt && lastMissed! > restartedAt;
    return {
      restartedAt,
      perhaps,
      ...(wasAway && { surely: { from: firstMissed, to: restartedAt - startErrorSeconds } }),
    };
  });

/** @returns the oldest sample that can have waited when the absence began; undefined where there is none */
const unsentSince = (absences: readonly Absence[], place: number): number | undefined => {
  const absence = absences[place];
  if (absence === undefined) return undefined;
  const before = absences[place - 1];
  const isDrained = before === undefined || before.seenAgain! < absence.lastSeen - drainSeconds;
  return isDrained ? absence.lastSeen - unsentSeconds : unsentSince(absences, place - 1);
};
