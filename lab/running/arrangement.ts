import { setTimeout as sleep } from 'node:timers/promises';
import { type Running, runningIn } from '../incidents/reading.ts';
import { observe } from './api.ts';
import type { Places } from './places.ts';
import { ServiceError } from './service.ts';
import { endSilencesOf, putSilence } from './silences.ts';

/** Whoever has planned the work: only silences of this name are ended again. */
const planner = 'change calendar';

const patienceSeconds = 10;

/** Ends what an incident has arranged outside of the exporter. @throws ServiceError */
export const clearArrangement = (places: Places): Promise<void> => endSilencesOf(places, planner);

/**
 * Arranges what an incident needs outside of the exporter: silences, from their begin on. What an earlier one has
 * arranged ends.
 * @throws ServiceError
 */
export const arrange = async (places: Places): Promise<void> => {
  await clearArrangement(places);
  for (const { fault, from, to } of (await begun(places))?.happenings ?? []) {
    if (fault.silences === undefined) continue;
    const { matcher, comment } = fault.silences;
    await putSilence(places, { matchers: [matcher], createdBy: planner, comment, startsAt: from, endsAt: to });
  }
};

/** The incident that was just started; an exporter that has just begun may not answer yet. */
const begun = async (places: Places): Promise<Running | undefined> => {
  const deadline = Date.now() + 1_000 * patienceSeconds;
  for (;;) {
    try {
      const running = runningIn(await observe(places));
      if (running !== undefined || Date.now() > deadline) return running;
    } catch (error) {
      if (!(error instanceof ServiceError) || Date.now() > deadline) throw error;
    }
    await sleep(200);
  }
};
