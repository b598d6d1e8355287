import { duration } from '../model/format.ts';
import type { Lab } from '../model/lab.ts';
import { job, requests, scrapeDuration, targetUp } from '../model/metrics.ts';
import type { Api, ServiceAnswer } from '../model/reader.ts';
import { rate } from '../promql/extrapolation.ts';
import type { Sample, Series } from '../promql/sample.ts';
import type { Counting } from './fleet.ts';
import { only } from './samples.ts';
import { scrapesIn } from './scrape.ts';

/** The counters of a fleet, and their sum, as a service has them and by hand. */

/** The one instant at which everything is asked, unix seconds, and the window before it. */
export type Window = { at: number; windowSeconds: number };

/** Everything is asked at an instant that lies so far back: what was scraped until then is stored. */
export const backSeconds = 5;

/** An instant in whole milliseconds, as Prometheus takes it. */
export const instant = (at: number): number => Math.floor(at * 1000) / 1000;

/** The newest window whose samples are stored, long enough for two of each instance. */
export const newestWindow = ({ now, scrapeSeconds }: Pick<Lab, 'now' | 'scrapeSeconds'>): Window => ({
  at: instant(now - backSeconds),
  windowSeconds: Math.max(30, Math.ceil(3 * scrapeSeconds)),
});

export const counters = `${requests}{job="${job}"}`;

/** The sum that everybody wants of a fleet. */
export const globalRate = ({ windowSeconds }: Pick<Window, 'windowSeconds'>): string =>
  `sum(rate(${counters}[${duration(windowSeconds)}]))`;

/** The raw samples of a window, as a query. */
export const rawCounters = ({ windowSeconds }: Pick<Window, 'windowSeconds'>): string =>
  `${counters}[${duration(windowSeconds)}]`;

/** sum(rate(…)) by hand: Prometheus' own rate of each series, added up; requests per second. */
export const summedRate = (series: readonly Pick<Series, 'samples'>[], { at, windowSeconds }: Window): number =>
  series.reduce((sum, { samples }) => sum + (rate(samples, at, windowSeconds) ?? 0), 0);

/** What one Prometheus has stored of the fleet in a window. */
export type Stored = { counters: Series[]; durations: Series[]; ups: Series[] };

/** @returns undefined where the Prometheus does not answer */
export const storedIn = async (api: Api, { at, windowSeconds }: Window): Promise<Stored | undefined> => {
  if ((await api.answer('status/buildinfo')) === undefined) return undefined;
  const names = [requests, scrapeDuration, targetUp];
  const series = await api.samples(`{__name__=~"${names.join('|')}",job="${job}"}`, windowSeconds, at);
  const of = (name: string) => series.filter(({ labels }) => labels.__name__ === name);
  return { counters: of(requests), durations: of(scrapeDuration), ups: of(targetUp) };
};

/** The samples of one instance, of the only series that it has. */
export const ofInstance = (series: readonly Series[], instance: string): Sample[] =>
  only(series.filter(({ labels }) => labels.instance === instance));

/** An instance's counter and scrapes, as one Prometheus has stored them; nothing where it has none. */
export const countingOf = (instance: string, stored: Stored | undefined): Counting => ({
  instance,
  requests: ofInstance(stored?.counters ?? [], instance),
  scrapeAt: scrapesIn(ofInstance(stored?.durations ?? [], instance)),
});

/** One line for each sample of a series: time and value, after what tells the series from others. */
export const linesOf = (series: readonly Series[], ...names: readonly string[]): string[] =>
  series.flatMap(({ labels, samples }) =>
    samples.map(([at, value]) => `${names.map((name) => labels[name]).join(' ')} ${at} ${value}`),
  );

/** The series of an answer to a query; none where it is no such answer. */
export const seriesIn = ({ code, data }: Pick<ServiceAnswer, 'code' | 'data'>): Series[] => {
  const { result = [] } = (code === 200 ? data : {}) as { result?: Result[] };
  return result.map(({ metric, value, values = value ? [value] : [] }) => ({
    labels: metric,
    samples: values.map(([at, text]) => [at, Number(text)] as const),
  }));
};

type Pair = readonly [at: number, text: string];
type Result = { metric: Record<string, string>; value?: Pair; values?: readonly Pair[] };
