import type { Lab } from '../model/lab.ts';
import type { Plan } from '../model/plan.ts';
import type { Course, Life } from './lab.ts';

/** An exporter that is started anew takes so long. */
export const startingSeconds = 1;

const historySeconds = 3_600;

/** When a base lab that has an hour of history begins, and when it is changed; unix seconds. */
export type Around = {
  start: number;
  changed: number;
  /** what is set for the exporter before the change and after it */
  environment?: Readonly<Record<string, string>>;
  /** how often Prometheus scraped before the change, where that starts it anew */
  earlierSeconds?: number;
};

/** What the lab goes through around a lesson's change. @param parts  how Prometheus scrapes it */
export const courseAround = (
  { stops, environment, refusedWith, rules }: Plan,
  { start, changed, environment: always, earlierSeconds }: Around,
  parts: Pick<Course, 'scrapeSeconds' | 'phaseSeconds'> & Partial<Course>,
): Course => {
  const base: Life = { from: start - 10, ...(always && { environment: always }) };
  const isNew = stops || environment !== undefined;
  const next: Life = { from: changed + startingSeconds, environment: { ...always, ...environment } };
  const before = refusedWith === undefined ? earlierSeconds : (earlierSeconds ?? parts.scrapeSeconds);
  return {
    lives: isNew ? [{ ...base, to: changed }, ...(stops ? [] : [next])] : [base],
    historyFrom: start - historySeconds,
    prometheusStartedAt: before === undefined ? start : changed,
    ...(before !== undefined && { earlier: { from: start, scrapeSeconds: before } }),
    ...(refusedWith !== undefined && { refusedFrom: changed }),
    ...(rules && { rules }),
    ...parts,
  };
};

/** What the lab's APIs say beside what is simulated. */
export const reportedBy = ({ refusedWith, lab: beside }: Plan, lab: Lab): Lab => ({
  ...lab,
  ...beside,
  target: lab.target && { ...lab.target, ...(refusedWith && { lastError: refusedWith }) },
});
