import type { Lab } from '../model/lab.ts';
import type { Precondition } from '../model/lesson.ts';
import type { Notification, Reader } from '../model/reader.ts';
import { hasDeparted } from './departed.ts';

/** What a step may need of the lab before it begins, or before it has begun. */
export type ConditionName = Precondition | 'departed';

type Condition = {
  holds: (read: Reader, lab: Lab) => boolean | Promise<boolean>;
  /** longer than this it is not waited for, at the intervals in force */
  limitSeconds: (lab: Pick<Lab, 'scrapeSeconds' | 'evaluationSeconds'>) => number;
  failure: string;
};

/** A Prometheus that has just started first has to load its data and find its targets. */
const startSeconds = 30;

export const conditions: Record<ConditionName, Condition> = {
  scraped: {
    holds: (_, { target }) => target?.health === 'up',
    // One scrape may fail.
    limitSeconds: ({ scrapeSeconds }) => startSeconds + 2 * scrapeSeconds,
    failure: 'Prometheus did not scrape the exporter',
  },
  quiet: {
    holds: async (read) => !(await read.notifications())?.some(isUnresolved),
    // A random CPU can be over the threshold at several scrapes in a row.
    limitSeconds: ({ scrapeSeconds, evaluationSeconds }) => startSeconds + 5 * (scrapeSeconds + evaluationSeconds),
    failure: 'an earlier alert did not resolve',
  },
  departed: {
    holds: (read, { exporter }) => hasDeparted(read, exporter),
    // A target that is no longer named is marked 2.1 intervals later.
    limitSeconds: ({ scrapeSeconds }) => startSeconds + 4 * scrapeSeconds,
    failure: 'Prometheus did not let go of the fleet that has left',
  },
};

/** The newest word on its alert is that it fires; the inbox has the newest first. */
const isUnresolved = ({ alertname, status }: Notification, index: number, inbox: Notification[]): boolean =>
  status === 'firing' && inbox.findIndex((other) => other.alertname === alertname) === index;

type Means = {
  read: Reader;
  observe: () => Promise<Lab>;
  pause: (seconds: number) => Promise<void>;
  clock: () => number;
};

/**
 * Waits until the lab meets a condition.
 * @returns what did not happen, and within which time; undefined where it did
 */
export const waitFor = async (
  name: ConditionName,
  { read, observe, pause, clock }: Means,
): Promise<string | undefined> => {
  const { holds, limitSeconds, failure } = conditions[name];
  const began = clock();
  for (;;) {
    const lab = await observe();
    if (await holds(read, lab)) return undefined;
    const limit = limitSeconds(lab);
    if (clock() - began > limit) return `${failure} within ${limit} s`;
    await pause(0.5);
  }
};
