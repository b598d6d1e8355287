import { grouping } from '../model/alerts.ts';
import { seenAt } from './evaluate.ts';
import type { Page } from './pages.ts';
import {
  avoidable,
  evaluationSeconds,
  isDuring,
  type Scenario,
  type Shift,
  type ShiftEvent,
  savedBy,
  scrapeSeconds,
} from './shift.ts';

/** Why a page saved nothing. */
export const uselessKinds = ['false', 'not worth a page', 'too late', 'repeat'] as const;
export type UselessKind = (typeof uselessKinds)[number];

/** A page beside what happened. */
export type JudgedPage = {
  page: Page;
  kind: 'useful' | UselessKind;
  /** what was under way; of several the shortest */
  event?: ShiftEvent;
};

/** What could be avoided of an event, and what the pages did avoid. */
export type JudgedIncident = {
  event: ShiftEvent;
  avoidable: number;
  saved: number;
  isWorth: boolean;
  /** seconds from its begin to its useful page */
  detectedAfter?: number;
};

export type ShiftScore = {
  seed: number;
  pages: readonly JudgedPage[];
  /** those of which something could be avoided */
  incidents: readonly JudgedIncident[];
};

/** So much later than what it is about an alert may become active: a scrape and an evaluation. */
const lateSeconds = scrapeSeconds + evaluationSeconds;

/** An alert is about an event unless a label of both says otherwise. */
const isAbout = (page: Page, { labels }: ShiftEvent): boolean =>
  page.alerts.some((alert) => Object.entries(labels).every(([name, value]) => (alert.labels[name] ?? value) === value));

/** Whether an alert of the page became active because of it, as far as time says. */
const begunBy = (page: Page, { from, until }: ShiftEvent): boolean =>
  page.alerts.some(({ activeAt }) => isDuring({ from, until: until + lateSeconds }, activeAt));

const shortest = (events: readonly ShiftEvent[]): ShiftEvent | undefined =>
  [...events].sort((one, other) => one.until - one.from - (other.until - other.from))[0];

/** Holds pages against what happened in the shift. */
export const judged = ({ worth }: Pick<Scenario, 'worth'>, shift: Shift, pages: readonly Page[]): ShiftScore => {
  const usefulAt = new Map<ShiftEvent, number>();
  const judgedPages = pages.map((page): JudgedPage => {
    const about = shift.events.filter((event) => isAbout(page, event));
    const helped = about.filter((event) => !usefulAt.has(event) && savedBy(event, page.at) >= worth);
    for (const event of helped) usefulAt.set(event, page.at);
    if (helped.length > 0) return { page, kind: 'useful', event: helped[0]! };
    const event = shortest(about.filter((each) => begunBy(page, each)));
    if (event === undefined) return { page, kind: 'false' };
    if (avoidable(event) < worth) return { page, kind: 'not worth a page', event };
    return { page, kind: usefulAt.has(event) ? 'repeat' : 'too late', event };
  });
  const incidents = shift.events
    .map((event): JudgedIncident => {
      const at = usefulAt.get(event);
      return {
        event,
        avoidable: avoidable(event),
        saved: Math.max(0, ...pages.filter((page) => isAbout(page, event)).map((page) => savedBy(event, page.at))),
        isWorth: avoidable(event) >= worth,
        ...(at !== undefined && { detectedAfter: at - event.from }),
      };
    })
    .filter((each) => each.avoidable > 0);
  return { seed: shift.seed, pages: judgedPages, incidents };
};

/** The figures of many shifts. */
export type Score = {
  /** the share of what could be avoided that the pages did avoid, 0 to 1 */
  saved: number;
  pages: number;
  useful: number;
  useless: Readonly<Record<UselessKind, number>>;
  /** incidents that deserve a page, and those of them without a useful one */
  incidents: number;
  missed: number;
  /** seconds from the begin of an incident to its useful page; undefined without any */
  detect?: { median: number; worst: number };
};

/** @returns the figures of all of these shifts together */
export const scoreOf = (shifts: readonly ShiftScore[]): Score => {
  const pages = shifts.flatMap((shift) => shift.pages);
  const incidents = shifts.flatMap((shift) => shift.incidents);
  const total = (figure: (incident: JudgedIncident) => number) =>
    incidents.reduce((sum, incident) => sum + figure(incident), 0);
  const count = (kind: JudgedPage['kind']) => pages.filter((page) => page.kind === kind).length;
  const detected = incidents.flatMap(({ detectedAfter }) => detectedAfter ?? []).sort((one, other) => one - other);
  const worth = incidents.filter(({ isWorth }) => isWorth);
  return {
    saved: total(({ saved }) => saved) / total((incident) => incident.avoidable),
    pages: pages.length,
    useful: count('useful'),
    useless: Object.fromEntries(uselessKinds.map((kind) => [kind, count(kind)])) as Record<UselessKind, number>,
    incidents: worth.length,
    missed: worth.filter(({ detectedAfter }) => detectedAfter === undefined).length,
    ...(detected.length > 0 && {
      detect: { median: detected[Math.floor((detected.length - 1) / 2)]!, worst: detected.at(-1)! },
    }),
  };
};

export const uselessIn = ({ useless }: Pick<Score, 'useless'>): number =>
  Object.values(useless).reduce((sum, each) => sum + each, 0);

/**
 * Whether one rule is better than another: it saves as much with no more useless pages, and is better in one of both.
 */
export const beats = (one: Score, other: Score): boolean => {
  const [saved, useless] = [one.saved - other.saved, uselessIn(other) - uselessIn(one)];
  return saved >= 0 && useless >= 0 && (saved > 0 || useless > 0);
};

/**
 * The first second at which a page can go out: what begins is seen by the next scrape, and that by the next evaluation.
 */
export const firstPageAt = ({ from }: Pick<ShiftEvent, 'from'>): number =>
  seenAt(Math.ceil(from / scrapeSeconds) * scrapeSeconds) + grouping.waitSeconds;

/**
 * The most that any rule can save: a page for each incident that deserves one, at the first second that scrapes and
 * evaluations allow, and no other. Only who knows what is about to come would page so: at its first second a blip looks
 * like a burn.
 */
export const best = (scenario: Pick<Scenario, 'worth'>, shifts: readonly Shift[]): number => {
  const events = shifts.flatMap((shift) => shift.events);
  const all = events.reduce((sum, event) => sum + avoidable(event), 0);
  const saved = events
    .filter((event) => avoidable(event) >= scenario.worth)
    .reduce((sum, event) => sum + savedBy(event, firstPageAt(event)), 0);
  return saved / all;
};
