import { setTimeout as sleep } from 'node:timers/promises';
import { stepNamed } from '../../experiments/catalogue.ts';
import type { Happening } from '../incidents/fault.ts';
import { runningIn } from '../incidents/reading.ts';
import type { Lab } from '../model/lab.ts';
import { observe } from './api.ts';
import type { Places } from './places.ts';
import { ServiceError } from './service.ts';
import { endSilencesOf, putSilence } from './silences.ts';

/** Whoever has planned the work: only silences of this name are ended again. */
const planner = 'change calendar';

const patienceSeconds = 10;

/** Ends what a step has arranged outside of the exporter. @throws ServiceError */
export const clearArrangement = (places: Places): Promise<void> => endSilencesOf(places, planner);

/** A silence that ends with its step is ended by the next one, and after a day at the latest. */
const longestSeconds = 86_400;

/**
 * Arranges what a step needs outside of the exporter: silences, from their begin on. What an earlier one has arranged
 * ends.
 * @param command  of the step that has just been applied
 * @returns in how many seconds `dueIn` is to be asked; the same for every kind of fault, undefined where there is none
 * of the monitoring
 * @throws ServiceError
 */
export const arrange = async (places: Places, command: string): Promise<number | undefined> => {
  await clearArrangement(places);
  const step = stepNamed(command);
  const silences = step && 'silences' in step ? step.silences : undefined;
  if (silences === undefined) return arrangeIncident(places);
  const lab = await untilBegun(places, (now) => (step!.isActive?.(now) ? now : undefined));
  const startedAt = lab?.exporter?.startedAt ?? Date.now() / 1_000;
  for (const { matchers, comment, untilSeconds = longestSeconds } of silences) {
    const times = { startsAt: startedAt, endsAt: startedAt + untilSeconds };
    await putSilence(places, { matchers: [...matchers], createdBy: planner, comment, ...times });
  }
  return undefined;
};

const arrangeIncident = async (places: Places): Promise<number | undefined> => {
  const happenings = (await untilBegun(places, runningIn))?.happenings ?? [];
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

/** What was just started, as it is seen in the lab; an exporter that has just begun may not answer yet. */
const untilBegun = async <Seen>(places: Places, seen: (lab: Lab) => Seen | undefined): Promise<Seen | undefined> => {
  const deadline = Date.now() + 1_000 * patienceSeconds;
  for (;;) {
    try {
      const found = seen(await observe(places));
      if (found !== undefined || Date.now() > deadline) return found;
    } catch (error) {
      if (!(error instanceof ServiceError) || Date.now() > deadline) throw error;
    }
    await sleep(200);
  }
};
