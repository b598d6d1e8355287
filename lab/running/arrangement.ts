import { setTimeout as sleep } from 'node:timers/promises';
import type { Happening } from '../incidents/fault.ts';
import { type Running, runningIn } from '../incidents/reading.ts';
import type { Lab } from '../model/lab.ts';
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
 * @returns in how many seconds `dueIn` is to be asked; the same for every kind of fault, undefined where there is none
 * of the monitoring
 * @throws ServiceError
 */
export const arrange = async (places: Places): Promise<number | undefined> => {
  await clearArrangement(places);
  const happenings = (await begun(places))?.happenings ?? [];
  for (const { fault, from, to } of happenings) {
    if (fault.silences === undefined) continue;
    const { matcher, comment } = fault.silences;
    await putSilence(places, { matchers: [matcher], createdBy: planner, comment, startsAt: from, endsAt: to });
  }
  const due = happenings.find(({ fault }) => fault.kind === 'monitoring')?.from;
  return due && Math.max(0, Math.ceil(due - Date.now() / 1_000));
};

/** @returns the service that the incident which is on wants restarted by now, and that was not yet */
export const dueIn = (lab: Lab): string | undefined => {
  const isDue = ({ fault, from }: Happening) => fault.restarts && from <= lab.now && lab.prometheusStartedAt < from;
  return runningIn(lab)?.happenings.find(isDue)?.fault.restarts;
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
