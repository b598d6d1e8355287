import type { JobName } from '../../exporter/src/instance.ts';
import type { Instance } from '../../lab/evidence/fleet.ts';
import type { Series } from '../../lab/promql/sample.ts';

export const connections = 'open_connections';
export const debug = 'debug_cache_entries';
export const database = 'database_up';

/** The jobs that the lesson is about: the first relabels nothing, each of the others in a way of its own. */
export const jobs = [
  'my_app',
  'my_app_labeldrop',
  'my_app_wrong_stage',
  'my_app_unanchored',
  'my_app_drop',
  'my_app_two_keeps',
  'my_app_labelmap',
  'my_app_honor_labels',
] as const satisfies readonly JobName[];
export type Job = (typeof jobs)[number];

/** What the target of `my_app_labelmap` is called in the end: its pod has a label `job` of this value. */
export const mappedJob = 'shop';
export const storedJob = (job: Job): string => (job === 'my_app_labelmap' ? mappedJob : job);

/** Not what Prometheus itself writes of each scrape, nor what rules record. */
const others = 'up|scrape_.*|.*:.*';
export const ofPage = (job: Job): string => `{job="${storedJob(job)}",__name__!~"${others}"}`;
const isOther = new RegExp(`^(${others}|ALERTS.*)$`);

/** One scrape that was answered: what Prometheus says of it, and each series of its page that is stored. */
export type Scrape = {
  instance: string;
  at: number;
  up: number;
  scraped: number;
  kept: number;
  stored: { labels: Readonly<Record<string, string>>; value: number }[];
};

/** The connections of one metric in a scrape. */
export const of = ({ stored }: Scrape, name: string): Scrape['stored'] =>
  stored.filter(({ labels }) => labels.__name__ === name);

/**
 * The scrapes of an instance that were answered, in their order.
 * @param series  raw samples of all jobs
 * @param page    a label `instance` that the page itself has
 */
export const scrapesOf = (
  { instance, job }: Pick<Instance, 'instance'> & { job: Job },
  series: readonly Series[],
  page: string,
): Scrape[] => {
  const own = series.filter(
    ({ labels }) =>
      [job, storedJob(job)].includes(labels.job!) && (labels.instance === instance || labels.instance === page),
  );
  const valuesAt = new Map<number, Scrape['stored']>();
  for (const { labels, samples } of own)
    for (const [at, value] of samples) valuesAt.set(at, [...(valuesAt.get(at) ?? []), { labels, value }]);
  return [...valuesAt]
    .sort(([one], [other]) => one - other)
    .flatMap(([at, values]) => {
      const said = (name: string) => values.find(({ labels }) => labels.__name__ === name)?.value;
      const [up, scraped, kept] = [
        said('up'),
        said('scrape_samples_scraped'),
        said('scrape_samples_post_metric_relabeling'),
      ];
      if (!up || scraped === undefined || kept === undefined) return [];
      const stored = values.filter(({ labels }) => !isOther.test(labels.__name__!));
      return [{ instance, at, up, scraped, kept, stored }];
    });
};
