import type { Stretch } from '../../lab/evidence/delivery.ts';
import type { Absence } from '../../lab/evidence/outages.ts';
import type { Sending } from '../../lab/evidence/remote-endpoint.ts';
import { startErrorSeconds, unsentSeconds } from '../../lab/evidence/remote-write.ts';

/** What a restart of Prometheus can cost: how far the sending has come is kept in memory alone. */
export type Loss = {
  /** when Prometheus began again, unix seconds */
  restartedAt: number;
  /** the samples of this stretch are lost: the endpoint was down all the time; undefined where that is not known */
  surely?: Stretch;
  /** no others can be */
  perhaps: Stretch;
};

/** So soon after an absence what waited in it may not have been sent yet. */
const drainSeconds = 60;

/** @param starts  of each Prometheus that sent to the store, in order */
export const lossesOf = (absences: readonly Absence[], starts: Sending['starts']): Loss[] =>
  starts.slice(1).map(({ at: restartedAt }, index) => {
    const place = absences.findIndex(
      (each) => each.lastSeen < restartedAt && (each.seenAgain ?? Number.POSITIVE_INFINITY) > restartedAt,
    );
    const absence = absences[place];
    const from = unsentSince(absences, place) ?? starts[index]!.lastSeen - unsentSeconds;
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
