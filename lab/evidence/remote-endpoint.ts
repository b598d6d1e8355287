import type { Lab } from '../model/lab.ts';
import type { Api, Reader } from '../model/reader.ts';
import type { Sample, Series } from '../promql/sample.ts';
import { type Absence, absencesOf, startsOf } from './outages.ts';
import {
  dropped,
  prometheusBegan,
  refused,
  retried,
  sentUpTo,
  startErrorSeconds,
  thanosBegan,
  thanosUp,
  waiting,
} from './remote-write.ts';
import { exporterSince, only } from './samples.ts';

/** Whether the lab's Prometheus scrapes a service of Thanos, and sends its samples to a remote endpoint. */
export const isSentTo = (service: string, { thanos = [], remoteWriteUrl }: Lab): boolean =>
  thanos.includes(service) && remoteWriteUrl !== undefined;

/** No more than this is read and compared. */
export const longestSeconds = 3_600;

/** Everything is asked at an instant so far back: what was scraped until then has been sent, unless it waits. */
export const backSeconds = 15;

/** @returns the one instant at which everything is asked, unix seconds */
export const askedAt = ({ now }: Lab): number => Math.floor((now - backSeconds) * 1000) / 1000;

/** What Prometheus has stored of its own sending to the store that is active; times are unix seconds. */
export type Sending = {
  /** since when samples are sent there, as far as they are compared; undefined where none has been yet */
  since: number | undefined;
  /** when each Prometheus began that sent there, and the last scrape of itself that each has stored */
  starts: { at: number; lastSeen: number }[];
  refused: Sample[];
  dropped: Series[];
  retried: Sample[];
  waiting: Sample[];
  sentUpTo: Sample[];
};

export const sendingOf = async (read: Reader, lab: Lab): Promise<Sending> => {
  const own = async (selector: string): Promise<Series[]> =>
    (await read.samples(selector, longestSeconds, lab.now)).filter(({ labels }) => labels.url === lab.remoteWriteUrl);
  const began = only(await read.samples(prometheusBegan, longestSeconds, lab.now));
  const sent = only(await own(sentUpTo));
  const first = sent.find(([at]) => at >= exporterSince(lab))?.[0];
  const begin = began.find(([at]) => at === first)?.[1];
  const ofThem = began.filter(([, value]) => value >= (begin ?? Number.POSITIVE_INFINITY));
  return {
    since: begin && Math.max(exporterSince(lab), begin + startErrorSeconds, askedAt(lab) - longestSeconds),
    starts: startsOf(ofThem).map((at) => ({ at, lastSeen: ofThem.findLast(([, value]) => value === at)![0] })),
    refused: only(await own(refused)),
    dropped: await own(dropped),
    retried: only(await own(retried)),
    waiting: only(await own(waiting)),
    sentUpTo: sent,
  };
};

/** When a service of Thanos was down since samples are sent, by Prometheus' scrapes of it. */
export const absencesIn = async (read: Reader, lab: Lab, service: string, since = lab.now): Promise<Absence[]> => {
  const [up, began] = await Promise.all(
    [thanosUp(service), thanosBegan(service)].map((selector) => read.samples(selector, longestSeconds, lab.now)),
  );
  return absencesOf(only(up!), only(began!)).filter(({ lastSeen }) => lastSeen >= since);
};

/** Whether the querier of the step that is on runs: a question that needs no store. */
export const querierRuns = async (querier: Api): Promise<boolean> =>
  (await querier.answer('query', { query: 'vector(1)' }))?.code === 200;

/** @returns undefined where no answer comes in time, as while a querier still calls a service that has just died */
export const inTime = async <Answer>(answer: Promise<Answer>): Promise<Answer | undefined> => {
  try {
    return await answer;
  } catch (error) {
    // A querier that waits for what is down is as good as none.
    if (['unreachable', 'slow'].includes((error as { kind?: string }).kind ?? '')) return undefined;
    throw error;
  }
};
