import { alertsStoredFrom } from '../evidence/alerts.ts';
import { grouping } from '../model/alerts.ts';
import type { Lab } from '../model/lab.ts';
import type { Precondition } from '../model/lesson.ts';
import type { Notification, Reader } from '../model/reader.ts';
import { departedFrom } from './departed.ts';

/** What a step may need of the lab before it begins, or before it has begun. */
export type ConditionName = Precondition | 'departed';

type Condition = {
  /** what stands in the way, by its names where it has some; undefined where nothing does */
  missing: (read: Reader, lab: Lab) => string[] | undefined | Promise<string[] | undefined>;
  /** longer than this it is not waited for, at the current intervals */
  limitSeconds: (lab: Pick<Lab, 'scrapeSeconds' | 'evaluationSeconds'>) => number;
  failure: string;
};

/** A Prometheus that has just started first has to load its data and find its targets. */
const startSeconds = 30;

export const conditions: Record<ConditionName, Condition> = {
  scraped: {
    missing: (_, { target }) => (target?.health === 'up' ? undefined : target?.lastError ? [target.lastError] : []),
    // One scrape may fail.
    limitSeconds: ({ scrapeSeconds }) => startSeconds + 2 * scrapeSeconds,
    failure: 'Prometheus did not scrape the exporter',
  },
  quiet: {
    missing: async (read, lab) => (lab.now < alertsStoredFrom(lab) ? [] : someOf(await unresolvedAlerts(read, lab))),
    // A random CPU can be over the threshold at several scrapes in a row.
    limitSeconds: ({ scrapeSeconds, evaluationSeconds }) => startSeconds + 5 * (scrapeSeconds + evaluationSeconds),
    failure: 'an earlier alert did not resolve',
  },
  departed: {
    missing: async (read, { exporter }) => someOf(await departedFrom(read, exporter)),
    // A target that is no longer named is marked 2.1 intervals later.
    limitSeconds: ({ scrapeSeconds }) => startSeconds + 4 * scrapeSeconds,
    failure: 'Prometheus did not let go of the fleet that has left',
  },
};

const someOf = (names: string[]): string[] | undefined => (names.length === 0 ? undefined : names);

const lookBackSeconds = 3_600;

/** Alertmanager, its way to the inbox and a busy machine get so much for the notification of a resolution. */
const deliverySeconds = 15;

/**
 * The alerts that fire for this Prometheus, or have ended so recently that the inbox may still be notified. An alert
 * that somebody else has sent to Alertmanager is none of them, nor is one whose resolution a silence holds back.
 */
const unresolvedAlerts = async (read: Reader, { now, evaluationSeconds }: Lab): Promise<string[]> => {
  const inbox = (await read.notifications()) ?? [];
  const unresolved = inbox.filter(isUnresolved);
  if (unresolved.length === 0) return [];
  const stored = await read.samples('ALERTS{alertstate="firing"}', lookBackSeconds, now);
  const settledSeconds = 3 * evaluationSeconds + grouping.intervalSeconds + deliverySeconds;
  const recent = stored.filter(({ samples }) => now - (samples.at(-1)?.[0] ?? 0) <= settledSeconds);
  return unresolved
    .filter((notification) => recent.some(({ labels }) => isAlert(labels, notification)))
    .map(({ alertname, labels: { instance } }) => (instance === undefined ? alertname : `${alertname} of ${instance}`));
};

/** The newest word on its alert is that it fires; the inbox has the newest first. */
const isUnresolved = (notification: Notification, index: number, inbox: Notification[]): boolean =>
  notification.status === 'firing' &&
  inbox.findIndex((other) => sameLabels(other.labels, notification.labels)) === index;

const sameLabels = (one: Record<string, string>, other: Record<string, string>): boolean =>
  Object.keys({ ...one, ...other }).every((name) => one[name] === other[name]);

/** @param stored  the labels of an ALERTS series: those of the alert, and its state */
const isAlert = (
  { __name__: _, alertstate: __, ...stored }: Record<string, string>,
  { labels }: Notification,
): boolean => sameLabels(stored, labels);

type Means = {
  read: Reader;
  observe: () => Promise<Lab>;
  pause: (seconds: number) => Promise<void>;
  clock: () => number;
};

/**
 * Waits until the lab meets a condition.
 * @returns what did not happen, within which time, and what stands in the way; undefined where it did
 */
export const waitFor = async (
  name: ConditionName,
  { read, observe, pause, clock }: Means,
): Promise<string | undefined> => {
  const { missing, limitSeconds, failure } = conditions[name];
  const began = clock();
  for (;;) {
    const lab = await observe();
    const names = await missing(read, lab);
    if (names === undefined) return undefined;
    const limit = limitSeconds(lab);
    if (clock() - began > limit)
      return `${failure} within ${limit} s${names.length > 0 ? `: ${names.join(', ')}` : ''}`;
    await pause(0.5);
  }
};
