import type { Routing } from '../alertmanager/routing.ts';
import type { Lab } from '../model/lab.ts';
import type { Plan } from '../model/plan.ts';
import { baseRouting } from './inbox.ts';
import type { Course, Life } from './lab.ts';

/** An exporter that is started anew takes so long. */
export const startingSeconds = 1;

const historySeconds = 3_600;

/** A silence that ends with its step ends later than anything that is simulated. */
const asLongAsItIsOn = 86_400;

/** What an experiment adds stands before what the base has. */
const routesWith = ({ routes, inhibitRules }: NonNullable<Plan['alertmanager']>): Omit<Routing, 'base'> => ({
  routes: [...routes, ...baseRouting.routes],
  inhibitRules: [...inhibitRules, ...baseRouting.inhibitRules],
});

/** When a base lab that has an hour of history begins, and when it is changed; unix seconds. */
export type Around = {
  start: number;
  changed: number;
  /** what is set for the exporter before the change and after it */
  environment?: Readonly<Record<string, string>>;
  /** how often Prometheus scraped before the change, where that starts it anew */
  earlierSeconds?: number;
};

/** How Alertmanager routes what a lesson's rules fire, and what is silenced. @param from  when the exporter begins */
export const alertmanagerOf = (
  { alertmanager, silences = [] }: { [Part in 'alertmanager' | 'silences']?: Plan[Part] | undefined },
  from: number,
): Pick<Course, 'routing' | 'silences'> => ({
  ...(alertmanager && { routing: { base: baseRouting.base, ...routesWith(alertmanager) } }),
  silences: silences.map(({ matchers, comment, untilSeconds = asLongAsItIsOn }) => ({
    matchers,
    comment,
    createdBy: 'the step',
    startsAt: from,
    endsAt: from + untilSeconds,
  })),
});

/** What the lab goes through around a lesson's change. @param parts  how Prometheus scrapes it */
export const courseAround = (
  { stops, environment, refusedWith, rules, alertmanager, silences }: Plan,
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
    ...alertmanagerOf({ alertmanager, silences }, next.from),
    ...parts,
  };
};

/** What the lab's APIs say beside what is simulated. */
export const reportedBy = ({ refusedWith, lab: beside }: Plan, lab: Lab): Lab => ({
  ...lab,
  ...beside,
  target: lab.target && { ...lab.target, ...(refusedWith && { lastError: refusedWith }) },
});
