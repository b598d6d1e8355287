import { alertsStoredFrom } from '../evidence/alerts.ts';
import { grouping } from '../model/alerts.ts';
import { clock as clockTime, seconds } from '../model/format.ts';
import type { Lab } from '../model/lab.ts';
import type { Precondition } from '../model/lesson.ts';
import type { Notification, Reader } from '../model/reader.ts';
import { lookbackSeconds } from '../promql/window.ts';
import { departedFrom } from './departed.ts';

/** What a step may need of the lab before it begins, or before it has begun. */
export type ConditionName = Precondition | 'departed';

/** What stands in the way, by its names where it has some; until when it may, where that ends by itself, unix seconds. */
type Missing = { names: string[]; until?: number };

type Condition = {
  /** undefined where nothing stands in the way */
  missing: (read: Reader, lab: Lab) => Missing | undefined | Promise<Missing | undefined>;
  /** longer than this it is not waited for, at the current intervals */
  limitSeconds: (lab: Pick<Lab, 'scrapeSeconds' | 'evaluationSeconds'>) => number;
  failure: string;
};

/** A Prometheus that has just started first has to load its data and find its targets. */
const startSeconds = 30;

/** The longest window that an alert of a lesson looks back over, whatever its target does now: ScrapesFail of 24. */
const alertWindowSeconds = 60;

export const conditions: Record<ConditionName, Condition> = {
  scraped: {
    missing: (_, { target }) =>
      target?.health === 'up' ? undefined : { names: target?.lastError ? [target.lastError] : [] },
    // One scrape may fail.
    limitSeconds: ({ scrapeSeconds }) => startSeconds + 2 * scrapeSeconds,
    failure: 'Prometheus did not scrape the exporter',
  },
  quiet: {
    missing: async (read, lab) => (lab.now < alertsStoredFrom(lab) ? { names: [] } : unresolvedAlerts(read, lab)),
    // A random CPU can be over the threshold at several scrapes in a row.
    limitSeconds: ({ scrapeSeconds, evaluationSeconds }) =>
      startSeconds + alertWindowSeconds + 5 * (scrapeSeconds + evaluationSeconds),
    failure: 'an earlier alert did not resolve',
  },
  departed: {
    missing: async (read, { exporter }) => someOf(await departedFrom(read, exporter)),
    // A target that is no longer named is marked 2.1 intervals later.
    limitSeconds: ({ scrapeSeconds }) => startSeconds + 4 * scrapeSeconds,
    failure: 'Prometheus did not let go of the fleet that has left',
  },
};

const someOf = (names: string[]): Missing | undefined => (names.length === 0 ? undefined : { names });

const lookBackSeconds = 3_600;

/** An alert that its rule keeps firing for longer is not waited for. */
const longestKeptSeconds = 300;

/** Alertmanager, its way to the inbox and a busy machine get so much for the notification of a resolution. */
const deliverySeconds = 15;

/**
 * The alerts that fire for this Prometheus, or have ended so recently that the inbox may still be notified. An alert
 * that somebody else has sent to Alertmanager is none of them, nor is one whose resolution a silence holds back. One
 * that fired under an earlier Prometheus may go on by what that one has stored, for as long as a query shows it. One that
 * its rule keeps firing for many minutes, as CacheDown of 25, is over, and no step waits for the notification of that.
 */
const unresolvedAlerts = async (
  read: Reader,
  { now, evaluationSeconds, prometheusStartedAt }: Lab,
): Promise<Missing | undefined> => {
  const inbox = (await read.notifications()) ?? [];
  const unresolved = inbox.filter(isUnresolved);
  if (unresolved.length === 0) return undefined;
  const stored = await read.samples('ALERTS{alertstate="firing"}', lookBackSeconds, now);
  const settledSeconds = 3 * evaluationSeconds + grouping.intervalSeconds + deliverySeconds;
  const recent = stored.filter(({ samples }) => now - (samples.at(-1)?.[0] ?? 0) <= settledSeconds);
  const shown = unresolved.flatMap((notification) => {
    const found = recent.find(({ labels }) => isAlert(labels, notification));
    return found === undefined ? [] : [{ notification, firstAt: found.samples[0]![0] }];
  });
  const kept = await Promise.all(shown.map(({ notification }) => isKeptFiring(read, notification, now)));
  const firing = shown.filter((_, index) => !kept[index]);
  if (firing.length === 0) return undefined;
  const isOfBefore = firing.some(({ firstAt }) => firstAt < prometheusStartedAt);
  return {
    names: firing.map(({ notification: { alertname, labels } }) =>
      labels.instance === undefined ? alertname : `${alertname} of ${labels.instance}`,
    ),
    ...(isOfBefore && { until: prometheusStartedAt + lookbackSeconds }),
  };
};

/** Whether its rule alone keeps an alert firing, for longer than a step may wait: its expression is no longer true. */
const isKeptFiring = async (read: Reader, { alertname, labels }: Notification, now: number): Promise<boolean> => {
  const rule = await read.alertRule(alertname);
  if (rule === undefined || rule.keepFiringSeconds <= longestKeptSeconds) return false;
  const active = await read.query(rule.query, now);
  return !active.some(({ labels: { __name__: _, ...own } }) =>
    Object.entries(own).every(([name, value]) => labels[name] === value),
  );
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
  say: (line: string) => void;
};

/**
 * Waits until the lab meets a condition. Says for how long where that is longer than it takes otherwise.
 * @returns what did not happen, within which time, and what stands in the way; undefined where it did
 */
export const waitFor = async (
  name: ConditionName,
  { read, observe, pause, clock, say }: Means,
): Promise<string | undefined> => {
  const { missing, limitSeconds, failure } = conditions[name];
  const began = clock();
  let isSaid = false;
  for (;;) {
    const lab = await observe();
    const found = await missing(read, lab);
    if (found === undefined) return undefined;
    const { names, until = began } = found;
    const limit = Math.max(0, until - began) + limitSeconds(lab);
    if (clock() - began > limit) {
      const named = names.length > 0 ? `: ${names.join(', ')}` : '';
      return `${failure} within ${Math.round(limit)} s${named}`;
    }
    if (!isSaid && until > clock()) {
      const left = seconds(Math.ceil(until - clock()));
      say(
        `${names.join(', ')} may fire until ${clockTime(until)}, ${left} from now, by what an earlier Prometheus has stored: waiting for that`,
      );
      isSaid = true;
    }
    await pause(0.5);
  }
};
