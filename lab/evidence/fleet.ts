import type { Member } from '../../exporter/src/truth.ts';
import type { Lab, Truth } from '../model/lab.ts';
import { requests, scrapeDuration, targetUp } from '../model/metrics.ts';
import type { Api, Reader } from '../model/reader.ts';
import type { Sample, Series } from '../promql/sample.ts';
import type { Window } from '../promql/window.ts';
import { answersNow } from './reachable.ts';
import { only } from './samples.ts';
import { type Scrape, scrapesIn } from './scrape.ts';

/** The instances of the exporter: what a Prometheus has stored of each, and beside it what really happened there. */

/** An instance of the fleet; the exporter that is always there has number 1. */
export type Instance = Member & { number: number };

/** Every instance that the exporter simulates; none where no exporter answers. */
export const instancesIn = ({ exporter }: Lab): Instance[] =>
  (exporter?.fleet ?? []).map((member, index) => ({ ...member, number: index + 1 }));

/** The label matchers of an instance. */
export const matchersOf = ({ job, instance }: { job: string; instance: string }): string =>
  `job="${job}",instance="${instance}"`;

/** What one Prometheus has stored of one instance in a window. */
export type Target = Pick<Instance, 'instance' | 'job' | 'number'> & {
  /** of the metrics that were asked for, each sample in the order of time */
  series: Series[];
  /** samples of `requests_total`; none where that was not asked for */
  requests: Sample[];
  /** samples of `up`: one for each scrape */
  up: Sample[];
  scrapeAt: (at: number) => Scrape;
  /** of the window that is measured, once that is known */
  truth?: Truth;
};

const ofScrapes: readonly string[] = [targetUp, scrapeDuration];

/** The series that are read: of these jobs, or of whatever job, as what rules have recorded of several has none. */
type Selection = { metrics: readonly string[]; jobs?: readonly string[] };

/**
 * Reads the raw samples of some metrics, and with them those that say when each target was scraped, and how long that took.
 * @param api  whatever speaks Prometheus' API: the lab's own, a shard, a querier
 */
export const storedSeries = (
  api: Pick<Api, 'samples'>,
  { metrics, jobs }: Selection,
  { at, windowSeconds }: Window,
): Promise<Series[]> => {
  const ofJobs = jobs === undefined ? '' : `,job=~"${jobs.join('|')}"`;
  return api.samples(`{__name__=~"${[...metrics, ...ofScrapes].join('|')}"${ofJobs}}`, windowSeconds, at);
};

/**
 * The same of a service by its address, such as `shard-a:9090`.
 * @returns undefined where it does not answer
 */
export const storedAt = async (
  read: Pick<Reader, 'at'>,
  address: string,
  selection: Selection,
  window: Window,
): Promise<Series[] | undefined> =>
  (await answersNow(read, address)) ? storedSeries(read.at(address), selection, window) : undefined;

/** The series of one metric, and of one instance where that is named. */
export const seriesOf = (series: readonly Series[], metric: string, instance?: string): Series[] =>
  series.filter(({ labels }) => labels.__name__ === metric && (instance === undefined || labels.instance === instance));

/** Each of these instances, with what is stored of it; without samples where nothing is. */
export const targetsIn = (
  stored: readonly Series[],
  instances: readonly Pick<Instance, 'instance' | 'job' | 'number'>[],
): Target[] =>
  instances.map(({ instance, job, number }) => {
    const own = stored.filter(({ labels }) => labels.job === job && labels.instance === instance);
    return {
      instance,
      job,
      number,
      series: own.filter(({ labels }) => !ofScrapes.includes(labels.__name__!)),
      requests: only(seriesOf(own, requests)),
      up: only(seriesOf(own, targetUp)),
      scrapeAt: scrapesIn(only(seriesOf(own, scrapeDuration))),
    };
  });

/**
 * What really happened at these instances, from one instant to another and as much longer as a scrape takes.
 * @returns the same, each with its truth
 */
export const withTruth = <One extends Pick<Instance, 'number'>>(
  targets: readonly One[],
  read: Pick<Reader, 'truth'>,
  lab: Pick<Lab, 'now' | 'scrapeSeconds'>,
  from: number,
  to: number,
): Promise<(One & { truth: Truth })[]> =>
  Promise.all(
    targets.map(async (target) => {
      const until = Math.min(lab.now, to + lab.scrapeSeconds) + 1;
      return { ...target, truth: await read.truth(from - 1, until, { instance: target.number }) };
    }),
  );
